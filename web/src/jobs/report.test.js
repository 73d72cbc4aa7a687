import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asJson, asText, filtered, tally} from './report.js';

/** @import {CheckFinding, CheckReport} from '../engine/jobs-protocol.js' */

/**
 * @param {string} severity
 * @param {number} layer
 * @param {Partial<CheckFinding>} [rest]
 * @returns {CheckFinding}
 */
const finding = (severity, layer, rest) => ({
  layer, file: layer + 10, rule: `rule-${severity}`, severity, message: `A ${severity}.`, offset: -1, length: 0, got: '', want: '', ...rest,
});

/** @type {CheckReport} */
const report = {
  name: 'leaf.vhd',
  data: false,
  layers: [{file: 10, name: 'leaf.vhd', size: 4096, edit: false}, {file: 11, name: 'odd\nname "x".vhd', size: 2 ** 33, edit: false}],
  findings: [
    finding('error', 1, {offset: 2 ** 32, length: 512, got: '0x1', want: '0x2', message: 'One\nErrors: 0'}),
    finding('warning', 0),
    finding('warning', 1),
    finding('note', 0),
  ],
};

test('filters keep what they name, in order', () => {
  const kept = (/** @type {string} */ severity, /** @type {number} */ layer) =>
    filtered(report.findings, {severity, layer}).map((one) => report.findings.indexOf(one));
  assert.deepEqual(kept('', -1), [0, 1, 2, 3]);
  assert.deepEqual(kept('warning', -1), [1, 2]);
  assert.deepEqual(kept('', 0), [1, 3]);
  assert.deepEqual(kept('warning', 1), [2]);
  assert.deepEqual(kept('error', 0), []);
});

test('a tally names what there is', () => {
  assert.equal(tally(report.findings), '1 error, 2 warnings, 1 note');
  assert.equal(tally([]), 'nothing found');
});

test('the JSON can be read back, and is the same again', () => {
  const read = JSON.parse(asJson(report));
  assert.deepEqual(read.layers, [{name: 'leaf.vhd', size: 4096}, {name: 'odd\nname "x".vhd', size: 2 ** 33}]);
  assert.deepEqual(read.findings.map((/** @type {any} */ {severity, layer, offset}) => [severity, layer, offset]),
    [['error', 1, 2 ** 32], ['warning', 0, -1], ['warning', 1, -1], ['note', 0, -1]]);
  assert.equal(asJson(structuredClone(report)), asJson(report));
});

test('names and messages out of files cannot add lines to the text', () => {
  const text = asText(report);
  assert.equal(text.split('\n').filter((line) => line.startsWith('Error')).length, 1, text);
  assert.match(text, /layer B \(odd\uFFFDname "x"\.vhd\), 512 bytes at 0x100000000$/m);
  assert.match(text, /^Result: 1 error, 2 warnings, 1 note$/m);
});
