// Reads `_headers`, the file by which static hosts (Cloudflare, Netlify) are
// told what headers to send: a path pattern at the start of a line, its
// headers on indented lines below. `*` in a pattern stands for anything.

/**
 * @param {string} text
 * @returns {{pattern: RegExp, headers: [string, string][]}[]}
 */
export function parseHeaders(text) {
  const rules = [];
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim() || line.trimStart().startsWith('#')) continue;
    if (!/^\s/.test(line)) {
      rules.push({ pattern: patternOf(line.trim()), headers: [] });
      continue;
    }
    const colon = line.indexOf(':');
    const rule = rules.at(-1);
    if (colon < 0 || !rule) throw new Error(`_headers: cannot read the line ${JSON.stringify(line)}`);
    rule.headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return rules;
}

/**
 * The headers for one path. What two rules say of one header is joined, as
 * Cloudflare does it: rules for the same header had better not meet.
 * @param {ReturnType<typeof parseHeaders>} rules
 * @param {string} path
 * @returns {Record<string, string>}
 */
export function headersFor(rules, path) {
  /** @type {Map<string, [string, string]>} */
  const found = new Map();
  for (const rule of rules) {
    if (!rule.pattern.test(path)) continue;
    for (const [name, value] of rule.headers) {
      const before = found.get(name.toLowerCase());
      found.set(name.toLowerCase(), before ? [before[0], `${before[1]}, ${value}`] : [name, value]);
    }
  }
  return Object.fromEntries(found.values());
}

function patternOf(path) {
  const parts = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
