// Choices side by side, of which one or some hold: fields in labels that look
// like chips.

import {css} from 'lit';

export const chipStyles = css`
  .chip {
    display: inline-flex; gap: 6px; align-items: center; max-inline-size: 220px; padding: 3px 9px;
    border: 1px solid var(--line); border-radius: 6px; background: var(--raised); cursor: pointer;
  }
  .chip:hover { border-color: var(--line-strong); }
  .chip:has(:checked) { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 14%, var(--raised)); font-weight: 600; }
  .chip:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 1px; }
  .chip:has(:disabled) { cursor: default; color: var(--muted); border-style: dashed; }
  .chip input { position: absolute; opacity: 0; inline-size: 1px; block-size: 1px; margin: 0; }
  .chip bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .chip .count { color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; }
  @media (forced-colors: active) { .chip:has(:checked) { outline: 2px solid Highlight; } }
`;
