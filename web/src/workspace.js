// What a person can do with files: open, close, choose a parent, go
// somewhere. The workspace asks the engine and writes the store; views call
// it and draw what the store then says.

import {Comparisons} from './changes/comparisons.js';
import {Editing} from './edits/editing.js';
import {EngineError} from './engine/client.js';
import {seek} from './engine/seek.js';
import {chosenDisk, fileOf, otherFiles} from './engine/store.js';
import {Checks} from './jobs/checks.js';
import {Files} from './files/files.js';
import {Desk} from './jobs/desk.js';
import {safeName, savedName} from './jobs/names.js';
import {asSentence, formatCount, messageOf} from './format.js';
import {lookAtForest, lookAtLayer} from './looking.js';
import {Finding} from './search/finding.js';
import {Tracing} from './tracing/tracing.js';
import {leaveOutKnown, namedLikeImage, takeLikely} from './opening/filter.js';
import {list, tellOpened, tellRefused} from './opening/outcome.js';
import {Recents} from './recents/recents.js';
import {Remote} from './remote/remote.js';

/** @import {Engine} from './engine/client.js' */
/** @import {RequestOptions} from './engine/channel.js' */
/** @import {ChooseRequest, Forest, OpenFile, Problem} from './engine/protocol.js' */
/** @import {Question} from './edits/editing.js' */
/** @import {Shelf} from './edits/shelf.js' */
/** @import {Jobs} from './engine/jobs.js' */
/** @import {Edits, EditRequest} from './engine/jobs-protocol.js' */
/** @import {EditsInfo, Notice, Store, Tab} from './engine/store.js' */
/** @import {Volume} from './engine/volume.js' */
/** @import {Volumes} from './engine/volumes.js' */
/** @import {Collected} from './opening/collect.js' */
/** @import {GivenFile} from './opening/filter.js' */
/** @import {Reach} from './remote/reach.js' */
/** @import {RemoteFile} from './remote/remote-file.js' */

export class Workspace {
  /** What is open, by key. @type {Map<number, GivenFile>} */
  #files = new Map();
  #lastKey = 0;
  #lastNotice = 0;
  #lastTarget = 0;
  /** The end of the changes under way: they are made one after the other. @type {Promise<unknown>} */
  #changes = Promise.resolve();

