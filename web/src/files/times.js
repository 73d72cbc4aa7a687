// Times of files. They are shown as the volume keeps them: of UTC, or of a
// clock whose zone nobody wrote down; the page says which.

const minutes = new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC'});
const seconds = new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC'});

/**
 * To the minute: '23 Nov 2026, 14:05'.
 *
 * @param {number} time ms since 1970
 * @returns {string} '' where there is none
 */
export function formatTime(time) {
  return isTime(time) ? minutes.format(time) : '';
}

/**
 * To the second: '23 Nov 2026, 14:05:09'.
 *
 * @param {number} time ms since 1970
 * @returns {string} '' where there is none
 */
export function formatExactTime(time) {
  return isTime(time) ? seconds.format(time) : '';
}

/**
 * @param {string} time as volumes write it: without a zone where that is not kept
 * @returns {number} ms since 1970, as if of UTC where the zone is not kept; NaN where there is none
 */
export function timeOf(time) {
  return Date.parse(time === '' || time.endsWith('Z') ? time : `${time}Z`);
}

/**
 * @param {boolean} local
 * @returns {string} whose time it is, in a word
 */
export function zoneWord(local) {
  return local ? 'disk’s clock' : 'UTC';
}

/** Volumes may hold any number; a Date takes not all of them. @param {number} time */
function isTime(time) {
  return Math.abs(time) <= 8.64e15;
}
