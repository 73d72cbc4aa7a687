// For the worker of the one file. WebKit lets no worker of a page from a file
// read any Blob; the page itself may, so there it reads for its workers.

/** @returns {boolean} */
function mayRead() {
  const {FileReaderSync} = /** @type {{FileReaderSync: new () => FileReader}} */ (/** @type {unknown} */ (globalThis));
  try {
    new FileReaderSync().readAsArrayBuffer(new Blob(['-']));
    return true;
  } catch {
    return false;
  }
}

if (!mayRead()) {
  Reflect.deleteProperty(globalThis, 'FileReaderSync');
  Blob.prototype.arrayBuffer = async function () {
    const {port1, port2} = new MessageChannel();
    const answered = new Promise((resolve) => {
      port1.onmessage = ({data}) => resolve(data);
    });
    postMessage(this, {transfer: [port2]});
    const answer = await answered;
    port1.close();
    if (answer instanceof ArrayBuffer) return answer;
    throw new DOMException(answer.message, answer.name);
  };
}
