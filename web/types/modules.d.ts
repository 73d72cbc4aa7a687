// What a build provides: see build/provided.mjs and build/build.mjs.

declare module '*.svg' {
  const text: string;
  export default text;
}

declare module 'vhdscope:wasm_exec';

declare module 'vhdscope:sample' {
  /** The files of the built-in sample, each gzipped. */
  export const files: {name: string; gzip: Uint8Array<ArrayBuffer>}[];
}

declare module 'vhdscope:licences' {
  export const licences: import('../build/licences.mjs').Licence[];
}

declare module 'vhdscope:loading' {
  /** Starts src/worker.js in a worker of that name. */
  export function createWorker(name: string): Worker;
  /** Compiles a program; asked again, it does so again. */
  export function compile(program: ProgramName): Promise<WebAssembly.Module>;
  /** How the browser keeps the program; undefined where it does not have to. */
  export const keeping: Keeping | undefined;
}

interface Keeping {
  /** The URL of a script that is of this version of the page alone. */
  script: string;
  /** Gives undefined where the browser keeps nothing, or should not. */
  register(): Promise<ServiceWorkerRegistration | undefined>;
}

type ProgramName = 'viewer' | 'jobs' | 'volumes';

/** Names of built files, relative to the bundle; only on the site. */
declare const WORKER_FILE: string;
declare const PROGRAM_FILES: Record<ProgramName, string>;

/** The script of the worker; only in the one file. */
declare const WORKER_SOURCE: string;

/** What build this is. */
declare const VERSION: string;
declare const COMMIT: string;
/** Where the image library is that the site is served with, relative to the page; '' for none. */
declare const LIBRARY: string;
/** Origins besides its own that the page may read from. */
declare const CONNECT: string[];
/** Whether all of the page is one file, which reads from no network. */
declare const SINGLE: boolean;

/** Go's side of the wasm boundary, from wasm_exec.js. */
declare class Go {
  importObject: WebAssembly.Imports;
  exit: (code: number) => void;
  /** The program's memory as it is now. */
  mem: DataView;
  run(instance: WebAssembly.Instance): Promise<void>;
}
