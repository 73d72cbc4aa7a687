// A word beside a name, such as deleted.

import {css} from 'lit';

export const tagStyles = css`
  .tag { display: inline-flex; gap: 3px; align-items: center; flex: none; padding: 0 5px; border: 1px solid var(--line-strong); border-radius: 4px; color: var(--muted); font-size: 11px; line-height: 16px; }
  .tag vs-icon { font-size: 12px; vertical-align: 0; }
`;
