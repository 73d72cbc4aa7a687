// HTTP as it is written: no field is added, joined, or corrected.

import http from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * @param {string} base URL of a site
 * @param {string} path below it, sent as it is
 * @param {{method?: string, send?: [string, string][]}} [options] fields in the order and as
 *   often as they are given
 * @returns {Promise<{status: number, fields: Record<string, string>, body: Buffer}>} fields by
 *   names in small letters
 */
export async function ask(base, path, { method = 'GET', send = [] } = {}) {
  const { host, hostname, port, pathname } = new URL(base);
  const response = await new Promise((resolve, reject) => {
    http
      .request({ agent: false, hostname, port, method, path: pathname + path, headers: [['Host', host], ...send].flat() }, resolve)
      .on('error', reject)
      .end();
  });
  return { status: response.statusCode, fields: response.headers, body: await buffer(response) };
}
