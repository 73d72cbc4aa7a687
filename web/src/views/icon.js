// Icons: codicons, taken into the bundle one by one as the paths they are
// drawn with. No font and no style sheet, so an icon needs no request and is
// there when its view is.

import {LitElement, css, svg} from 'lit';

import add from '@vscode/codicons/src/icons/add.svg';
import arrowLeft from '@vscode/codicons/src/icons/arrow-left.svg';
import arrowRight from '@vscode/codicons/src/icons/arrow-right.svg';
import arrowSmallDown from '@vscode/codicons/src/icons/arrow-small-down.svg';
import arrowSmallUp from '@vscode/codicons/src/icons/arrow-small-up.svg';
import arrowUp from '@vscode/codicons/src/icons/arrow-up.svg';
import beaker from '@vscode/codicons/src/icons/beaker.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import checklist from '@vscode/codicons/src/icons/checklist.svg';
import chevronDown from '@vscode/codicons/src/icons/chevron-down.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import colorMode from '@vscode/codicons/src/icons/color-mode.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import debugDisconnect from '@vscode/codicons/src/icons/debug-disconnect.svg';
import diffAdded from '@vscode/codicons/src/icons/diff-added.svg';
import diffModified from '@vscode/codicons/src/icons/diff-modified.svg';
import diffRemoved from '@vscode/codicons/src/icons/diff-removed.svg';
import diffRenamed from '@vscode/codicons/src/icons/diff-renamed.svg';
import download from '@vscode/codicons/src/icons/download.svg';
import ellipsis from '@vscode/codicons/src/icons/ellipsis.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import file from '@vscode/codicons/src/icons/file.svg';
import fileBinary from '@vscode/codicons/src/icons/file-binary.svg';
import fileMedia from '@vscode/codicons/src/icons/file-media.svg';
import fileSymlinkFile from '@vscode/codicons/src/icons/file-symlink-file.svg';
import fileZip from '@vscode/codicons/src/icons/file-zip.svg';
import files from '@vscode/codicons/src/icons/files.svg';
import filter from '@vscode/codicons/src/icons/filter.svg';
import folder from '@vscode/codicons/src/icons/folder.svg';
import folderOpened from '@vscode/codicons/src/icons/folder-opened.svg';
import globe from '@vscode/codicons/src/icons/globe.svg';
import goToFile from '@vscode/codicons/src/icons/go-to-file.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import layers from '@vscode/codicons/src/icons/layers.svg';
import layoutPanel from '@vscode/codicons/src/icons/layout-panel.svg';
import layoutSidebarRight from '@vscode/codicons/src/icons/layout-sidebar-right.svg';
import library from '@vscode/codicons/src/icons/library.svg';
import link from '@vscode/codicons/src/icons/link.svg';
import listTree from '@vscode/codicons/src/icons/list-tree.svg';
import lock from '@vscode/codicons/src/icons/lock.svg';
import merge from '@vscode/codicons/src/icons/merge.svg';
import newFile from '@vscode/codicons/src/icons/new-file.svg';
import passFilled from '@vscode/codicons/src/icons/pass-filled.svg';
import question from '@vscode/codicons/src/icons/question.svg';
import references from '@vscode/codicons/src/icons/references.svg';
import refresh from '@vscode/codicons/src/icons/refresh.svg';
import save from '@vscode/codicons/src/icons/save.svg';
import symbolFile from '@vscode/codicons/src/icons/symbol-file.svg';
import symbolNumeric from '@vscode/codicons/src/icons/symbol-numeric.svg';
import tag from '@vscode/codicons/src/icons/tag.svg';
import tools from '@vscode/codicons/src/icons/tools.svg';
import trash from '@vscode/codicons/src/icons/trash.svg';
import unverified from '@vscode/codicons/src/icons/unverified.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';

/** @typedef {{box: string, paths: {d: string, rule: string}[]}} Drawing */

/**
 * The drawing in an icon's file. Codicons are made of filled paths only.
 *
 * @param {string} text
 * @returns {Drawing}
 */
function read(text) {
  return {
    box: /\bviewBox="([^"]*)"/.exec(text)?.[1] ?? '0 0 16 16',
    paths: [...text.matchAll(/<path ([^>]*)>/g)].map(([, attributes = '']) => ({
      d: /\bd="([^"]*)"/.exec(attributes)?.[1] ?? '',
      rule: /\bfill-rule="([^"]*)"/.exec(attributes)?.[1] ?? 'nonzero',
    })),
  };
}

const icons = Object.freeze({
  add: read(add),
  'arrow-left': read(arrowLeft),
  'arrow-right': read(arrowRight),
  'arrow-small-down': read(arrowSmallDown),
  'arrow-small-up': read(arrowSmallUp),
  'arrow-up': read(arrowUp),
  beaker: read(beaker),
  check: read(check),
  checklist: read(checklist),
  'chevron-down': read(chevronDown),
  'chevron-right': read(chevronRight),
  'circle-slash': read(circleSlash),
  close: read(close),
  'color-mode': read(colorMode),
  copy: read(copy),
  'debug-disconnect': read(debugDisconnect),
  'diff-added': read(diffAdded),
  'diff-modified': read(diffModified),
  'diff-removed': read(diffRemoved),
  'diff-renamed': read(diffRenamed),
  download: read(download),
  ellipsis: read(ellipsis),
  error: read(error),
  file: read(file),
  'file-binary': read(fileBinary),
  'file-media': read(fileMedia),
  'file-symlink-file': read(fileSymlinkFile),
  'file-zip': read(fileZip),
  files: read(files),
  filter: read(filter),
  folder: read(folder),
  'folder-opened': read(folderOpened),
  globe: read(globe),
  'go-to-file': read(goToFile),
  info: read(info),
  layers: read(layers),
  'layout-panel': read(layoutPanel),
  'layout-sidebar-right': read(layoutSidebarRight),
  library: read(library),
  link: read(link),
  'list-tree': read(listTree),
  lock: read(lock),
  merge: read(merge),
  'new-file': read(newFile),
  'pass-filled': read(passFilled),
  question: read(question),
  references: read(references),
  refresh: read(refresh),
  save: read(save),
  'symbol-file': read(symbolFile),
  'symbol-numeric': read(symbolNumeric),
  tag: read(tag),
  tools: read(tools),
  trash: read(trash),
  unverified: read(unverified),
  warning: read(warning),
});

/** @typedef {keyof typeof icons} IconName */

/** <vs-icon name="…">: decoration only; what it means is said in words beside it. */
export class Icon extends LitElement {
  static properties = {name: {type: String}};

  static styles = css`
    :host { display: inline-block; flex: none; inline-size: 1em; block-size: 1em; font-size: 16px; vertical-align: -3px; }
    svg { display: block; inline-size: 100%; block-size: 100%; fill: currentColor; }
  `;

  constructor() {
    super();
    /** @type {IconName} */
    this.name = 'info';
  }

  render() {
    const {box, paths} = icons[this.name];
    return svg`<svg viewBox=${box} aria-hidden="true">${
      paths.map(({d, rule}) => svg`<path d=${d} fill-rule=${rule}></path>`)
    }</svg>`;
  }
}

customElements.define('vs-icon', Icon);
