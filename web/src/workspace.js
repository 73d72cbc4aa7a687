// What a person can do with files: open, close, edit, choose a parent. The
// workspace asks the engine and writes the store, and holds what else can be
// done, each in a part of its own; views call it and draw what the store then
// says.

import {Changing} from './changing.js';
import {Comparisons} from './changes/comparisons.js';
import {Editing} from './edits/editing.js';
import {seek} from './engine/seek.js';
import {fileOf} from './engine/store.js';
import {Checks} from './jobs/checks.js';
import {Files} from './files/files.js';
import {Desk} from './jobs/desk.js';
import {asSentence, formatCount, messageOf} from './format.js';
import {Looking} from './looking.js';
import {Finding} from './search/finding.js';
import {Tracing} from './tracing/tracing.js';
import {takeLikely} from './opening/filter.js';
import {OpenFiles} from './opening/open-files.js';
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
/** @import {EditsInfo, Notice, Store} from './engine/store.js' */
/** @import {Volumes} from './engine/volumes.js' */
/** @import {Collected} from './opening/collect.js' */
/** @import {GivenFile} from './opening/filter.js' */
/** @import {Reach} from './remote/reach.js' */

export class Workspace {
  #lastNotice = 0;
  #changing;

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
    this.#changing = new Changing(this);
    this.opened = new OpenFiles();
    this.files = new Files(volumes, store);
    this.comparisons = new Comparisons(volumes, store);
    this.finding = new Finding(volumes, store);
    this.looking = new Looking(store, this.files, this.finding);
    this.tracing = new Tracing(this);
    this.desk = new Desk(jobs, store, (file) => this.opened.holds(file));
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
    return this.#changing.make('Opening files…', async () => {
      const {taken, passed, beyond} = takeLikely(given);
      const {fresh, repeated} = await this.opened.leaveOut(taken);
      const files = this.opened.keyed(fresh);
      let keys = files.map(({key}) => key);
      let forest = this.store.state.forest;
      if (files.length > 0) {
        forest = await this.engine.request('open', {files});
        files.forEach(({key}, i) => this.opened.add(key, /** @type {GivenFile} */ (fresh[i])));
        const clutter = this.opened.clutter(forest, keys);
        if (clutter.length > 0) {
          forest = await this.engine.request('close', {files: clutter});
          this.opened.drop(clutter);
          keys = keys.filter((key) => !clutter.includes(key));
        }
      }
      this.looking.showForest(forest, keys);
      const refused = tellRefused(forest, keys);
      if (refused) this.notify('error', refused.title, refused.text);
      this.store.set({status: tellOpened({opened: keys.length, repeated, passed: passed + files.length - keys.length, beyond})});
    });
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
    const files = this.opened.keyed(given);
    const {keys, looked, bytes, problems} = await seek(this.engine, this.store.state.forest, files, options);
    return {files: given.filter((_, i) => keys.includes(/** @type {OpenFile} */ (files[i]).key)), looked, bytes, problems};
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
    const closed = this.editing.mayClose(keys).then((may) => (may ? this.#changing.make('Closing files…', async () => {
      await this.#close(keys);
      this.store.set({status});
    }) : undefined));
    closed.catch(() => {}); // as in Changing
    return closed;
  }

  /** @param {number[]} keys of files; none means all */
  async #close(keys) {
    const forest = await this.engine.request('close', {files: keys});
    if (keys.length > 0) this.opened.drop(keys);
    else this.opened.clear();
    const open = new Set(forest.files.map(({key}) => key));
    const closed = [...this.store.state.edits.values()].filter(({key}) => !open.has(key));
    const putAside = this.editing.putAside(closed);
    if (closed.length > 0) this.#takeOff(closed);
    this.looking.showForest(forest, []);
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
    await this.#changing.make('Preparing to edit…', async () => {
      await this.engine.upgrade(this.jobs.program());
      const key = this.opened.newKey();
      laid = await this.engine.request('edit', {disk: leaf, key, name, store});
      this.looking.showForest(laid.forest, leaf === this.store.state.disk ? [key] : []);
    });
    return /** @type {Edits} */ (laid);
  }

  /**
   * Makes a file the parent of another, or takes that back (parent 0).
   *
   * @param {number} child
   * @param {number} parent
   * @returns {Promise<void>}
   */
  choose(child, parent) {
    return this.#changing.make('Changing the chain…', async () => {
      const forest = await this.engine.request('choose', {child, parent});
      this.looking.showForest(forest, parent === 0 ? [child] : [parent]);
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
    this.opened.drop(failed.map(({key}) => key));
    this.looking.showForest(forest, []);
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
