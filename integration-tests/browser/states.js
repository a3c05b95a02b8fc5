// Every state of the page, in every language: axe finds nothing, and at no width is anything wider
// than the window. In English axe looks at every width by day and by night, in the other languages at the narrowest by
// day: the colours of the night are the same in every language. In English also with forced colours, and printed.
// Usage: node states.js DIRECTORY, where render-pages wrote DIRECTORY.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const {pathToFileURL} = require('url');
const {WIDTHS, SCHEMES, expect, finish, fits, launch, lookAt} = require('./browser');

// What is looked at in one context of the browser, one page after the other.
function roundsOf(languages) {
  const rounds = [];
  for (const language of languages) {
    for (const colorScheme of SCHEMES) {
      for (const width of WIDTHS) {
        const axe = language === 'en' || (width === WIDTHS[0] && colorScheme === SCHEMES[0]);
        // Colours make nothing wider.
        if (axe || colorScheme === SCHEMES[0]) rounds.push({language, colorScheme, width, look: axe ? lookAt : fits});
      }
    }
  }
  return rounds;
}

async function lookAtRound(browser, root, names, {language, colorScheme, width, look}) {
  const context = await browser.newContext({viewport: {width, height: 900}, colorScheme, bypassCSP: true});
  const page = await context.newPage();
  for (const name of names) {
    await page.goto(pathToFileURL(path.join(path.resolve(root), language, name)).href);
    await look(page, `${language} ${name.replace('.html', '')} ${width} ${colorScheme}`);
  }
  await context.close();
}

// A receipt is on two sheets; the page with its whole form may take one more.
const mostSheets = (name) => (/^(checked|code_|decline_received|received|review)/.test(name) ? 3 : 2);

// Zoomed to 400 % a window of 1,280 px is 320 px wide, which is above. Forced colours must not hide the alert.
async function printThem(browser, root, names) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, forcedColors: 'active', bypassCSP: true});
  const page = await context.newPage();
  for (const name of names) {
    await page.goto(pathToFileURL(path.join(path.resolve(root), 'en', name)).href);
    for (const format of ['A4', 'Letter']) {
      const pdf = await page.pdf({format});
      const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length;
      expect(sheets <= mostSheets(name), `${name}: prints ${sheets} sheets of ${format}`);
    }
    const focused = await page.evaluate(() => !document.querySelector('.alert') ||
                                              document.activeElement === document.querySelector('.alert'));
    expect(focused, `${name}: the alert has the focus, without a script of the page`);
  }
  await context.close();
}

async function main() {
  const [root] = process.argv.slice(2);
  const languages = fs.readdirSync(root).filter((name) => name.length === 2).sort();
  expect(languages.length === 5, 'render-pages wrote the languages');
  const names = fs.readdirSync(path.join(root, 'en')).filter((name) => name.endsWith('.html')).sort();
  expect(names.length >= 45, 'render-pages wrote the states');
  const rounds = roundsOf(languages);
  const count = rounds.length * names.length;
  // A browser for each processor: axe computes all the time.
  await Promise.all(Array.from({length: os.cpus().length}, async () => {
    const browser = await launch();
    while (rounds.length > 0) await lookAtRound(browser, root, names, rounds.shift());
    await browser.close();
  }));
  const browser = await launch();
  await printThem(browser, root, names);
  await browser.close();
  finish(`states: ${names.length} pages in ${languages.length} languages, looked at ${count} times`);
}

main().catch((error) => { console.error(error); process.exit(1); });
