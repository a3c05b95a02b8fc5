// A picture of every state of the page, for docs/page. Usage: node pictures.js DIRECTORY PICTURES, where render-pages wrote
// DIRECTORY.
'use strict';

const fs = require('fs');
const path = require('path');
const {pathToFileURL} = require('url');
const {launch} = require('./browser');

async function main() {
  const [root, pictures] = process.argv.slice(2);
  fs.mkdirSync(pictures, {recursive: true});
  const browser = await launch();
  const take = async (state, width, colorScheme, suffix, language = 'en') => {
    const context = await browser.newContext({viewport: {width, height: 900}, colorScheme});
    const page = await context.newPage();
    await page.goto(pathToFileURL(path.join(path.resolve(root), language, `${state}.html`)).href);
    await page.screenshot({path: path.join(pictures, `${state}${suffix}.jpg`), type: 'jpeg', quality: 45, fullPage: true});
    await context.close();
  };
  for (const name of fs.readdirSync(path.join(root, 'en')).filter((file) => file.endsWith('.html'))) {
    await take(name.replace('.html', ''), 1100, 'light', '');
  }
  await take('review', 320, 'light', '-320');
  await take('review', 1100, 'dark', '-dark');
  for (const language of ['de', 'fr', 'ja', 'ar']) {
    await take('review', 1100, 'light', `-${language}`, language);
  }
  await browser.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
