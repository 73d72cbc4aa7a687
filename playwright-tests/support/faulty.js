// A proxy in front of a site that does to requests for images what networks
// and servers do, as a test says, and counts them. On this machine only.

import http from 'node:http';
import { buffer } from 'node:stream/consumers';

/**
 * What may happen to an answer:
 *
 *   'drop'     the connection ends without one
 *   'hang'     none comes, and the connection stays
 *   'cut'      the connection ends in the middle of the body
 *   'short'    the body has fewer bytes than were asked for, and says so
 *   'long'     it has more, and says so
 *   'shifted'  it is of another range, and says so
 *   'resized'  it says that the file has another size
 *   'retagged' it says that it is of another version
 *   'whole'    it is the whole file: the server knows no ranges
 *   'late'     it comes after 300 ms
 *   a number   it is of this status, without a body
 *
 * @typedef {'drop' | 'hang' | 'cut' | 'short' | 'long' | 'shifted' | 'resized' | 'retagged' | 'whole' | 'late' | number} Fault
 *
 * A request for an image; bytes counts what of the body was sent.
 *
 * @typedef {{path: string, range: string, status: number, bytes: number}} Asked
 *
 * @typedef {object} Faulty
 * @property {string} url of the site, with a slash at the end
 * @property {Asked[]} asked for images since the last take
 * @property {() => Asked[]} take what was asked since the last take
 * @property {((nth: number, path: string) => Fault | undefined) | undefined} fault of the nth request since
 *   the last take, from 0; for as long as it is set
 * @property {() => void} release ends the connections that hang
 * @property {number} delay of every answer of an image in ms
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} base URL of a site
 * @returns {Promise<Faulty>}
 */
export async function startFaulty(base) {
  const to = new URL(base);
  const server = http.createServer((request, response) => {
    const pass = isImage(request.url) ? passImage : passOn;
    pass(request, response).catch(() => response.destroy()); // as a proxy whose server is gone
  });

  const hanging = [];

  /** The site's own answer, over a connection that nobody closes meanwhile. @param {http.IncomingHttpHeaders} [more] */
  const forward = ({ method, url, headers }, more) =>
    new Promise((resolve, reject) => {
      http
        .request({ agent: false, hostname: to.hostname, port: to.port, method, path: url, headers: { ...headers, host: to.host, ...more } }, resolve)
        .on('error', reject)
        .end();
    });

  const passOn = async (request, response) => {
    const answer = await forward(request);
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  };

  const passImage = async (request, response) => {
    const { range = '' } = request.headers;
    const asked = { path: decodeURIComponent(request.url), range, status: 0, bytes: 0 };
    const fault = faulty.fault?.(faulty.asked.length, asked.path);
    faulty.asked.push(asked);
    const wait = faulty.delay + (fault === 'late' ? 300 : 0);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (fault === 'hang') {
      hanging.push(response);
      return;
    }
    if (fault === 'drop') {
      response.destroy();
      return;
    }
    if (typeof fault === 'number') {
      asked.status = fault;
      response.writeHead(fault, { 'content-length': 0 }).end();
      return;
    }
    if (fault === 'whole') delete request.headers.range;
    const answer = await forward(request, fault === 'shifted' ? { range: shifted(range) } : {});
    const headers = { ...answer.headers };
    let body = await buffer(answer);
    if (fault === 'short') body = body.subarray(0, body.length >> 1);
    if (fault === 'long') body = Buffer.concat([body, Buffer.alloc(100, 0xEE)]);
    if (fault === 'resized') headers['content-range'] = headers['content-range']?.replace(/\d+$/, (size) => String(Number(size) + 512));
    if (fault === 'retagged') Object.assign(headers, { etag: '"another"', 'last-modified': new Date(0).toUTCString() });
    headers['content-length'] = String(body.length);
    delete headers['transfer-encoding'];
    asked.status = answer.statusCode;
    response.writeHead(answer.statusCode, headers);
    if (fault === 'cut') {
      body = body.subarray(0, body.length >> 1);
      response.write(body, () => response.destroy());
    } else {
      response.end(body);
    }
    asked.bytes = body.length;
  };

  /** @type {Faulty} */
  const faulty = {
    url: '',
    asked: [],
    take: () => faulty.asked.splice(0),
    fault: undefined,
    delay: 0,
    release: () => hanging.splice(0).forEach((response) => response.destroy()),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  faulty.url = `http://127.0.0.1:${server.address().port}${to.pathname}`;
  return faulty;
}

/** Whether a path is of an image and not of the list of them. @param {string} path */
const isImage = (path) => /\/images\/[^?]/.test(path);

/**
 * A range one byte earlier, or later: as long, so that only its place is wrong.
 *
 * @param {string} range
 */
function shifted(range) {
  const [, first, last] = /(\d+)-(\d+)/.exec(range) ?? [];
  const by = Number(first) > 0 ? -1 : 1;
  return `bytes=${Number(first) + by}-${Number(last) + by}`;
}
