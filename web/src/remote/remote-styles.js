// What the dialogs of this folder have in common.

import {css} from 'lit';

export const remoteStyles = css`
  dialog { inline-size: min(680px, calc(100vw - 24px)); }
  .note { color: var(--muted); font-size: 12px; text-wrap: pretty; }
  .note code { overflow-wrap: anywhere; }
  .unread { display: grid; gap: 6px; }
  .unread li { display: flex; gap: 6px; }
  .unread li > span { min-inline-size: 0; overflow-wrap: anywhere; }
  .unread vs-icon { color: var(--bad); translate: 0 1px; }
  .unread bdi { display: block; font-family: var(--mono); font-size: 12px; }
  @media (max-width: 480px) { dialog { padding: 14px; } }
`;
