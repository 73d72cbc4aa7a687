// For the worker of the site. What keeps the page to its own host and those
// that the build allows is a policy, and a worker has that from headers only:
// of a host that sends none, a redirect would lead it anywhere.

const allowed = [location.origin, ...CONNECT];
const ask = fetch;

globalThis.fetch = async (...request) => {
  const response = await ask(...request);
  const {origin} = new URL(response.url);
  if (!allowed.includes(origin)) {
    await response.body?.cancel();
    throw new TypeError(`redirected to ${origin}, which this site may not read from`);
  }
  return response;
};

export {}; // a module, though it gives nothing
