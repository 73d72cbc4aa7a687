/**
 * The details of a test that runs in Chromium only: of what the page or its
 * programs work out by themselves, whatever the browser. What a test does with
 * files, saving, storage, workers, the keyboard or the focus runs in both, and
 * so does at least one test of each view.
 */
export const ONCE = { tag: '@once' };
