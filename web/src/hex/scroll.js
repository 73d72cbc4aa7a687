// Scrolling through more lines than a browser can scroll natively. The
// position is a whole line and the pixels by which its top is cut off, so
// nothing is ever multiplied up to pixels of the whole and nothing drifts.

/** @typedef {{line: number, cut: number}} ScrollTop cut is in [0, row height) */

/**
 * What can be scrolled: lines in all, and the heights in pixels of the
 * window and of one line.
 * @typedef {{lines: number, height: number, lineHeight: number}} ScrollArea
 */

/** @type {Readonly<ScrollTop>} */
export const atStart = Object.freeze({line: 0, cut: 0});

/**
 * The last position: the last line stands at the lower edge.
 * @param {ScrollArea} area
 * @returns {ScrollTop}
 */
export function endOf({lines, height, lineHeight}) {
  const whole = Math.floor(height / lineHeight);
  const rest = height - whole * lineHeight;
  if (lines < whole || (lines === whole && rest >= 0)) return {...atStart};
  return rest > 0
    ? {line: lines - whole - 1, cut: lineHeight - rest}
    : {line: lines - whole, cut: 0};
}

/**
 * The nearest position that exists.
 * @param {ScrollTop} top
 * @param {ScrollArea} area
 * @returns {ScrollTop}
 */
export function clampTop(top, area) {
  if (top.line < 0) return {...atStart};
  const end = endOf(area);
  return top.line > end.line || (top.line === end.line && top.cut > end.cut) ? end : top;
}

/**
 * Moves by pixels, down if positive.
 * @param {ScrollTop} top
 * @param {number} pixels
 * @param {ScrollArea} area
 */
export function scrollByPixels(top, pixels, area) {
  const sum = top.cut + pixels;
  const lines = Math.floor(sum / area.lineHeight);
  const cut = sum - lines * area.lineHeight;
  return clampTop({line: top.line + lines, cut: cut < area.lineHeight ? cut : 0}, area);
}

/**
 * Moves by whole lines.
 * @param {ScrollTop} top
 * @param {number} lines
 * @param {ScrollArea} area
 */
export function scrollByLines(top, lines, area) {
  return clampTop({line: top.line + lines, cut: top.cut}, area);
}

/**
 * The smallest move that brings a line wholly into the window; a line that
 * is far outside is put at a third of the height, with its surroundings.
 * @param {ScrollTop} top
 * @param {number} line
 * @param {ScrollArea} area
 */
export function reveal(top, line, area) {
  const whole = Math.max(1, Math.floor(area.height / area.lineHeight));
  const first = top.cut > 0 ? top.line + 1 : top.line;
  if (line >= first && (line - top.line + 1) * area.lineHeight - top.cut <= area.height) return top;
  if (line < first && first - line <= whole) return clampTop({line, cut: 0}, area);
  if (line > first && line - first < 2 * whole) return clampTop(endOf({...area, lines: line + 1}), area);
  return clampTop({line: line - Math.floor(whole / 3), cut: 0}, area);
}

/**
 * How far down a position is: 0 at the start, 1 at the end.
 * @param {ScrollTop} top
 * @param {ScrollArea} area
 */
export function fractionOf(top, area) {
  const end = endOf(area);
  const all = end.line + end.cut / area.lineHeight;
  return all > 0 ? Math.min(1, (top.line + top.cut / area.lineHeight) / all) : 0;
}

/**
 * Place and length of the scrollbar's thumb, in pixels of its track.
 * @param {ScrollTop} top
 * @param {ScrollArea} area
 * @param {number} track
 * @param {number} least shortest thumb that can still be grasped
 */
export function thumbOf(top, area, track, least) {
  const share = area.lines > 0 ? area.height / area.lineHeight / area.lines : 1;
  const length = Math.min(track, Math.max(least, Math.min(1, share) * track));
  return {start: fractionOf(top, area) * (track - length), length};
}

/**
 * Where a drag of the thumb leads. It counts from where the drag began, so
 * that going back leads back to the very same line.
 * @param {ScrollTop} from where the drag began
 * @param {number} pixels dragged, down if positive
 * @param {ScrollArea} area
 * @param {number} travel pixels that the thumb can move in all
 */
export function dragThumb(from, pixels, area, travel) {
  if (pixels === 0 || travel <= 0) return clampTop(from, area);
  const end = endOf(area);
  const start = fractionOf(from, area) * travel;
  if (start + pixels >= travel - 0.01) return end;
  if (start + pixels <= 0) return {...atStart};
  const all = end.line + end.cut / area.lineHeight;
  const moved = (pixels / travel) * all;
  const lines = Math.floor(moved);
  // Below a line a pixel, the fraction keeps the movement smooth.
  return all > travel * 4
    ? clampTop({line: from.line + lines, cut: 0}, area)
    : scrollByPixels(from, moved * area.lineHeight, area);
}