  /**
   * @param {Engine} engine
   * @param {Store} store
   * @param {Jobs} jobs
   * @param {Volumes} volumes
   * @param {Shelf} shelf
   * @param {(question: Question) => Promise<boolean>} ask asks the person
   * @param {Reach} reach where the page may read from
   */
  constructor(engine, store, jobs, volumes, shelf, ask, reach) {
    this.engine = engine;
    this.store = store;
    this.jobs = jobs;
    this.volumes = volumes;
    this.files = new Files(volumes, store);
    this.comparisons = new Comparisons(volumes, store);
    this.finding = new Finding(volumes, store);
    this.tracing = new Tracing(this);
    this.desk = new Desk(jobs, store, (file) => this.#isOpen(file));
    this.checks = new Checks(jobs, store);
    this.editing = new Editing(this, shelf, ask);
    this.remote = new Remote(this, reach);
    this.recents = new Recents(this);
    engine.addEventListener('lost', (event) => this.#lost(/** @type {CustomEvent} */ (event).detail));
    engine.addEventListener('reopened', (event) => this.#reopened(/** @type {CustomEvent} */ (event).detail));
  }

  /**
   * Adds files to what is open. The promise is for callers that want the
   * outcome; what went wrong is told to the person in any case.
   *
   * @param {GivenFile[]} given
   * @returns {Promise<void>} rejects when the engine could not take them
   */
  open(given) {
    return this.#change('Opening files…', async () => {
      const {taken, passed, beyond} = takeLikely(given);
      const {fresh, repeated} = await leaveOutKnown(taken, this.#files.values());
      const files = this.#keyed(fresh);
      let forest = this.store.state.forest;
      let dropped = 0;
      if (files.length > 0) {
        forest = await this.engine.request('open', {files});
        files.forEach(({key}, i) => this.#files.set(key, /** @type {GivenFile} */ (fresh[i])));
        const clutter = this.#clutter(forest, files);
        if (clutter.length > 0) {
          forest = await this.engine.request('close', {files: clutter});
          for (const key of clutter) this.#files.delete(key);
          dropped = clutter.length;
        }
      }
      const keys = files.map(({key}) => key).filter((key) => this.#files.has(key));
      this.#show(forest, keys);
      const refused = tellRefused(forest, keys);
      if (refused) this.notify('error', refused.title, refused.text);
      this.store.set({status: tellOpened({opened: keys.length, repeated, passed: passed + dropped, beyond})});
    });
  }

  /**
   * @param {GivenFile[]} given
   * @returns {OpenFile[]} the same, each with a key of its own
   */
  #keyed(given) {
    return given.map(({file, path}) => ({key: ++this.#lastKey, name: path, modified: file.lastModified, file}));
  }

  /**
   * Looks for the next parent that each open chain lacks among files that are
   * not open. None is looked at twice, however often this is called.
   *
   * @param {GivenFile[]} given
   * @param {RequestOptions} options
   * @returns {Promise<{files: GivenFile[], looked: number, bytes: number, problems: Problem[]}>} files that are
   *   such parents; how many were looked at, and what was read of them
   */
  async seek(given, options) {
    const files = this.#keyed(given);
    const {keys, looked, bytes, problems} = await seek(this.engine, this.store.state.forest, files, options);
    return {files: given.filter((_, i) => keys.includes(/** @type {OpenFile} */ (files[i]).key)), looked, bytes, problems};
  }

  /** @param {File} file */
  async #isOpen(file) {
    const {repeated} = await leaveOutKnown([{file, path: file.name, direct: true}], this.#files.values());
    return repeated > 0;
  }

  /** @param {Promise<Collected>} collecting files out of a drop */
  async openCollected(collecting) {
    const {files, lost} = await collecting;
    if (lost.length > 0) {
      this.notify('error', `${formatCount(lost.length, 'entry', 'entries')} could not be read`,
        list(lost.map(({path, reason}) => `${path}: ${reason}`)));
    }
    if (files.length > 0) await this.open(files);
    else if (lost.length === 0) this.store.set({status: 'Nothing was opened: there were no files.'});
  }

  /**
   * @param {Promise<Collected | null>} picking out of a picker; null where the person changed their mind
   */
  async openPicked(picking) {
    try {
      const collected = await picking;
      if (collected) void this.openCollected(Promise.resolve(collected)).catch(() => {}); // the person has been told
    } catch (error) {
      this.notify('error', 'Nothing could be picked', messageOf(error));
    }
  }

  /**
   * Drops files.
   *
   * @param {number[]} keys none drops none
   * @returns {Promise<void>}
   */
  close(keys) {
    // To the engine, none would mean all.
    if (keys.length === 0) return Promise.resolve();
    return this.#closeAsked(keys, `${formatCount(keys.length, 'file')} closed.`);
  }

  /**
   * Drops all files.
   *
   * @returns {Promise<void>}
   */
  closeAll() {
    return this.#closeAsked([], 'All files were closed.');
  }

  /**
   * @param {number[]} keys of files; none means all
   * @param {string} status
   */
  #closeAsked(keys, status) {
    const closed = this.editing.mayClose(keys).then((may) => (may ? this.#change('Closing files…', async () => {
      await this.#close(keys);
      this.store.set({status});
    }) : undefined));
    closed.catch(() => {}); // as in #change
    return closed;
  }

  /** @param {number[]} keys of files; none means all */
  async #close(keys) {
    const forest = await this.engine.request('close', {files: keys});
    for (const key of keys.length > 0 ? keys : [...this.#files.keys()]) this.#files.delete(key);
    const open = new Set(forest.files.map(({key}) => key));
    const closed = [...this.store.state.edits.values()].filter(({key}) => !open.has(key));
    const putAside = this.editing.putAside(closed);
    if (closed.length > 0) this.#takeOff(closed);
    this.#show(forest, []);
    await putAside;
  }

  /** @param {EditsInfo[]} closed edits that lie on top no more */
  #takeOff(closed) {
    const {edits, disk, layer, editing} = this.store.state;
    const kept = new Map(edits);
    for (const {key} of closed) kept.delete(key);
    const here = closed.some(({key}) => key === disk);
    // The disk stays in view, by the file that the edits were on.
    this.store.set({edits: kept, editing: editing && !here, layer: here ? Math.max(layer, 1) : layer});
  }

  /**
   * Gets ready for edits before the first one is made.
   *
   * @returns {Promise<unknown>}
   */
  prepareEdits() {
    return this.jobs.program();
  }

  /**
   * Lays edits on top of a disk.
   *
   * @param {number} leaf
   * @param {string} name
   * @param {string} store where they are kept, '' for nowhere
   * @returns {Promise<Edits>}
   */
  async layEdits(leaf, name, store) {
    /** @type {Edits | undefined} */
    let laid;
    await this.#change('Preparing to edit…', async () => {
      await this.engine.upgrade(this.jobs.program());
      const key = ++this.#lastKey;
      laid = await this.engine.request('edit', {disk: leaf, key, name, store});
      this.#show(laid.forest, leaf === this.store.state.disk ? [key] : []);
    });
    return /** @type {Edits} */ (laid);
  }

  /**
   * Saves files of a volume: one as it is, or files and folders as a zip
   * archive. To be called in the person's click, which lets the browser ask
   * for a place.
   *
   * @param {Volume} volume
   * @param {string[]} paths
   * @param {{zip?: boolean, name?: string, base?: string}} [as] base: the folder that names in the archive begin in
   * @returns {Promise<boolean>} whether the file was made
   */
  saveFiles(volume, paths, {zip = false, name = savedName(paths, zip), base = '/'} = {}) {
    const heading = {
      title: zip ? 'Save as a zip archive' : 'Save a file',
      source: paths.length === 1 ? /** @type {string} */ (paths[0]) : formatCount(paths.length, 'file'),
      name: safeName(name),
    };
    return this.desk.make(heading, (handle, options) => (
      volume.save(paths, {zip, base, to: {name: handle?.name ?? heading.name, handle}}, options)));
  }

  /**
   * What was given of a file.
   *
   * @param {number} key
   * @returns {File | RemoteFile | undefined}
   */
  given(key) {
    return this.#files.get(key)?.file;
  }

  /**
   * What a file can be found again by, if anything.
   *
   * @param {number} key
   * @returns {FileSystemFileHandle | undefined}
   */
  handleOf(key) {
    return this.#files.get(key)?.handle;
  }

  /**
   * Makes a file the parent of another, or takes that back (parent 0).
   *
   * @param {number} child
   * @param {number} parent
   * @returns {Promise<void>}
   */
  choose(child, parent) {
    return this.#change('Changing the chain…', async () => {
      const forest = await this.engine.request('choose', {child, parent});
      this.#show(forest, parent === 0 ? [child] : [parent]);
      if (parent === 0) {
        this.store.set({status: 'The choice was taken back.'});
      } else if (isParent(forest, child, parent)) {
        this.store.set({status: 'The chosen file is used as the parent.'});
      } else {
        this.notify('warning', 'The chosen file is not used as the parent',
          `${this.nameOf(parent)} does not become part of a chain with ${this.nameOf(child)}.`);
      }
    });
  }

  /**
   * @param {number} disk
   * @param {number} layer
   */
  selectLayer(disk, layer) {
    this.store.set(lookAtLayer(this.store.state, disk, layer));
  }

  /** @param {number} key of a file that is in no chain */
  selectOther(key) {
    this.store.set({other: key, target: null});
  }

  /** @param {Tab} tab */
  selectTab(tab) {
    this.store.set({tab});
  }

  /** @param {number} key of a layer's file, 0 for the resolved disk */
  selectBytes(key) {
    this.store.set({bytesOf: key, target: null});
  }

  /**
   * Shows bytes of a layer's own file in the Sectors tab.
   *
   * @param {number} key
   * @param {number} offset
   * @param {number} length
   */
  showBytes(key, offset, length) {
    const {state} = this.store;
    const layer = chosenDisk(state)?.layers.findIndex(({file}) => file === key) ?? -1;
    this.store.set({
      tab: 'sectors',
      bytesOf: key,
      layer: layer < 0 ? state.layer : layer,
      target: {offset, length, serial: ++this.#lastTarget},
    });
  }

  /**
   * Shows a run of a disk in the Sectors tab.
   *
   * @param {number} disk
   * @param {number} offset
   * @param {number} length
   */
  showSectors(disk, offset, length) {
    const {state} = this.store;
    const layer = disk === state.disk ? state.layer : 0;
    this.store.set({...lookAtLayer(state, disk, layer), tab: 'sectors', bytesOf: 0, target: {offset, length, serial: ++this.#lastTarget}});
  }

  /**
   * Shows a file, or a folder, in the Files tab.
   *
   * @param {number} id of the disk
   * @param {number} start of its volume, in bytes
   * @param {string} path
   * @returns {Promise<void>} resolves when it is shown, or why it cannot be
   */
  async showFile(id, start, path) {
    const {state} = this.store;
    const disk = state.forest.disks.find((one) => one.id === id);
    if (!disk) return;
    this.store.set({...lookAtLayer(state, id, id === state.disk ? state.layer : 0), tab: 'files'});
    this.finding.show(false);
    await this.files.show(disk, start, path);
  }

  /**
   * Tells the person something that stays until it is dismissed.
   *
   * @param {Notice['kind']} kind
   * @param {string} title
   * @param {string | (() => string)} [text] a function where it depends on what is open
   * @param {Notice['actions']} [actions]
   * @returns {number} the notice's id
   */
  notify(kind, title, text, actions) {
    const id = ++this.#lastNotice;
    this.store.set({notices: [...this.store.state.notices, {id, kind, title, ...typeof text === 'function' ? {tell: text} : {text}, actions}]});
    return id;
  }

  /** @param {number} id */
  dismiss(id) {
    this.store.set({notices: this.store.state.notices.filter((notice) => notice.id !== id)});
  }

  /**
   * Makes one change after the other, and tells the person when one fails.
   *
   * @param {string} busy
   * @param {() => Promise<void>} change
   * @returns {Promise<void>}
   */
  #change(busy, change) {
    const made = this.#changes.then(async () => {
      // What is said of an earlier change is not to be taken for this one's.
      this.store.set({busy, status: ''});
      try {
        await change();
      } catch (error) {
        // A lost engine has its own notice; see #lost.
        if (!(error instanceof EngineError && error.code === 'crash')) {
          this.notify('error', 'That did not work', messageOf(error));
        }
        throw error;
      } finally {
        this.store.set({busy: ''});
      }
    });
    this.#changes = made.catch(() => {});
    // Callers that ignore the outcome are not told of it twice.
    made.catch(() => {});
    return made;
  }

  /**
   * Files that came with a folder, are not called like images and turned out
   * to be of no use: keeping them would bury the others.
   *
   * @param {Forest} forest
   * @param {OpenFile[]} opened
   */
  #clutter(forest, opened) {
    const useless = new Set(otherFiles(forest).map(({key}) => key));
    return opened.map(({key}) => key).filter((key) => {
      const given = this.#files.get(key);
      return useless.has(key) && given && !given.direct && !namedLikeImage(given.path);
    });
  }

  /**
   * Puts a forest into the store and keeps, or finds, something to look at.
   *
   * @param {Forest} forest
   * @param {number[]} fresh keys of the files that just came
   */
  #show(forest, fresh) {
    this.store.set(lookAtForest(this.store.state, forest, fresh));
  }

  /** @param {{message: string, restarting: boolean}} detail */
  #lost({message, restarting}) {
    if (restarting) {
      this.notify('warning', 'The engine stopped and was started again',
        `${asSentence(message)} What was open is being opened again; files that were just being opened are not.`);
    } else {
      this.notify('error', 'The engine does not run', `${asSentence(message)} Reload the page to start again.`);
    }
  }

  /** @param {{forest: Forest, failed: OpenFile[], unchosen: ChooseRequest[], edits: Edits[], unedited: EditRequest[]}} detail */
  #reopened({forest, failed, unchosen, edits, unedited}) {
    for (const {key} of failed) this.#files.delete(key);
    this.#show(forest, []);
    this.editing.reopened(edits, unedited);
    if (failed.length > 0) {
      this.notify('error', 'The engine failed at these files; they were closed', list(failed.map(({name}) => name)));
    }
    if (unchosen.length > 0) {
      this.notify('warning', 'These parents that you chose are no longer used',
        list(unchosen.map(({child, parent}) => `${this.nameOf(parent)}, for ${this.nameOf(child)}`)));
    }
    this.store.set({status: `${formatCount(forest.files.length, 'file')} open again.`});
  }

  /**
   * The name of an open file.
   *
   * @param {number} key
   * @returns {string}
   */
  nameOf(key) {
    return fileOf(this.store.state, key)?.name ?? '';
  }
}

/**
 * @param {Forest} forest
 * @param {number} child
 * @param {number} parent
 */
function isParent({disks}, child, parent) {
  return disks.some(({layers}) => layers.some(({file}, i) => file === child && layers[i + 1]?.file === parent));
}
