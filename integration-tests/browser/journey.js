// What customers do on the page, against the running services. Usage: node journey.js URL URL URL URL URL, each the link of
// an order that waits; the last one changes a subscription. MAILBOX is the folder of the suite's mail. The page needs no
// script, so its scripts are off throughout.
'use strict';

const fs = require('fs');
const path = require('path');
const {expect, finish, launch, lookAt} = require('./browser');

const DETAILS = {
  company_name: 'Contoso Ltd',
  address: '1 Main Street',
  city: 'Springfield',
  region: 'OR',
  postal_code: '97403',
  contact_email: 'accounts@contoso.example',
  confirmer_name: 'Kim Buyer',
  confirmer_title: 'Head of Purchasing',
  confirmer_email: 'kim@contoso.example',
};

async function open(browser, url) {
  const context = await browser.newContext({
    viewport: {width: 1280, height: 900}, javaScriptEnabled: false, reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  // Chromium reports the statuses of our own answers to a press (409, 422) as well; they are looked at by what they show.
  page.on('console', (message) => expect(message.type() !== 'error' || /status of 4(09|22)/.test(message.text()),
    `the console says: ${message.text()}`));
  page.on('request', (request) => expect(new URL(request.url()).origin === new URL(url).origin,
    `nothing is loaded from elsewhere: ${request.url()}`));
  await page.goto(url);
  return page;
}

const heading = (page) => page.locator('h1').innerText();
const alert = async (page) => (await page.locator('.alert').count()) ? page.locator('.alert h2').innerText() : '';

async function fill(page) {
  await page.selectOption('#country', 'US');
  for (const [name, value] of Object.entries(DETAILS)) await page.fill(`#${name}`, value);
  await page.check('#agreement');
}

// Where the account that pays is known.
async function fillConfirmer(page) {
  for (const name of ['confirmer_name', 'confirmer_title', 'confirmer_email']) await page.fill(`#${name}`, DETAILS[name]);
  await page.check('#agreement');
}

const press = (page, name) => page.getByRole('button', {name, exact: true}).click();

// Scanners and prefetchers come first and change nothing; then the whole way to the confirmation, and back.
async function confirms(browser, url) {
  for (const headers of [{}, {'Sec-Purpose': 'prefetch'}, {'User-Agent': 'SafeLinks scanner'}]) {
    await fetch(url, {headers});
    await fetch(url, {headers, method: 'HEAD'});
  }
  const page = await open(browser, url);
  expect((await heading(page)).startsWith('Review your order from'), 'the order waits after scanners came');
  await press(page, 'Confirm order');
  expect(await alert(page) === 'Some details need fixing', 'an empty form is not an order');
  const focused = await page.evaluate(() => document.activeElement.className);
  expect(focused === 'alert', `the alert has the focus, not ${focused}`);
  await fill(page);
  await press(page, 'Confirm order');
  expect((await heading(page)).startsWith('Your order is confirmed'), `confirmed: ${await heading(page)}`);
  const receipt = page.url();
  expect(receipt.includes('/r/'), `the press leads to the receipt: ${receipt.replace(/[.].*/, '')}`);
  expect((await page.locator('main').innerText()).includes('Kim Buyer'), 'the receipt shows what was entered');
  await page.reload();
  expect((await heading(page)).startsWith('Your order is confirmed'), 'still confirmed after a reload');
  await doesNotRenew(page, receipt);
  await findsTheReceiptAgain(browser, url, await page.locator('.eyebrow .code').innerText());
  await page.goto(url);
  expect(!(await page.locator('main').innerText()).includes('Kim Buyer'), 'the link shows nothing that was entered');
  await lookAtWithScripts(browser, receipt, 'receipt');
  await lookAtWithScripts(browser, url, 'confirmed by link');
}

async function declines(browser, url) {
  const page = await open(browser, url);
  await page.fill('#company_name', 'Typed Ltd');
  await page.getByText('Decline this order').click();
  await page.fill('#reason', 'Too many seats');
  await press(page, 'Decline order');
  expect(await heading(page) === 'You declined this order', `declined: ${await heading(page)}`);
  await lookAtWithScripts(browser, url, 'declined');
}

// Two people with the same link: the one who comes late is told which press stands.
async function twoTabs(browser, url) {
  const first = await open(browser, url), second = await open(browser, url);
  await fill(first);
  await second.getByText('Decline this order').click();
  await press(first, 'Confirm order');
  await press(second, 'Decline order');
  expect((await alert(second)).includes('came too late'), `the second is told: ${await alert(second)}`);
  expect((await heading(second)).startsWith('Your order is confirmed'), 'the first press stands');
  await first.goBack();
  expect((await heading(first)).startsWith('Your order is confirmed'), 'going back shows no form again');
}

async function entersInEveryField(browser, url) {
  const page = await open(browser, url);
  await fill(page);
  const names = await page.locator('form input:not([type=hidden])').evaluateAll((all) => all.map((input) => input.id));
  expect(names.length >= 11, `there are fields: ${names.length}`);
  for (const name of names) {
    await page.locator(`#${name}`).focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(await alert(page) === 'Nothing is ordered yet', `Enter in ${name} orders nothing: ${await alert(page)}`);
    expect(await page.inputValue('#company_name') === DETAILS.company_name, `Enter in ${name} loses nothing`);
  }
  await page.fill('#city', 'Eugene');
  await press(page, 'Deutsch');
  expect(await page.locator('html').getAttribute('lang') === 'de', 'the page is in German');
  expect(await page.inputValue('#city') === 'Eugene', 'another language loses nothing');
  expect(!(await page.isChecked('#agreement')), 'the tick is for the words beside it');
  await page.goto(url);
  expect((await heading(page)).startsWith('Review your order from'), 'the order still waits');
}

// The code in the newest mail, as its receiver reads it.
function mailedCode() {
  const mails = fs.readdirSync(process.env.MAILBOX).filter((name) => name.startsWith('code-'))
    .map((name) => path.join(process.env.MAILBOX, name))
    .sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs);
  expect(mails.length > 0, 'a code was mailed');
  return fs.readFileSync(mails.pop(), 'utf8').match(/^Code: ([0-9]{6})/m)[1];
}

// An act on the receipt is shown first, needs a code of its own, and is then there to see.
async function doesNotRenew(page, receipt) {
  const button = page.getByRole('button', {name: 'Do not renew …', exact: true});
  for (let i = 0; i < 150 && !(await button.count()); ++i) {  // Until the order is set up.
    await page.waitForTimeout(200);
    await page.goto(receipt);
  }
  await press(page, 'Do not renew …');
  expect((await heading(page)).startsWith('Let these services end'), `it is shown first: ${await heading(page)}`);
  await press(page, 'Mail the code');
  expect((await alert(page)).startsWith('We mailed a code to'), `a code is mailed: ${await alert(page)}`);
  await page.fill('#code', mailedCode());
  await press(page, 'Do not renew');
  expect(page.url() === receipt, 'the act leads back to the receipt');
  const text = await page.locator('main').innerText();
  expect(text.includes('you switched the renewal off'), 'the receipt says what was done');
  expect(!(await button.count()), 'and offers it no more');
}

// Whoever lost a receipt gets its address by mail, and the page says nothing of what it found.
async function findsTheReceiptAgain(browser, url, number) {
  const page = await open(browser, `${new URL(url).origin}/find`);
  await page.locator('#number').focus();
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  expect(await alert(page) === 'Some details need fixing', `an empty form finds nothing: ${await alert(page)}`);
  await page.fill('#number', number);
  await page.fill('#email', DETAILS.contact_email);
  await press(page, 'Mail it to me');
  expect(await heading(page) === 'Thank you', `the one answer: ${await heading(page)}`);
  const mails = () => fs.readdirSync(process.env.MAILBOX).filter((name) => name.startsWith('access-'));
  for (let i = 0; i < 150 && !mails().length; ++i) await page.waitForTimeout(200);
  expect(mails().length === 1, 'the address of the receipt is mailed');
  const mail = fs.readFileSync(path.join(process.env.MAILBOX, mails()[0]), 'utf8').replace(/=\r?\n/g, '');
  const again = await open(browser, mail.match(/^https?:.*[/]r[/][^\s]+/m)[0]);
  expect((await again.locator('main').innerText()).includes('Kim Buyer'), 'it opens the receipt');
  await lookAtWithScripts(browser, page.url(), 'find, sent');
}

// An order that changes what runs needs the code that only the billing contact gets.
async function confirmsWithACode(browser, url) {
  const page = await open(browser, url);
  expect((await page.locator('main').innerText()).includes('Five more for the new office.'), 'the note is shown');
  expect(!(await page.locator('#company_name').count()), 'nobody is asked who pays');
  expect((await page.locator('main').innerText()).includes('a•••@c•••'), 'the account that pays is shown');
  await fillConfirmer(page);
  await press(page, 'Confirm order');
  expect(await alert(page) === 'Some details need fixing', `no order without a code: ${await alert(page)}`);
  await press(page, 'Mail the code');
  expect((await alert(page)).startsWith('We mailed a code to'), `a code is mailed: ${await alert(page)}`);
  expect(await page.inputValue('#confirmer_name') === DETAILS.confirmer_name, 'asking for a code loses nothing');
  await page.check('#agreement');
  const code = mailedCode();
  await page.fill('#code', code === '000000' ? '000001' : '000000');
  await press(page, 'Confirm order');
  expect(await page.locator('#code-error').count() === 1, 'a wrong code is told beside its field');
  await page.fill('#code', `${code.slice(0, 3)} ${code.slice(3)}`);
  await press(page, 'Confirm order');
  expect((await heading(page)).startsWith('Your order is confirmed'), `confirmed with the code: ${await heading(page)}`);
}

async function lookAtWithScripts(browser, url, name) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}, bypassCSP: true});
  const page = await context.newPage();
  await page.goto(url);
  await lookAt(page, name);
  await context.close();
}

async function main() {
  const urls = process.argv.slice(2);
  const browser = await launch();
  const journeys = [confirms, declines, twoTabs, entersInEveryField, confirmsWithACode];
  for (const [i, journey] of journeys.entries()) await journey(browser, urls[i]);
  await browser.close();
  finish(`journeys: ${journeys.length}`);
}

main().catch((error) => { console.error(error); process.exit(1); });
