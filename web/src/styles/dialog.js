// Native dialogs, all alike.

import {css} from 'lit';

export const dialogStyles = css`
  dialog {
    inline-size: min(640px, calc(100vw - 32px));
    max-block-size: calc(100dvh - 48px);
    padding: 18px 20px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    color: var(--text);
    box-shadow: 0 12px 48px var(--shadow);
    overflow: auto;
    overscroll-behavior: contain;
  }
  dialog[open] { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; }
  dialog::backdrop { background: #00000066; }
  dialog header { display: flex; gap: 8px; align-items: center; }
  dialog header h2 { flex: 1; font-size: 16px; overflow-wrap: anywhere; }
  dialog h3 { font-size: 13px; margin-block: 4px; }
  dialog .close { display: inline-flex; padding: 4px; border: 0; border-radius: 5px; background: none; color: var(--muted); cursor: pointer; }
  dialog .close:hover { background: var(--hover); color: var(--text); }
  kbd {
    padding: 1px 5px;
    border: 1px solid var(--line-strong);
    border-block-end-width: 2px;
    border-radius: 4px;
    background: var(--surface);
    font: 12px/1.4 var(--mono);
    white-space: nowrap;
  }
`;
