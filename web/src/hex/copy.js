// Takes bytes out of the view and onto the clipboard: all of them or none.

import {byteCount, hexWord} from './words.js';

/** @typedef {import('./types.js').View} View */
/** @typedef {{offset: number, length: number}} Range */

/** Most bytes that one copy takes. */
export const copyLimit = 16 * 1024 * 1024;

/** Bytes asked for at once: the most that a view may have. */
const step = 1024 * 1024;

/**
 * Why a copy was not made, in a sentence.
 */
export class CopyRefusal extends Error {}

/**
 * Reads a range whole.
 * @param {(range: Range) => Promise<View>} ask
 * @param {Range} range
 * @param {(done: number) => void} [progress] told the bytes read so far
 * @returns {Promise<Uint8Array>} rejects with a CopyRefusal where the range is
 *   too long or a part of it cannot be read
 */
export async function gather(ask, range, progress = () => {}) {
  if (range.length > copyLimit) {
    throw new CopyRefusal(`Nothing was copied: ${byteCount(range.length)} are selected, and a copy takes at most 16 MiB.`);
  }
  const bytes = new Uint8Array(range.length);
  for (let done = 0; done < range.length; ) {
    const offset = range.offset + done;
    const view = await ask({offset, length: Math.min(step, range.length - done)});
    const bad = view.extents.find((extent) => extent.state === 'unreadable');
    if (bad) {
      const from = Math.max(bad.offset, range.offset);
      const to = Math.min(bad.offset + bad.length, range.offset + range.length) - 1;
      const why = bad.problem?.message ? ` (${bad.problem.message})` : '';
      throw new CopyRefusal(`Nothing was copied: bytes ${hexWord(from)} to ${hexWord(to)} cannot be read${why}.`);
    }
    if (view.offset !== offset || view.bytes.length === 0) {
      throw new CopyRefusal(`Nothing was copied: the engine gave no bytes at ${hexWord(offset)}.`);
    }
    const part = view.bytes.subarray(0, range.length - done);
    bytes.set(part, done);
    done += part.length;
    progress(done);
  }
  return bytes;
}

/**
 * Puts a text that is still being made on the clipboard. The promise is
 * handed over at once, as browsers allow writing only soon after a key or
 * click; where there is no Clipboard API, a copy event carries the text.
 * @param {Promise<string>} text
 */
export async function putOnClipboard(text) {
  if (navigator.clipboard && typeof ClipboardItem === 'function') {
    try {
      const blob = text.then((value) => new Blob([value], {type: 'text/plain'}));
      await navigator.clipboard.write([new ClipboardItem({'text/plain': blob})]);
      return;
    } catch {
      await text; // a failure to make the text is the one to tell
    }
  }
  const value = await text;
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    if (!copyByEvent(value)) throw new CopyRefusal('Nothing was copied: the browser does not let this page write to the clipboard.');
  }
}

/** @param {string} text */
function copyByEvent(text) {
  let given = false;
  /** @param {ClipboardEvent} event */
  const give = (event) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    given = true;
  };
  // A copy command needs something selected to copy.
  const field = document.createElement('textarea');
  field.value = ' ';
  field.style.position = 'fixed';
  field.style.opacity = '0';
  const focused = /** @type {HTMLElement | null} */ (deepFocus(document));
  document.body.append(field);
  field.select();
  document.addEventListener('copy', give, {once: true, capture: true});
  document.execCommand('copy');
  document.removeEventListener('copy', give, {capture: true});
  field.remove();
  focused?.focus();
  return given;
}

/**
 * @param {DocumentOrShadowRoot} root
 * @returns {Element | null}
 */
function deepFocus(root) {
  const active = root.activeElement;
  return active?.shadowRoot ? (deepFocus(active.shadowRoot) ?? active) : active;
}
