// What src/offline/sw.js has around it: the types of a page and those of a
// service worker do not go together in one program.

/** The files of the site's program, but for what only says how to serve it: SHA-256 as for `integrity`, by URL relative to the scope. */
declare const FILES: Record<string, string>;
/** Of those files, and of the worker itself. */
declare const VERSION_HASH: string;

interface ExtendableEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Clients {
  claim(): Promise<void>;
  matchAll(options: {type: 'window'; includeUncontrolled: boolean}): Promise<{readonly url: string}[]>;
}

declare const registration: ServiceWorkerRegistration;
declare const clients: Clients;
declare function skipWaiting(): Promise<void>;
declare function addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
declare function addEventListener(type: 'message', listener: (event: ExtendableEvent & MessageEvent) => void): void;
declare function addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
