import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Stage} from './stage.js';

/** @import {Place} from './stage.js' */

/** A folder of the browser's private file system, as far as a stage uses one. */
class Folder {
  /** @type {Map<string, Folder>} */
  entries = new Map();

  /** @param {string} name */
  async getDirectoryHandle(name) {
    const found = this.entries.get(name);
    if (!found) throw new DOMException('none', 'NotFoundError');
    return found;
  }

  /** @param {string} name */
  async removeEntry(name) {
    if (!this.entries.delete(name)) throw new DOMException('none', 'NotFoundError');
  }

  async *keys() {
    yield* [...this.entries.keys()];
  }

  /** @param {string} path */
  add(path) {
    /** @type {Folder} */
    let at = this;
    for (const name of path.split('/')) {
      const next = at.entries.get(name) ?? new Folder();
      at.entries.set(name, next);
      at = next;
    }
  }

  /** @returns {string[]} the paths of what holds nothing */
  get paths() {
    return [...this.entries].flatMap(([name, folder]) => (folder.entries.size ? folder.paths.map((path) => `${name}/${path}`) : [name]));
  }
}

/** A browser: its locks are those of all its pages. */
function browser() {
  const root = new Folder();
  /** @type {Set<string>} */
  const held = new Set();
  const locks = {
    /** @param {string} name @param {any[]} rest */
    async request(name, ...rest) {
      const use = rest.pop();
      if (held.has(name)) return use(null);
      held.add(name);
      try {
        return await use({name});
      } finally {
        held.delete(name);
      }
    },
  };
  const place = /** @type {Place} */ (/** @type {unknown} */ ({storage: {getDirectory: async () => root}, locks}));
  return {root, held, place};
}

test('each new file has a path of its own, in the folder of its page', async () => {
  const {place} = browser();
  const [a, b] = [new Stage(place), new Stage(place)];
  const paths = [await a.newPath(), await a.newPath(), await b.newPath()];
  assert.equal(new Set(paths).size, 3);
  for (const path of paths) assert.match(path, /^staged\/[0-9a-f-]{36}\/\d+$/);
  const folders = paths.map((path) => path.split('/')[1]);
  assert.equal(folders[0], folders[1]);
  assert.notEqual(folders[0], folders[2]);
});

test('a sweep removes what pages left behind, and nothing of a page that is open', async () => {
  const {root, held, place} = browser();
  const open = await new Stage(place).newPath();
  const left = await new Stage(place).newPath();
  for (const path of [open, left]) root.add(path);
  held.delete(`vhdscope staged ${left.split('/')[1]}`); // that page was closed
  await new Stage(place).sweep();
  assert.deepEqual(root.paths, [open]);
});

test('a file is discarded alone, and one that is gone is no error', async () => {
  const {root, place} = browser();
  const stage = new Stage(place);
  const [one, two] = [await stage.newPath(), await stage.newPath()];
  for (const path of [one, two]) root.add(path);
  await stage.discard(one);
  await stage.discard(one);
  assert.deepEqual(root.paths, [two]);
  root.entries.clear();
  await stage.discard(two);
});

for (const [what, place] of /** @type {[string, object][]} */ ([
  ['is not secure', {}],
  ['has no private files', {storage: {getDirectory: async () => {
    throw new DOMException('no', 'SecurityError');
  }}, locks: browser().place.locks}],
])) {
  test(`a page that ${what} has no path to give and nothing to sweep`, async () => {
    const stage = new Stage(/** @type {Place} */ (place));
    assert.equal(await stage.newPath(), '');
    await stage.sweep();
  });
}
