// What the browser tests share: Debian's Chromium, looking at a page, and saying what failed.
'use strict';

const {chromium} = require('playwright-core');
const axeSource = require('axe-core').source;

const WIDTHS = [320, 768, 1280];
const SCHEMES = ['light', 'dark'];

let failures = 0;

// Counts and prints a failure; the run goes on.
function expect(good, sentence) {
  if (good) return true;
  failures += 1;
  console.log(`FAILED: ${sentence}`);
  return false;
}

async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--disable-gpu', '--lang=en-US', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
}

async function fits(page, name) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow <= 0, `${name}: ${overflow} px wider than the window`);
}

// axe needs a script in the page, which the page's own policy forbids: this context alone ignores the policy.
async function lookAt(page, name) {
  await fits(page, name);
  await page.evaluate(axeSource);
  // Only what is wrong crosses over to Node: what is right is a hundred times as much.
  const violations = await page.evaluate(async () => (await window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  })).violations);
  for (const violation of violations) {
    expect(false, `${name}: ${violation.id}: ${violation.help}: ${violation.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`);
  }
}

// Ends the process: 0 when nothing failed.
function finish(what) {
  console.log(failures === 0 ? `${what}: all good` : `${what}: ${failures} failures`);
  process.exit(failures === 0 ? 0 : 1);
}

module.exports = {WIDTHS, SCHEMES, expect, finish, fits, launch, lookAt};
