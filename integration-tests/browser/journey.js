// What customers do on the page, against the running services. Usage: node journey.js URL URL URL URL URL URL, each the link
// of an order that waits; the fifth changes a subscription, and the last is the first of its customer. MAILBOX is the folder
// of the suite's mail. The page needs no script, so its scripts are off throughout.
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

// The contact that was meant.
const CORRECTED = 'invoices@contoso.example';

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

// The last of that name: a button for Enter stands before it, in the head.
const press = (page, name) => page.getByRole('button', {name, exact: true}).last().click();

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
  await untilItIsSetUp(page, receipt);
  await entersOnEveryAct(page, receipt);
  await doesNotRenew(page, receipt, DETAILS.contact_email);
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

// Enter in each field of the page's forms, and what it must say.
async function enters(page, said, least) {
  const names = await page.locator('form input:not([type=hidden])').evaluateAll((all) => all.map((input) => input.id));
  expect(names.length >= least, `there are fields: ${names.length}`);
  for (const name of names) {
    await page.locator(`#${name}`).focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(await alert(page) === said, `Enter in ${name} says “${said}”: ${await alert(page)}`);
  }
}

async function entersInEveryField(browser, url) {
  const page = await open(browser, url);
  await fill(page);
  await enters(page, 'Nothing is ordered yet', 11);
  expect(await page.inputValue('#company_name') === DETAILS.company_name, 'Enter loses nothing');
  await page.fill('#city', 'Eugene');
  await press(page, 'Deutsch');
  expect(await page.locator('html').getAttribute('lang') === 'de', 'the page is in German');
  expect(await page.inputValue('#city') === 'Eugene', 'another language loses nothing');
  expect(!(await page.isChecked('#agreement')), 'the tick is for the words beside it');
  await page.goto(url);
  expect((await heading(page)).startsWith('Review your order from'), 'the order still waits');
}

const codeMails = () => fs.readdirSync(process.env.MAILBOX).filter((name) => name.startsWith('code-'));

// The code in the newest mail, as its receiver reads it; it must be this one.
function mailedCode(receiver) {
  const mails = codeMails().map((name) => path.join(process.env.MAILBOX, name))
    .sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs);
  expect(mails.length > 0, 'a code was mailed');
  const mail = fs.readFileSync(mails.pop(), 'utf8');
  expect(new RegExp(`^To: .*${receiver}`, 'm').test(mail), `the code is mailed to ${receiver}`);
  return mail.match(/^Code: ([0-9]{6})/m)[1];
}

async function untilItIsSetUp(page, receipt) {
  const button = page.getByRole('button', {name: 'Do not renew …', exact: true});
  for (let i = 0; i < 150 && !(await button.count()); ++i) {
    await page.waitForTimeout(200);
    await page.goto(receipt);
  }
}

// Enter in a field of an act is the press of its own button, which needs a code; never that of the one that mails it.
async function entersOnEveryAct(page, receipt) {
  const mails = codeMails().length;
  for (const act of ['Do not renew …', 'Cancel …', 'Code for another partner …', 'Remove your partner …']) {
    await press(page, act);
    await enters(page, 'The code needs fixing', 1);
    await page.goto(receipt);
  }
  await press(page, 'Change the billing contact …');
  await enters(page, 'Some details need fixing', 2);
  await page.fill('#new_email', CORRECTED);
  await enters(page, 'The code needs fixing', 2);
  await page.goto(receipt);
  expect(codeMails().length === mails, 'Enter mailed no code');
}

// The address was mistyped, and nobody reads its mail: whoever confirmed puts it right, with a code from its own.
async function correctsTheContact(browser, url) {
  const page = await open(browser, url);
  await fill(page);
  await press(page, 'Confirm order');
  const receipt = page.url();
  await untilItIsSetUp(page, receipt);
  await press(page, 'Change the billing contact …');
  expect(await heading(page) === 'Correct the billing contact?', `it can be corrected: ${await heading(page)}`);
  await page.fill('#new_email', CORRECTED);
  await press(page, 'Mail the code');
  expect((await alert(page)).startsWith('We mailed a code to'), `a code is mailed: ${await alert(page)}`);
  await page.fill('#code', mailedCode(DETAILS.confirmer_email));
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  expect(page.url() === receipt, 'Enter in the code does it');
  expect((await page.locator('main').innerText()).includes('you changed the billing contact'), 'the receipt says so');
  await doesNotRenew(page, receipt, CORRECTED);
}

// An act on the receipt is shown first, needs a code of its own, and is then there to see.
async function doesNotRenew(page, receipt, contact) {
  const button = page.getByRole('button', {name: 'Do not renew …', exact: true});
  await press(page, 'Do not renew …');
  expect((await heading(page)).startsWith('Let these services end'), `it is shown first: ${await heading(page)}`);
  await press(page, 'Mail the code');
  expect((await alert(page)).startsWith('We mailed a code to'), `a code is mailed: ${await alert(page)}`);
  await page.fill('#code', mailedCode(contact));
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
  const code = mailedCode(DETAILS.contact_email);
  await page.fill('#code', code === '000000' ? '000001' : '000000');
  await press(page, 'Confirm order');
  expect(await page.locator('#code-error').count() === 1, 'a wrong code is told beside its field');
  await page.fill('#code', `${code.slice(0, 3)} ${code.slice(3)}`);
  await enters(page, 'Nothing is ordered yet', 5);
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
  const journeys = [confirms, declines, twoTabs, entersInEveryField, confirmsWithACode, correctsTheContact];
  for (const [i, journey] of journeys.entries()) await journey(browser, urls[i]);
  await browser.close();
  finish(`journeys: ${journeys.length}`);
}

main().catch((error) => { console.error(error); process.exit(1); });
