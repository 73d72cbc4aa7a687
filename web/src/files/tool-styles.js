// Buttons of the bars above a folder, all alike.

import {css} from 'lit';

export const toolStyles = css`
  .tool {
    display: inline-flex; gap: 6px; align-items: center; min-block-size: 28px; padding: 0 7px;
    border: 0; border-radius: 5px; background: none; color: inherit; font: inherit; white-space: nowrap; cursor: pointer;
  }
  .tool:not([aria-disabled]):hover, .tool[aria-expanded='true'] { background: var(--hover); }
  .tool[aria-disabled] { opacity: 0.45; cursor: default; }
  .tool vs-icon { vertical-align: 0; }
  @media (pointer: coarse) { .tool { min-block-size: 34px; min-inline-size: 34px; justify-content: center; } }
`;
