// Styles that all views share.

import {css} from 'lit';

export const shared = css`
  *, *::before, *::after { box-sizing: border-box; }

  :host { font: 13px/1.5 var(--font); color: var(--text); }
  :host([hidden]) { display: none; }

  h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  h1, h2, h3, h4 { font-size: inherit; font-weight: 600; }
  ul, ol { list-style: none; }

  /* Names come out of files: they may be of any length and direction. */
  bdi { overflow-wrap: anywhere; }

  code, .mono { font-family: var(--mono); font-size: 12px; }
  .muted { color: var(--muted); }
  .good { color: var(--good); }
  .warning { color: var(--warning); }
  .bad { color: var(--bad); }

  a { color: var(--accent); text-underline-offset: 2px; }

  button.link {
    appearance: none;
    border: 0;
    padding: 0;
    background: none;
    color: var(--accent);
    font: inherit;
    text-align: start;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 2px;
    cursor: pointer;
  }
  button.link:hover { text-decoration-color: currentColor; }

  :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; border-radius: 3px; }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .badge {
    display: inline-grid;
    place-items: center;
    flex: none;
    min-inline-size: 20px;
    block-size: 20px;
    padding-inline: 4px;
    border: 1.5px solid var(--layer);
    border-radius: 5px;
    background: var(--layer-fill);
    color: var(--layer);
    font: 600 11px/1 var(--mono);
  }

  @media (forced-colors: active) {
    .badge { border-color: CanvasText; color: CanvasText; background: Canvas; }
  }
`;
