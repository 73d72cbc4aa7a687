// Begins a run with its seed, and ends it with one plain line of counts:
// "browsers: 3 passed, 0 failed, 1 skipped".

import process from 'node:process';

export default class ClosingLine {
  onBegin(config, suite) {
    this.suite = suite;
    console.log(`VHDSCOPE_SEED=${process.env.VHDSCOPE_SEED}`);
  }

  onEnd() {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.suite.allTests()) {
      const outcome = test.outcome();
      if (outcome === 'skipped') counts.skipped++;
      else if (outcome === 'expected') counts.passed++;
      else counts.failed++;
    }
    console.log(`\nbrowsers: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }

  printsToStdio() {
    return false;
  }
}
