// Whose work is in the bundle and in the wasm, with the words of each
// licence, as those licences ask for.

import {execFileSync} from 'node:child_process';
import {readFile, readdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** @typedef {{name: string, version: string, licence: string, text: string}} Licence */

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(web);

/**
 * @param {Iterable<string>} inputs the files that were bundled, relative to this folder
 * @returns {Promise<Licence[]>} one for each npm package among them, and each Go module of the programs
 */
export async function collectLicences(inputs) {
  const packages = new Set([...inputs].flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []));
  const found = await Promise.all([...[...packages].map(npmLicence), ...goModules().map(goLicence)]);
  const key = (/** @type {Licence} */ {name}) => name.toLowerCase();
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1)); // in the same order wherever it is built
}

/**
 * @param {string} name
 * @returns {Promise<Licence>}
 */
async function npmLicence(name) {
  const folder = join(web, 'node_modules', name);
  const {version, license} = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return {name, version, licence: license, text: await licenceText(folder)};
}

/** @returns {{name: string, version: string, folder: string}[]} Go itself, and the modules that the programs are built from */
function goModules() {
  const go = (/** @type {string[]} */ ...args) => execFileSync('go', args, {
    cwd: root, encoding: 'utf8', env: {...process.env, GOOS: 'js', GOARCH: 'wasm'},
  });
  // A module replaced by a folder of this repository is nobody else's work.
  const listed = go('list', '-deps', '-f', '{{with .Module}}{{if not (or .Main .Replace)}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}', './wasm/viewer', './wasm/jobs', './wasm/volumes');
  const modules = [...new Set(listed.split('\n').filter(Boolean))].map((line) => {
    const [name = '', version = '', folder = ''] = line.split('\t');
    return {name, version, folder};
  });
  const [version = '', folder = ''] = go('env', 'GOVERSION', 'GOROOT').trim().split('\n');
  return [{name: 'Go', version: version.replace(/^go/, ''), folder}, ...modules];
}

/** Licences by their words. @type {[string, RegExp][]} */
const marks = [
  ['Apache-2.0', /Apache License\s+Version 2\.0/],
  ['BSD-3-Clause', /Redistribution and use in source[^]*Neither the name/],
  ['BSD-2-Clause', /Redistribution and use in source(?![^]*Neither the name)/],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software/],
  ['MIT', /Permission is hereby granted/],
  ['CC0-1.0', /CC0 1\.0 Universal/],
];

/**
 * @param {{name: string, version: string, folder: string}} module
 * @returns {Promise<Licence>}
 */
async function goLicence({name, version, folder}) {
  const text = await licenceText(folder);
  const licence = marks.filter(([, mark]) => mark.test(text)).map(([known]) => known).join(' AND ');
  if (licence === '') throw new Error(`the licence of ${name} is none that is known here`);
  return {name, version, licence, text};
}

/** @param {string} folder */
async function licenceText(folder) {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  if (names.length === 0) throw new Error(`${folder} holds no licence`);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n\n').trim();
}
