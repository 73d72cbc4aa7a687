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
  try {
    localStorage.setItem(key, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
}
