// Light or dark: as the system says, or as the person chose. The choice is
// kept where the browser lets the page keep anything.

/** @typedef {'system' | 'light' | 'dark'} Theme */

/** @type {readonly Theme[]} */
export const themes = ['system', 'light', 'dark'];

const key = 'vhdscope.theme';

/** @returns {Theme} the theme that was chosen before */
export function storedTheme() {
  try {
    const stored = localStorage.getItem(key);
    return themes.find((theme) => theme === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

/**
 * Shows the page in a theme and keeps the choice.
 *
 * @param {Theme} theme
 */
export function applyTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  colourTitleBar(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
}

/**
 * An installed page has a title bar in the colour of one of two elements, by
 * what the system is: it is to be that of the page.
 *
 * @param {Theme} theme
 */
function colourTitleBar(theme) {
  for (const bar of document.querySelectorAll('meta[name=theme-color]')) {
    const element = /** @type {HTMLMetaElement} */ (bar);
    const dark = theme === 'system' ? element.media.includes('dark') : theme === 'dark';
    element.content = dark ? '#14161b' : '#f3f4f7'; // --page of styles/page.css
  }
}
