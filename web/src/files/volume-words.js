// How volumes and the parts of a disk are spoken of.

/** @import {Part} from '../engine/volumes-protocol.js' */

/**
 * @param {Part} part
 * @returns {string} what it is called on its own: 'Data (NTFS)', 'Volume 2 (FAT16)'
 */
export function volumeName(part) {
  const label = labelOf(part) || (part.index > 0 ? `Volume ${part.index}` : 'Volume');
  return part.content ? `${label} (${part.content})` : label;
}

/** @param {Part} part */
export function labelOf({contentLabel, label}) {
  return contentLabel || label;
}

/** @param {Part} part */
export function uuidOf({contentUuid, uuid}) {
  return contentUuid || uuid;
}

/**
 * By what a part is coloured: what it is for, which its words say too.
 *
 * @param {Part} part
 * @returns {'gap' | 'windows' | 'linux' | 'disc' | 'other' | 'unknown'}
 */
export function family({gap, content}) {
  if (gap) return 'gap';
  if (/^(ntfs|refs|fat|exfat|bitlocker)/i.test(content)) return 'windows';
  if (/^(ext|xfs|btrfs|f2fs|lvm|luks|swap|linux|squashfs|jfs|reiser)/i.test(content)) return 'linux';
  if (/^(iso|udf|hfs|apfs)/i.test(content)) return 'disc';
  return content ? 'other' : 'unknown';
}

/** How a disk is divided, in words. @type {Record<string, string>} */
const schemes = {
  gpt: 'GPT partition table',
  mbr: 'MBR partition table',
  none: 'No partition table: one volume is the whole disk',
  empty: 'No partition table and no file system that is known here',
};

/** @param {string} scheme */
export function schemeWord(scheme) {
  return schemes[scheme] ?? scheme;
}
