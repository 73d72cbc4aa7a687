// How a folder's grid looks.

import {css} from 'lit';

export const gridStyles = css`
  :host { display: grid; min-block-size: 0; min-inline-size: 0; container-type: inline-size; }
  .scroll { overflow: auto; overscroll-behavior: contain; min-block-size: 0; outline-offset: -2px; scrollbar-gutter: stable; }
  .head { position: sticky; inset-block-start: 0; z-index: 1; background: var(--surface); border-block-end: 1px solid var(--line); }
  .row { display: grid; align-items: center; padding-inline: 12px 8px; column-gap: 12px;
    grid-template-columns: minmax(10em, 1fr) 6.5em 11.5em 11.5em 7em; }
  :host([layered]) .row { grid-template-columns: minmax(10em, 1fr) 6.5em 11.5em 11.5em 7em 6.5em; }
  .row > * { min-inline-size: 0; }
  .head .row { min-block-size: 28px; }
  .head button {
    display: inline-flex; gap: 4px; align-items: center; max-inline-size: 100%; padding: 3px 4px; margin-inline: -4px;
    border: 0; border-radius: 4px; background: none; color: var(--muted); font: inherit; font-size: 12px; white-space: nowrap; cursor: pointer;
  }
  .head button:hover, .head [aria-sort] button { color: var(--text); }
  .head button:hover { background: var(--hover); }
  .head [aria-sort] button { font-weight: 600; }
  .zone { font-weight: 400; opacity: 0.85; }
  .zone::before { content: '· '; }
  .body { position: relative; contain: layout style; }
  .body .row { position: absolute; inset-block-start: 0; inset-inline: 0; block-size: 26px; cursor: default; user-select: none; }
  .body .row:hover { background: var(--hover); }
  .body .row[aria-selected='true'] { background: var(--vscode-list-activeSelectionBackground); }
  .body .row:focus-visible { outline-offset: -2px; border-radius: 0; }
  .body .row > div { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .name { display: flex; gap: 6px; align-items: center; }
  .name vs-icon { vertical-align: 0; color: var(--muted); }
  .row[data-kind='directory'] .name > vs-icon { color: var(--accent); }
  .text { overflow: hidden; text-overflow: ellipsis; overflow-wrap: normal; }
  .size { text-align: end; }
  .head .size button { margin-inline: auto -4px; }
  .modified, .created, .attributes { color: var(--muted); }
  .body .attributes { font-family: var(--mono); font-size: 12px; }
  .deleted .text { text-decoration: line-through; text-decoration-color: var(--muted); color: var(--muted); }
  .supply { display: flex; gap: 3px; align-items: center; color: var(--muted); font-size: 12px; }
  .supply .badge { block-size: 17px; min-inline-size: 17px; font-size: 10px; }
  .layers vs-icon { vertical-align: 0; }
  @container (max-width: 860px) {
    .created { display: none; }
    .row { grid-template-columns: minmax(8em, 1fr) 6.5em 11.5em 7em; }
    :host([layered]) .row { grid-template-columns: minmax(8em, 1fr) 6.5em 11.5em 7em 5.5em; }
  }
  @container (max-width: 660px) {
    .attributes { display: none; }
    .row { grid-template-columns: minmax(7em, 1fr) 6.5em 11.5em; }
    :host([layered]) .row { grid-template-columns: minmax(7em, 1fr) 6.5em 11.5em 5.5em; }
  }
  :host([narrow]) .body .row {
    block-size: 44px; align-content: center; gap: 0;
    grid-template: 'name name layers' auto 'size modified layers' auto / auto minmax(0, 1fr) auto;
  }
  :host([narrow]) .body .name { grid-area: name; }
  :host([narrow]) .body .size { grid-area: size; padding-inline-start: 22px; color: var(--muted); font-size: 12px; text-align: start; }
  :host([narrow]) .body .size:not(:empty) { padding-inline-end: 10px; }
  :host([narrow]) .body .modified { grid-area: modified; font-size: 12px; }
  :host([narrow]) .body .layers { grid-area: layers; }
  :host([narrow]) .body :is(.created, .attributes) { display: none; }
  :host([narrow]) .head .row { display: flex; gap: 12px; }
  :host([narrow]) .head :is(.created, .attributes) { display: none; }
  :host([narrow]) .head .layers { margin-inline-start: auto; }
  @media (forced-colors: active) {
    .body .row[aria-selected='true'] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
    .body .row[aria-selected='true'] * { color: inherit; }
    .body .row[aria-selected='true'] .badge { background: Canvas; color: CanvasText; }
    .body .row:focus-visible { outline: 2px solid CanvasText; outline-offset: -3px; }
  }
`;
