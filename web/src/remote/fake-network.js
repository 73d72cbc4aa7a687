// For tests: a workspace over an engine that knows which images are where and
// whose parents they are.

import {Shelf} from '../edits/shelf.js';
import {EngineError} from '../engine/client.js';
import {Store} from '../engine/store.js';
import {Workspace} from '../workspace.js';
import {Reach} from './reach.js';
import {decodedSegment} from './remote-file.js';

/** @import {OpenFile} from '../engine/protocol.js' */

/** Images by the path of their address: the path of the parent, '' for a base; etag '1' where none is given. @typedef {Record<string, {parent: string, etag?: string, fails?: string}>} Images */

const base = 'https://vhd.example/';

/** @param {Images} images */
export function makeNetwork(images) {
  /** @type {[string, any][]} */
  const asked = [];
  /** @type {Map<number, OpenFile>} */
  const open = new Map();
  const pathIn = (/** @type {OpenFile['file']} */ file) => new URL('url' in file ? file.url : '', base).pathname.slice(1).split('/').map(decodedSegment).join('/');
  const forest = () => {
    const byPath = new Map([...open.values()].map(({key, file}) => [pathIn(file), key]));
    const parents = new Set([...byPath.keys()].map((path) => images[path]?.parent));
    return {
      files: [...open.values()].map(({key, name}) => ({key, name, kind: 'vhd', parentNames: []})),
      disks: [...byPath].filter(([path]) => !parents.has(path)).map(([leaf, id]) => {
        const layers = [];
        let at = leaf;
        while (byPath.has(at)) {
          layers.push({file: byPath.get(at), name: at});
          at = images[at]?.parent ?? '';
        }
        const child = layers.at(-1)?.file ?? 0;
        const missing = at === '' ? null : {child, reason: 'not-found', uuid: `uuid of ${at}`, names: [{origin: '', text: at}], refused: []};
        return {id, name: leaf, complete: !missing, layers, missing};
      }),
    };
  };
  const lacking = () => new Set(forest().disks.flatMap(({missing}) => missing?.names.map(({text}) => text) ?? []));
  const engine = Object.assign(new EventTarget(), {
    /** @param {string} command @param {any} value */
    async request(command, value) {
      asked.push([command, value]);
      if (command === 'open') for (const file of value.files) open.set(file.key, file);
      if (command === 'close') for (const key of value.files) open.delete(key);
      if (command === 'pin') {
        const image = images[pathIn(value.file)];
        if (!image || image.fails) throw EngineError.of(image?.fails ?? 'not-found', 'The engine says why.');
        return {size: 2048, etag: `"${image.etag ?? 1}"`, modified: 5};
      }
      return forest();
    },
  });
  /** Paths of images that were looked at. @type {string[]} */
  const looked = [];
  const store = new Store();
  const reach = new Reach({base, library: 'images', connect: [], single: false});
  const workspace = new Workspace(/** @type {any} */ (engine), store, /** @type {any} */ (undefined), /** @type {any} */ (undefined), new Shelf({}), async () => true, reach);
  workspace.seek = async (given, {onProgress}) => {
    const fresh = given.filter(({path}) => !looked.includes(path));
    looked.push(...fresh.map(({path}) => path));
    onProgress?.(fresh.length, fresh.length);
    /** @type {typeof given} */
    const files = [];
    for (let path of lacking()) {
      for (let found; (found = given.find((one) => pathIn(one.file) === path)); path = images[path]?.parent ?? '') files.push(found);
    }
    return {files, looked: fresh.length, bytes: 2048 * fresh.length, problems: []};
  };
  const file = (/** @type {string} */ path) => ({name: path, url: new URL(path, base).href, size: 2048, etag: '"1"', lastModified: 5, authorization: ''});
  return {workspace, store, remote: workspace.remote, asked, looked, images, file, notices: () => store.state.notices};
}
