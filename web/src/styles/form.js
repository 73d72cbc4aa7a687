// Fields of dialogs, all alike.

import {css} from 'lit';

export const formStyles = css`
  .field { display: grid; gap: 3px; min-inline-size: 0; }
  .field > span, legend { color: var(--muted); font-size: 12px; padding: 0; }
  fieldset { min-inline-size: 0; margin: 0; padding: 0; border: 0; }
  input:is([type='text'], [type='password']), select, textarea {
    inline-size: 100%;
    min-block-size: 30px;
    padding: 4px 8px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: var(--surface);
    color: inherit;
    font: inherit;
  }
  .choice { display: flex; gap: 8px; align-items: baseline; cursor: pointer; }
  .choice input, .pick input { accent-color: var(--accent); margin: 0; translate: 0 1px; }
  .ways { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; align-items: center; }
  .ways .said { flex: 1 1 16em; }
  @media (max-width: 480px) { .ways .said { flex-basis: 100%; } }
  .said { display: flex; gap: 6px; }
  .said vs-icon { vertical-align: 0; translate: 0 1px; }
`;
