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
    // WebP is half of JPEG; Playwright itself does not write it.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const devtools = await context.newCDPSession(page);
    const shot = await devtools.send('Page.captureScreenshot', {
      format: 'webp', quality: 50, captureBeyondViewport: true, clip: {x: 0, y: 0, width, height, scale: 1}});
    fs.writeFileSync(path.join(pictures, `${state}${suffix}.webp`), Buffer.from(shot.data, 'base64'));
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
