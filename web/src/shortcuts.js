// The page's shortcuts: Alt+Shift and a letter, which no browser takes for
// itself and no text field writes. The hex view has keys of its own.

/** @typedef {'files' | 'folder' | 'url' | 'library' | 'layers' | 'chain' | 'volumes' | 'sectors' | 'changes' | 'details' | 'check' | 'theme' | 'help'} ShortcutName */

/** @type {readonly {name: ShortcutName, letter: string, text: string}[]} */
export const shortcuts = [
  {name: 'files', letter: 'O', text: 'Open files'},
  {name: 'folder', letter: 'P', text: 'Open a folder'},
  {name: 'url', letter: 'U', text: 'Open images by their address'},
  {name: 'library', letter: 'M', text: 'Open images of the site’s library, where it has one'},
  {name: 'layers', letter: 'L', text: 'Go to the list of disks and layers'},
  {name: 'chain', letter: 'C', text: 'Show the chain'},
  {name: 'volumes', letter: 'F', text: 'Show the files in the disk'},
  {name: 'sectors', letter: 'S', text: 'Show the sectors'},
  {name: 'changes', letter: 'G', text: 'Show what a layer changed'},
  {name: 'details', letter: 'D', text: 'Show the details'},
  {name: 'check', letter: 'E', text: 'Show the check'},
  {name: 'theme', letter: 'K', text: 'Switch between system, light and dark colours'},
  {name: 'help', letter: 'H', text: 'Show this help'},
];

/**
 * The shortcut that a key event means. The key's place counts, for Alt and
 * Shift change the letter on some keyboards.
 *
 * @param {Pick<KeyboardEvent, 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'code'>} event
 * @returns {ShortcutName | undefined}
 */
export function shortcutOf({altKey, shiftKey, ctrlKey, metaKey, code}) {
  if (!altKey || !shiftKey || ctrlKey || metaKey) return undefined;
  return shortcuts.find(({letter}) => code === `Key${letter}`)?.name;
}
