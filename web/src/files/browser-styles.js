// How going through the files of a volume looks.

import {css} from 'lit';

export const browserStyles = css`
  :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); min-block-size: 0; container-type: inline-size; }
  .tools { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; min-inline-size: 0; min-block-size: 35px; padding: 0 8px 6px; border-block-end: 1px solid var(--line); }
  .filter { display: flex; position: relative; flex: 0 1 200px; min-inline-size: 110px; margin-inline-start: 4px; }
  .filter vs-icon { position: absolute; inset-inline-start: 7px; inset-block-start: 7px; font-size: 14px; color: var(--muted); pointer-events: none; }
  .filter input {
    inline-size: 100%; min-block-size: 28px; padding: 3px 6px 3px 26px; border: 1px solid var(--line-strong); border-radius: 6px;
    background: var(--surface); color: inherit; font: inherit;
  }
  .choice { display: inline-flex; gap: 5px; align-items: center; padding-inline: 6px; cursor: pointer; }
  .choice input { accent-color: var(--accent); margin: 0; }
  .choice vs-icon { font-size: 14px; vertical-align: 0; }
  .count { flex: 1 1 9em; min-inline-size: 0; text-align: end; font-variant-numeric: tabular-nums; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .waits { padding-inline: 6px; animation: appear 0s 200ms both; }
  @keyframes appear { from { visibility: hidden; } }
  .notes { padding: 6px 12px; border-block-end: 1px solid var(--line); background: color-mix(in srgb, var(--warning) 10%, transparent); font-size: 12px; max-block-size: 5em; overflow: auto; }
  .notes li { display: flex; gap: 6px; }
  .notes vs-icon { font-size: 14px; vertical-align: 0; translate: 0 2px; }
  :host > :is(vscode-split-layout, .alone, .stacked) { grid-row: 3; min-block-size: 0; min-inline-size: 0; }
  :host > .visually-hidden { grid-row: 3; }
  vscode-split-layout { border: 0; block-size: 100%; }
  .alone, .stacked { display: grid; grid-template-columns: minmax(0, 1fr); block-size: 100%; }
  .stacked { grid-template-rows: minmax(96px, 1fr) minmax(0, 1.4fr); }
  .stacked vs-file-panel { border-block-start: 1px solid var(--line); }
  .list { position: relative; display: grid; block-size: 100%; min-block-size: 0; min-inline-size: 0; }
  .empty, .problem { position: absolute; inset-block-start: 44px; inset-inline: 0; padding: 0 16px; text-align: center; }
  .problem { display: grid; gap: 12px; justify-items: center; }
  .problem p { display: flex; gap: 6px; text-align: start; }
  .problem vs-icon { vertical-align: 0; translate: 0 2px; }
  @container (max-width: 640px) {
    .tool span { display: none; }
    .filter { flex: 1 1 110px; }
  }
`;
