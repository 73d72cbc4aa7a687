// What the bundler provides: see build.mjs.

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
  export const licences: import('../licences.mjs').Licence[];
}

/** Names of built files, relative to the bundle, and what build this is. */
declare const WORKER_FILE: string;
declare const VIEWER_FILE: string;
declare const JOBS_FILE: string;
declare const VOLUMES_FILE: string;
declare const VERSION: string;
declare const COMMIT: string;

/** Go's side of the wasm boundary, from wasm_exec.js. */
declare class Go {
  importObject: WebAssembly.Imports;
  exit: (code: number) => void;
  /** The program's memory as it is now. */
  mem: DataView;
  run(instance: WebAssembly.Instance): Promise<void>;
}
