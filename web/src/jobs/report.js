// A check's report: counted, filtered, and written down for others.

import {formatCount, formatNumber, formatOffset} from '../format.js';
import {layerTitle, layerWord, placeOf} from '../layers.js';
import {severitySign} from '../words.js';

/** @import {CheckFinding, CheckReport} from '../engine/jobs-protocol.js' */

/** The worst first. */
export const severities = /** @type {const} */ (['error', 'warning', 'note']);

/**
 * What of a report to show: one severity or all (''), one layer or all (-1).
 *
 * @typedef {{severity: string, layer: number}} Filter
 */

/**
 * @param {readonly CheckFinding[]} findings
 * @param {Filter} filter
 * @returns {CheckFinding[]}
 */
export function filtered(findings, {severity, layer}) {
  return findings.filter((finding) => (severity === '' || finding.severity === severity) && (layer === -1 || finding.layer === layer));
}

/**
 * How many findings of a severity there are, in words: '2 errors, 1 note'.
 *
 * @param {readonly CheckFinding[]} findings
 * @returns {string}
 */
export function tally(findings) {
  const parts = severities.map((severity) => ({severity, count: findings.filter((one) => one.severity === severity).length}))
    .filter(({count}) => count > 0)
    .map(({severity, count}) => formatCount(count, severity));
  return parts.join(', ') || 'nothing found';
}

/**
 * @param {CheckReport} report
 * @returns {string} for people
 */
export function asText(report) {
  const {name, data, layers, findings} = report;
  const lines = [
    `Check of ${plain(name)}`,
    `Data of blocks: ${data ? 'read' : 'not read'}`,
    ...layers.map((layer, i) => `${layerTitle(placeOf(layers, i))}: ${plain(layer.name)}, ${formatNumber(layer.size)} bytes`),
    `Result: ${tally(findings)}`,
  ];
  for (const finding of findings) {
    const {severity, rule, layer, offset, length, message, got, want} = finding;
    const place = offset < 0 ? '' : `, ${formatCount(length, 'byte')} at ${formatOffset(offset)}`;
    lines.push('', `${severitySign(severity).word}: ${plain(message)}`,
      `  rule ${rule}, ${layerWord(placeOf(layers, layer))} (${plain(layers[layer]?.name ?? '')})${place}`);
    if (got) lines.push(`  found ${plain(got)}`);
    if (want) lines.push(`  expected ${plain(want)}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {CheckReport} report
 * @returns {string} for programs: JSON, the same for the same findings
 */
export function asJson({name, data, layers, findings}) {
  return `${JSON.stringify({
    tool: 'vhdscope',
    name,
    data,
    layers: layers.map((layer) => ({name: layer.name, size: layer.size})),
    findings: findings.map(({severity, rule, layer, message, offset, length, got, want}) =>
      ({severity, rule, layer, message, offset, length, got, want})),
  }, null, 2)}\n`;
}

/**
 * Text out of a file on one line.
 *
 * @param {string} text
 */
export function plain(text) {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
