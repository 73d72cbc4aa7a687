// The built-in sample: a small chain that is part of the bundle, so that it
// opens without a request.

/** @returns {Promise<File[]>} */
export async function sampleFiles() {
  const {files} = await import('vhdscope:sample');
  return Promise.all(files.map(async ({name, gzip}) => {
    const stream = new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'));
    const bytes = await new Response(stream).arrayBuffer();
    // One fixed time, so that opening the sample again changes nothing.
    return new File([bytes], name, {lastModified: 0});
  }));
}
