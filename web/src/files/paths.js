// Paths in a volume: from its root '/', with '/' between names.

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string} the path of what is called so in a folder
 */
export function pathIn(folder, name) {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/**
 * @param {string} path
 * @returns {string} the folder that it is in; of the root, the root
 */
export function folderOf(path) {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/**
 * @param {string} path
 * @returns {string} its last name; of the root, ''
 */
export function nameOf(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * @param {string} path
 * @returns {{name: string, path: string}[]} the folders on the way to it and itself, but for the root
 */
export function stepsTo(path) {
  const names = path.split('/').filter(Boolean);
  return names.map((name, i) => ({name, path: `/${names.slice(0, i + 1).join('/')}`}));
}
