// Begins a run with its seed, and ends it with a plain line for each test that
// failed and one of counts: "browsers: 3 passed, 0 failed, 1 skipped".

import path from 'node:path';
import process from 'node:process';

export default class ClosingLine {
  onBegin(config, suite) {
    this.suite = suite;
    console.log(`VHDSCOPE_SEED=${process.env.VHDSCOPE_SEED}`);
  }

  onEnd() {
    console.log();
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.suite.allTests()) {
      const outcome = test.outcome();
      if (outcome === 'skipped') counts.skipped++;
      else if (outcome === 'expected') counts.passed++;
      else {
        counts.failed++;
        console.log(`FAIL: ${why(test)}`);
      }
    }
    console.log(`browsers: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }

  printsToStdio() {
    return false;
  }
}

/** What a line has room for: "firefox url.spec.js:31 a title: the error's first line". */
function why(test) {
  const { location, title, results } = test;
  const error = results.at(-1)?.error?.message ?? results.at(-1)?.status ?? 'not run';
  const plain = error.replace(/\x1b\[[0-9;]*m/g, '').split('\n')[0];
  return `${test.parent.project().name} ${path.basename(location.file)}:${location.line} ${title}: ${plain}`;
}
