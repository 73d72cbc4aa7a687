// Where Cloudflare starts: the glue that starts the Go program, behind what
// that glue would fail on.

import worker from './build/worker.mjs';

export default {
  /**
   * @param {Request} request
   * @param {unknown} env
   * @param {unknown} context
   */
  fetch(request, env, context) {
    // In URLs as browsers read them, a % that escapes nothing stands for
    // itself. Go reads no such URL.
    const url = request.url.replaceAll(/%(?![0-9a-f]{2})/gi, '%25');
    return worker.fetch(url === request.url ? request : new Request(url, request), env, context);
  },
};
