// Every state of the page at every width, by day and by night: axe finds nothing, nothing is wider than the window, and
// it prints. The other languages alike at every width, with axe at the narrowest.
// Usage: node states.js DIRECTORY, where render-pages wrote DIRECTORY.
'use strict';

const fs = require('fs');
const path = require('path');
const {pathToFileURL} = require('url');
const {WIDTHS, SCHEMES, expect, finish, fits, launch, lookAt} = require('./browser');

async function lookAtOtherLanguages(browser, directory, languages, names) {
  for (const width of WIDTHS) {
    const context = await browser.newContext({viewport: {width, height: 900}, bypassCSP: true});
    const page = await context.newPage();
    for (const language of languages) {
      for (const name of names) {
        const what = `${language} ${name.replace('.html', '')} ${width}`;
        await page.goto(pathToFileURL(path.join(path.resolve(directory), language, name)).href);
        if (width === WIDTHS[0]) {
          await lookAt(page, what);
        } else {
          await fits(page, what);
        }
      }
    }
    await context.close();
  }
}

async function main() {
  const [root] = process.argv.slice(2);
  const directory = path.join(root, 'en');
  const others = fs.readdirSync(root).filter((name) => name.length === 2 && name !== 'en').sort();
  expect(others.length === 4, 'render-pages wrote the languages');
  const names = fs.readdirSync(directory).filter((name) => name.endsWith('.html')).sort();
  expect(names.length >= 15, 'render-pages wrote the states');
  const browser = await launch();
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      const context = await browser.newContext({viewport: {width, height: 900}, colorScheme, bypassCSP: true});
      const page = await context.newPage();
      for (const name of names) {
        const what = `${name.replace('.html', '')} ${width} ${colorScheme}`;
        await page.goto(pathToFileURL(path.join(path.resolve(directory), name)).href);
        await lookAt(page, what);
      }
      await context.close();
    }
  }
  // Zoomed to 400 % a window of 1,280 px is 320 px wide, which is above. Forced colours must not hide the alert.
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, forcedColors: 'active', bypassCSP: true});
  const page = await context.newPage();
  for (const name of names) {
    await page.goto(pathToFileURL(path.join(path.resolve(directory), name)).href);
    const pdf = await page.pdf({format: 'A4'});
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length;
    expect(sheets <= 4, `${name}: prints ${sheets} sheets`);
    const focused = await page.evaluate(() => !document.querySelector('.alert') ||
                                              document.activeElement === document.querySelector('.alert'));
    expect(focused, `${name}: the alert has the focus, without a script of the page`);
  }
  await lookAtOtherLanguages(browser, root, others, names);
  await browser.close();
  finish(`states: ${names.length} pages in ${others.length + 1} languages`);
}

main().catch((error) => { console.error(error); process.exit(1); });
