// Where things lie, and where the built sites are served while tests run.

import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const at = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const folders = {
  repository: at('../../'),
  site: at('../../dist'),
  /** Real images by other people's tools: beside the repository, if at all. */
  images: at('../../../shared/images'),
  /** Built by prepare.js, kept by no one. */
  fixtures: at('../.cache/fixtures'),
  faultSite: at('../.cache/fault-site'),
  /** The Worker: its configuration, and what was built of it. */
  edge: at('../../wasm/edge'),
};

// Two ports in a row, chosen once a run and handed on to its workers: several
// runs on one machine do not get in each other's way.
process.env.VHDSCOPE_TEST_PORT ??= String(20_000 + 2 * Math.floor(Math.random() * 6_000));
const port = Number(process.env.VHDSCOPE_TEST_PORT);

/** The site as it ships. */
export const SITE = `http://127.0.0.1:${port}/`;

/** The whole page in one file, as a double click opens it. */
export const SINGLE = pathToFileURL(at('../../dist/vhdscope.html')).href;

/** The same page over an engine that can be told to crash. */
export const FAULT_SITE = `http://127.0.0.1:${port + 1}/`;
