// Every state of the page at every width, by day and by night: axe finds nothing, nothing is wider than the window, and
// it prints. Usage: node states.js DIRECTORY, where render-pages wrote DIRECTORY.
'use strict';

const fs = require('fs');
const path = require('path');
const {pathToFileURL} = require('url');
const {WIDTHS, SCHEMES, expect, finish, launch, lookAt} = require('./browser');

async function main() {
  const [directory] = process.argv.slice(2);
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
  await browser.close();
  finish(`states: ${names.length} pages`);
}

main().catch((error) => { console.error(error); process.exit(1); });
