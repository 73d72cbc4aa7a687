// The frame of the page, which its two shapes have in common.

import {readFile} from 'node:fs/promises';

/**
 * @param {{policy: string, head: string[], body: string[]}} parts the policy, and lines of HTML
 * @returns {Promise<string>}
 */
export async function fillPage({policy, head, body}) {
  const frame = await readFile(new URL('../src/index.html', import.meta.url), 'utf8');
  const lines = (/** @type {string[]} */ html) => html.map((line) => `  ${line}\n`).join('');
  return frame
    .replace('{{POLICY}}', () => policy)
    .replace('  {{HEAD}}\n', () => lines(head))
    .replace('  {{BODY}}\n', () => lines(body));
}
