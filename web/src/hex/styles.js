// How the hex view looks. Colours are the page's; a layer is told by letter
// and words first, by hue and pattern second.

import {css} from 'lit';

export const hexStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    height: 100%;
    color: var(--vscode-foreground, CanvasText);
    background: var(--vscode-editor-background, Canvas);
    font: var(--vscode-font-size, 13px)/1.4 var(--vscode-font-family, system-ui, sans-serif);
    --mono: var(--vscode-editor-font-family, ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace);
    --line: var(--vscode-editorWidget-border, color-mix(in srgb, currentColor 22%, transparent));
    --quiet: var(--vscode-descriptionForeground, color-mix(in srgb, currentColor 70%, transparent));
    --bad: var(--vscode-errorForeground, #c4314b);
    --focus: var(--vscode-focusBorder, Highlight);
    /* Whole rows are tinted: less than what a badge takes. */
    --layer-strength: 9%;
  }
  :host([hidden]), [hidden] { display: none !important; }
  * { box-sizing: border-box; }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    padding: 6px 8px;
    border-bottom: 1px solid var(--line);
  }
  .goto { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; min-width: 0; }
  .field { display: flex; position: relative; }
  input {
    width: 28ch;
    height: 28px;
    padding: 0 30px 0 8px;
    font: inherit;
    font-family: var(--mono);
    color: var(--vscode-input-foreground, inherit);
    background: var(--vscode-input-background, Field);
    border: 1px solid var(--vscode-settings-textInputBorder, var(--line));
    border-radius: 3px;
  }
  input::placeholder { color: var(--vscode-input-placeholderForeground, var(--quiet)); opacity: 1; }
  input[aria-invalid] { border-color: var(--bad); }
  .goto-error { margin: 0; color: var(--bad); }
  .goto-error:empty { display: none; }
  .button {
    height: 28px;
    padding: 0 10px;
    font: inherit;
    color: var(--vscode-button-secondaryForeground, ButtonText);
    background: var(--vscode-button-secondaryBackground, ButtonFace);
    border: 1px solid var(--vscode-button-border, var(--line));
    border-radius: 3px;
    cursor: pointer;
  }
  .button:hover { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, ButtonFace)); }
  .button.round {
    position: absolute;
    inset: 4px 4px auto auto;
    width: 20px;
    height: 20px;
    padding: 0;
    border-radius: 50%;
    line-height: 1;
  }
  :is(input, .button, .item, summary, .way):focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
  :is(summary, .way):focus-visible { outline-offset: -2px; }
  .arrow { margin-inline-start: 6px; }
  .state { display: flex; flex: 1 1 0; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 4px 12px; min-width: 0; }
  .chosen { color: var(--quiet); font-variant-numeric: tabular-nums; }
  .note { margin: 0; overflow-wrap: anywhere; }

  .menu, .help {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    color: var(--vscode-menu-foreground, CanvasText);
    background: var(--vscode-menu-background, Canvas);
    border: 1px solid var(--vscode-menu-border, var(--line));
    border-radius: 5px;
    box-shadow: 0 4px 16px var(--vscode-widget-shadow, rgb(0 0 0 / 25%));
  }
  .item {
    display: flex;
    justify-content: space-between;
    gap: 24px;
    width: 100%;
    padding: 5px 10px;
    font: inherit;
    text-align: start;
    color: inherit;
    background: none;
    border: 0;
    border-radius: 3px;
    cursor: pointer;
  }
  .item:is(:hover, :focus) {
    color: var(--vscode-menu-selectionForeground, HighlightText);
    background: var(--vscode-menu-selectionBackground, Highlight);
  }
  kbd { font: inherit; opacity: 0.75; }
  .help { max-width: calc(100vw - 8px); padding: 10px 14px; }
  .help dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; margin: 0; }
  .help dd { margin: 0; color: var(--quiet); }
  code { font-family: var(--mono); }

  .problem {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    padding: 6px 8px;
    border-bottom: 1px solid var(--line);
    border-inline-start: 4px solid var(--bad);
  }
  .problem p { flex: 1; margin: 0; min-width: 16ch; overflow-wrap: anywhere; }

  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    padding: 6px 8px;
    border-bottom: 1px solid var(--line);
    background: var(--layer-edits-fill, transparent);
  }
  .tools [aria-disabled='true'] { opacity: 0.55; cursor: default; }
  .hint { margin: 0 0 0 6px; color: var(--quiet); }
  :host([narrow]) .hint { display: none; }
  .write {
    position: fixed;
    inset: auto;
    width: min(340px, calc(100vw - 8px));
    margin: 0;
    padding: 12px 14px;
    color: var(--vscode-menu-foreground, CanvasText);
    background: var(--vscode-menu-background, Canvas);
    border: 1px solid var(--vscode-menu-border, var(--line));
    border-radius: 5px;
    box-shadow: 0 4px 16px var(--vscode-widget-shadow, rgb(0 0 0 / 25%));
  }
  .write:popover-open { display: grid; gap: 8px; }
  .write input[type='text'] { width: 100%; padding-inline-end: 8px; }
  .write input[type='radio'] { width: auto; height: auto; margin: 0 4px 0 0; accent-color: var(--focus); }
  .write .choice { display: flex; gap: 16px; }
  .write .choice label { display: flex; align-items: center; }
  .write .where { margin: 0; color: var(--quiet); }
  .write .ways { display: flex; justify-content: flex-end; }

  .viewport { display: flex; flex: 1; min-height: 120px; min-width: 0; }
  .grid {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
    overflow: hidden;
    outline: none;
    font: var(--vscode-editor-font-size, 13px)/20px var(--mono);
    font-variant-ligatures: none;
    --row: 20px;
  }
  .grid.narrow { --squeeze: -0.4ch; font-size: min(12px, var(--vscode-editor-font-size, 12px)); }
  .head { display: flex; height: 24px; line-height: 24px; white-space: pre; color: var(--quiet); border-bottom: 1px solid var(--line); }
  .body { position: relative; flex: 1; overflow: hidden; cursor: text; touch-action: pinch-zoom; user-select: none; -webkit-user-select: none; }
  .grid:not(.empty) .nothing { display: none; }
  .nothing { margin: 0; padding: 24px; color: var(--quiet); font-family: var(--vscode-font-family, system-ui, sans-serif); }
  .moved { position: absolute; inset: 0 0 auto; will-change: transform; }
  .lines { position: relative; }
  .line { display: flex; height: var(--row); white-space: pre; contain: layout style; }
  .probe { position: absolute; visibility: hidden; }
  .gutter { flex: none; width: 3.4ch; padding-inline-start: 6px; text-align: center; color: var(--layer); }
  .line .gutter {
    background: linear-gradient(var(--layer), var(--layer)) 0 0 / 5px 100% no-repeat;
  }
  .offset { flex: none; width: calc(var(--digits, 8) * 1ch + 2.2ch); padding-inline: 0.8ch 1.4ch; color: var(--quiet); }
  .head .offset { overflow: hidden; }
  .bytes { flex: none; width: var(--bytes-width, auto); margin-inline-end: 2ch; word-spacing: var(--squeeze, 0); }
  .probe .bytes { width: auto; }
  .text { flex: none; width: var(--text-width, auto); margin-inline-end: 1ch; }
  .probe .text { width: auto; }
  .narrow .gutter { width: 2.6ch; padding-inline-start: 5px; }
  .narrow .line .gutter { background-size: 4px 100%; }
  .narrow .offset { width: calc(var(--digits, 8) * 1ch + 1.2ch); padding-inline: 0.4ch 0.8ch; }
  .narrow .bytes { margin-inline-end: 1ch; }
  .narrow .text { margin-inline-end: 0; }
  .no-text .text { display: none; }

  .row { background: var(--layer-fill); }
  .sector {
    align-items: center;
    font-family: var(--vscode-font-family, system-ui, sans-serif);
    font-size: 12px;
    color: var(--quiet);
    background: linear-gradient(var(--layer-fill), var(--layer-fill)), var(--vscode-editor-background, Canvas);
    border-top: 1px solid var(--line);
  }
  .sector .about { display: flex; flex: 1; min-width: 0; }
  .sector .gutter { font: var(--vscode-editor-font-size, 13px)/20px var(--mono); }
  .narrow .sector .gutter { font-size: inherit; }
  .sector .number { padding-inline: 0.6ch 1.2ch; color: var(--vscode-foreground, CanvasText); font-variant-numeric: tabular-nums; }
  .sector .origin { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
  .zeros { color: var(--quiet); }
  .zeros .gutter { background-image: repeating-linear-gradient(var(--layer) 0 2px, transparent 2px 5px); }
  .unreadable { --layer: var(--bad); --layer-fill: color-mix(in srgb, var(--bad) 9%, transparent); color: var(--bad); }
  .unreadable .gutter { background-image: repeating-linear-gradient(135deg, var(--bad) 0 2px, transparent 2px 4px); font-weight: bold; }
  .unreadable.sector .origin { color: var(--bad); }
  .pending { --layer-fill: transparent; }
  .pending .gutter { background: none; }

  .mark { position: absolute; inset: 0 auto auto 0; border-radius: 2px; }
  .selected { background: var(--vscode-editor-selectionBackground, color-mix(in srgb, Highlight 40%, transparent)); border-radius: 0; }
  .outlined { border-radius: 0; background: color-mix(in srgb, var(--focus) 12%, transparent); border-inline: 2px solid var(--focus); }
  /* Every row is underlined: told apart by more than colour. */
  .changed {
    border-radius: 0;
    background: repeating-linear-gradient(
      var(--layer-edits-fill, transparent) 0 calc(var(--row) - 2px),
      var(--layer-edits, currentColor) calc(var(--row) - 2px) var(--row));
  }
  .failed { border: 2px dashed var(--bad); }
  .hovered { background: color-mix(in srgb, currentColor 14%, transparent); }
  .caret { border: 1px solid color-mix(in srgb, currentColor 55%, transparent); }
  .grid:focus .caret { border-color: var(--focus); }
  .grid:focus-visible .caret.in-bytes { border-width: 2px; }
  /* Where typing goes: the other column keeps a thin frame, and of a byte half typed it is the second digit. */
  .editing .caret, .editing:focus-visible .caret.in-bytes { border: 1px dotted color-mix(in srgb, currentColor 55%, transparent); }
  .typing { border: 2px solid var(--focus); background: color-mix(in srgb, var(--focus) 22%, transparent); }
  .typing.half { background: linear-gradient(to right, transparent 50%, color-mix(in srgb, var(--focus) 45%, transparent) 50%); }
  .grid:not(:focus) .typing { border-style: dashed; background: none; }
  .grid:focus-visible .head { border-bottom-color: var(--focus); box-shadow: 0 1px 0 var(--focus); }

  .scrollbar { position: relative; flex: none; width: 14px; border-inline-start: 1px solid var(--line); touch-action: none; }
  .scrollbar.idle .thumb { display: none; }
  .thumb { position: absolute; inset: 0 1px auto; border-radius: 2px; background: var(--vscode-scrollbarSlider-background, color-mix(in srgb, currentColor 30%, transparent)); }
  .thumb:hover { background: var(--vscode-scrollbarSlider-hoverBackground, color-mix(in srgb, currentColor 45%, transparent)); }
  .dragged .thumb { background: var(--vscode-scrollbarSlider-activeBackground, color-mix(in srgb, currentColor 55%, transparent)); }
  @media (pointer: coarse) {
    .scrollbar { width: 22px; }
    input, .button:not(.round) { height: 36px; }
    .button.round { inset: 6px 6px auto auto; width: 24px; height: 24px; }
    .item { padding-block: 10px; }
  }

  .strip { flex: none; border-top: 1px solid var(--line); }
  summary { padding: 5px 8px; cursor: default; }
  .bare summary { list-style: none; pointer-events: none; }
  .bare summary::-webkit-details-marker { display: none; }
  .which { display: inline-block; min-width: 6.5ch; font-weight: 600; }
  .facts { font-variant-numeric: tabular-nums; }
  .fact { display: inline-block; margin-inline-end: 16px; }
  .key { color: var(--quiet); }
  .fact.bad { color: var(--bad); }
  .badge {
    display: inline-block;
    min-width: 2.2ch;
    padding-inline: 0.4ch;
    border: 1px solid var(--layer);
    border-radius: 3px;
    text-align: center;
    font: 600 11px/15px var(--mono);
    color: var(--layer);
    background: var(--layer-fill);
  }
  .way { height: 116px; padding: 0 8px 6px; overflow: auto; border-top: 1px solid var(--line); }
  .steps { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  .steps :is(th, td) { padding: 2px 16px 2px 0; text-align: start; vertical-align: baseline; font-weight: normal; white-space: nowrap; }
  .steps thead th { position: sticky; top: 0; padding-top: 4px; color: var(--quiet); background: var(--vscode-editor-background, Canvas); }
  .steps .who { max-width: 42ch; overflow: hidden; text-overflow: ellipsis; }
  .steps .why { width: 100%; min-width: 28ch; white-space: normal; color: var(--quiet); }
  .steps .here .verdict { font-weight: 600; }
  .steps .unreadable { color: inherit; --layer-fill: transparent; }
  .steps .unreadable :is(.verdict, .why) { color: var(--bad); }
  .steps .none { color: var(--quiet); }
  .no-way { margin: 8px 0; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  :host([narrow]) .steps thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  :host([narrow]) .steps :is(tbody, tr) { display: block; }
  :host([narrow]) .steps tr { padding-block: 4px; border-bottom: 1px solid var(--line); }
  :host([narrow]) .steps :is(th, td) { display: inline-block; padding: 0; margin-inline-end: 10px; white-space: normal; }
  :host([narrow]) .steps .who { min-width: 0; max-width: 100%; }
  :host([narrow]) .steps td.none { display: none; }
  :host([narrow]) .steps td::before { content: attr(data-key) ' '; color: var(--quiet); }
  :host([narrow]) .steps td.why { display: block; min-width: 0; width: auto; }
  :host([narrow]) .steps td:is(.why, .verdict)::before { content: none; }
  :host([narrow]) .fact { margin-inline-end: 10px; }
  :host([narrow]) .goto { flex: 1; }
  :host([narrow]) .state { order: 1; flex: 1 0 100%; justify-content: flex-start; }
  :host([narrow]) .state:not(:has(.note:not(:empty), .chosen:not(:empty))) { margin-block-start: -6px; }
  :host([narrow]) .field { flex: 1 1 8ch; }
  :host([narrow]) input { width: 100%; }
  :host([narrow]) .goto-error { flex: 1 0 100%; }

  @media (forced-colors: active) {
    .row, .sector { background: Canvas; }
    .mark { forced-color-adjust: none; background: none; }
    .selected { border: 2px solid Highlight; }
    .hovered { border: 1px dashed CanvasText; }
    .outlined { border-inline: 2px solid CanvasText; }
    .changed { border-bottom: 2px solid CanvasText; }
    .failed { border: 3px dashed CanvasText; }
    .typing { border: 3px double Highlight; }
    .caret, .grid:focus .caret { border: 2px solid CanvasText; }
    .marks { position: relative; z-index: 1; }
    .thumb { background: CanvasText; forced-color-adjust: none; }
    .scrollbar { border-color: CanvasText; }
    .item:is(:hover, :focus) { forced-color-adjust: none; color: HighlightText; background: Highlight; }
  }
`;
