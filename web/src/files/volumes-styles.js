// How the picture and the table of volumes look. A hue tells what a volume is
// for; the words beside it say so as well.

import {css} from 'lit';

export const volumeStyles = css`
  .windows { --volume: var(--layer-4); }
  .linux { --volume: var(--layer-2); }
  .disc { --volume: var(--layer-3); }
  .other { --volume: var(--layer-6); }
  .unknown, .gap { --volume: var(--layer-none); }

  .bar { display: flex; gap: 2px; overflow-x: auto; padding: 2px; }
  .bar button {
    position: relative; display: grid; flex: 0 0 0; min-inline-size: 26px; min-block-size: 52px; padding: 6px 8px; align-content: center;
    border: 1px solid var(--volume); border-radius: 5px; background: color-mix(in srgb, var(--volume) 16%, var(--surface));
    color: var(--text); font: inherit; text-align: start; cursor: pointer;
  }
  .bar button > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-inline-size: 0; }
  .bar button bdi { font-weight: 600; overflow-wrap: normal; }
  .bar button small { color: var(--muted); font-size: 12px; }
  .bar button:hover { background: color-mix(in srgb, var(--volume) 26%, var(--surface)); }
  .bar .gap { border-style: dashed; background: repeating-linear-gradient(135deg, transparent 0 5px, var(--line) 5px 6px); }
  .bar .gap:hover { background: repeating-linear-gradient(135deg, var(--hover) 0 5px, var(--line) 5px 6px); }

  .frame { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
  table { inline-size: 100%; border-collapse: collapse; }
  th, td { padding: 6px 10px; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
  thead th { background: var(--sunken); white-space: nowrap; }
  tbody tr { border-block-start: 1px solid var(--line); }
  tbody tr:focus-visible { outline-offset: -2px; }
  tbody th { font-weight: 400; min-inline-size: 9em; }
  .number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
  tbody .gap :is(td, th) { padding-block: 3px; color: var(--muted); }
  .swatch { display: inline-block; inline-size: 10px; block-size: 10px; margin-inline-end: 6px; border: 1px solid var(--volume); border-radius: 3px;
    background: color-mix(in srgb, var(--volume) 40%, transparent); }
  tbody small { margin-inline-start: 6px; padding: 0 4px; border: 1px solid var(--line); border-radius: 4px; color: var(--muted); font-size: 11px; }
  .uuid { display: block; color: var(--muted); font-size: 11px; overflow-wrap: anywhere; }
  @container (min-width: 900px) { .uuid { white-space: nowrap; } }
  .state { inline-size: 1%; white-space: nowrap; }
  tbody .trouble { border-block-start: 0; }
  .trouble td { padding-block-start: 0; }

  @container (max-width: 760px) {
    table, tbody { display: block; }
    thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    tbody tr { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 2px 10px; padding: 8px 10px; align-items: baseline; }
    tbody .state { margin-block-start: 4px; }
    tbody :is(td, th), tbody .gap :is(td, th) { display: block; padding: 0; text-align: start; }
    tbody td:empty { display: none; }
    tbody th { grid-column: 2; }
    tbody td:first-child { grid-column: 1; font-weight: 600; }
    tbody [data-key], tbody .state, tbody .trouble td:last-child { grid-column: 1 / -1; }
    tbody .trouble { padding-block-start: 0; }
    tbody .number { text-align: start; }
    tbody [data-key]::before { content: attr(data-key) ': '; color: var(--muted); }
    tbody .gap { grid-template-columns: minmax(0, 1fr) auto auto; }
    tbody .gap th { grid-column: 1; }
  }
  @media (forced-colors: active) {
    .bar button { border-color: CanvasText; }
    .bar .gap { border-style: dashed; }
    .swatch { border-color: CanvasText; }
  }
`;
