// Where bytes stand in the list of lines. Every sector begins with a line
// that names it, and its rows of bytes follow; so every sector takes the same
// number of lines, and a line is found by arithmetic however large the disk.

/** Bytes of a sector: the unit in which disks are addressed. */
export const sectorSize = 512;

/**
 * How many lines a whole sector takes.
 * @param {number} width bytes of a row; divides 512
 */
function linesPerSector(width) {
  return sectorSize / width + 1;
}

/**
 * How many lines a source takes.
 * @param {number} size bytes
 * @param {number} width bytes of a row
 */
export function lineCount(size, width) {
  const rest = size % sectorSize;
  const whole = (size - rest) / sectorSize;
  return whole * linesPerSector(width) + (rest > 0 ? 1 + Math.ceil(rest / width) : 0);
}

/**
 * The line of the row that holds a byte.
 * @param {number} offset
 * @param {number} width
 */
export function lineOfByte(offset, width) {
  const within = offset % sectorSize;
  const sector = (offset - within) / sectorSize;
  return sector * linesPerSector(width) + 1 + Math.floor(within / width);
}

/**
 * What a line shows: a row of bytes that begins at offset, or the head of
 * the sector that begins there.
 * @param {number} line
 * @param {number} width
 * @returns {{offset: number, head: boolean}}
 */
export function lineAt(line, width) {
  const per = linesPerSector(width);
  const within = line % per;
  const sector = (line - within) / per;
  return {
    offset: sector * sectorSize + (within > 0 ? (within - 1) * width : 0),
    head: within === 0,
  };
}
