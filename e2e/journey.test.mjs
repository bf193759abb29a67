// Somebody is admitted and the papers follow, under both laws, with and without script; and by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, open, picture, signIn } from './house.mjs';
import { accessible, keepsNothing } from './pages.mjs';

let house, chrome;
const states = {};
before(async () => { [house, chrome] = await Promise.all([open(), browser()]); });
after(async () => { await chrome?.close(); house?.close(); });

/** So many days before today, as a form takes it. */
const day = (before) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10);

/** Fills in a form: a field's name and its word, or words. */
async function fill(page, when, values) {
  const [before, time] = when;
  await page.fill('#day', day(before));
  await page.fill('#time', time);
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`[name="${name}"]`).first();
    // What is seldom needed is folded away; a form without script unfolds it too.
    const folded = page.locator(`details:not([open]):has([name="${name}"]) > summary`);
    for (let at = 0; at < await folded.count(); at += 0) await folded.first().click();
    const tag = await field.evaluate((one) => `${one.tagName}.${one.type}`);
    if (tag === 'SELECT.select-one') await page.selectOption(`[name="${name}"]`, value);
    else if (tag === 'INPUT.checkbox' || tag === 'INPUT.radio') for (const one of [value].flat()) await page.check(`[name="${name}"][value="${one}"]`);
    else await field.fill(value);
  }
  await page.click('main form.step button');
}

/** What the page before signing says of authority; signs. */
async function signed(page, shot) {
  const authority = await page.locator('.banner strong').nth(1).innerText();
  await picture(page, `${shot}-look`);
  await page.click('form[action$="/sign"] button');
  await page.waitForSelector('[role=status]');
  return authority;
}

const LAWS = {
  examplewood: {
    script: true,
    under: 's2',
    admitted: [2, '18:00'],
    papers: [
      ['examined', [3, '10:00'], { 'f-by': 'pro_alder', 'f-as': 'doctor' }],
      ['signed?instrument=medical-recommendation-s2', [3, '10:30'], { 'f-by': 'pro_alder', 'f-as': 'doctor', 'f-states': ['s2-a', 's2-b'] }],
      ['related', [3, '13:00'], { 'o-by': 'pro_birch', 'f-as': 'doctor', 'f-with': 'pro_birch', 'f-kind': 'previous-acquaintance' }],
      ['examined', [3, '14:00'], { 'o-by': 'pro_birch', 'f-as': 'doctor' }],
      ['signed?instrument=medical-recommendation-s2', [3, '14:20'], { 'o-by': 'pro_birch', 'f-as': 'doctor', 'f-states': ['s2-a', 's2-b'] }],
      ['saw-person', [3, '15:00'], { 'o-by': 'pro_cedar', 'f-as': 'amhp' }],
      ['signed?instrument=application-s2', [3, '15:30'], { 'o-by': 'pro_cedar', 'f-as': 'amhp', 'f-states': ['s13-2'] }],
    ],
  },
  placeholdermore: {
    script: false,
    under: 'admission',
    admitted: [2, '12:10'],
    papers: [
      ['saw-person', [3, '09:00'], { 'o-by': 'spouse', 'f-as': 'spouse' }],
      ['signed?instrument=application-kin', [3, '10:00'], { 'o-by': 'spouse', 'f-as': 'spouse' }],
      ['received', [3, '11:00'], { 'f-by': 'pro_ash', 'f-as': 'medical-practitioner', 'f-instrument': 'application-kin', 'f-of': '4' }],
      ['examined', [3, '11:30'], { 'f-by': 'pro_ash', 'f-as': 'medical-practitioner' }],
      ['signed?instrument=recommendation', [3, '12:00'], { 'f-by': 'pro_ash', 'f-as': 'medical-practitioner', 'f-states': ['s3-a'], 'f-of': '5' }],
      ['examined', [2, '11:00'], { 'f-by': 'pro_yew', 'f-as': 'consultant' }],
      ['signed?instrument=admission-order', [2, '12:00'], { 'f-by': 'pro_yew', 'f-as': 'consultant', 'f-states': ['s3-a'], 'f-place': 'fac_placeholdermore' }],
    ],
  },
};

for (const [account, { script, under, admitted, papers }] of Object.entries(LAWS)) {
  test(`somebody is admitted and the papers follow: ${account}, script ${script ? 'on' : 'off'}`, async () => {
    const context = await chrome.newContext({ javaScriptEnabled: script, bypassCSP: script });
    const page = await context.newPage();
    states[account] = await signIn(page, house, account);
    await page.click('a[href="/admit"]');
    // What is missing is said of its field, and what was typed stays.
    await page.fill('[name="df-name"]', 'Quilla Invented (fictional)');
    await page.click('main form.step button');
    assert.match(await page.locator('[role=alert]').innerText(), /must be filled in/);
    assert.equal(await page.inputValue('[name="df-name"]'), 'Quilla Invented (fictional)');
    if (script) await accessible(page);
    await fill(page, admitted, { 'df-born': '1988-02-03', 'f-under': under });
    assert.equal(await signed(page, `${account}-admit`), 'Not shown', 'nothing was shown yet');
    await page.click('a.go');
    const file = page.url();
    let authority;
    for (const [form, when, values] of papers) {
      await page.goto(`${file}/act/${form}`);
      if (script) await accessible(page);
      await fill(page, when, values);
      if (script) await accessible(page);
      authority = await signed(page, `${account}-${form.replaceAll(/[?=]/g, '-')}`);
    }
    assert.equal(authority, 'Shown', 'every paper is there');
    await page.goto(file);
    assert.equal(await page.locator('.banner strong').nth(1).innerText(), 'Shown', 'as it was said before signing');
    await picture(page, `${account}-file`);
    // The person is on the ward's register, and what is owed stands in the file, with the form that does it.
    await page.goto(`${house.address}/ward`);
    assert.equal(await page.locator('table.people th a', { hasText: 'Quilla' }).count(), 1);
    await page.goto(file);
    assert.ok(await page.locator('table.duties a').count() > 0, 'something is owed to whoever comes, with the form that does it');
    await page.goto(`${file}/act/left`);
    await fill(page, [1, '09:00'], {});
    await signed(page, `${account}-left`);
    await page.goto(`${house.address}/ward`);
    assert.equal(await page.locator('table.people th a', { hasText: 'Quilla' }).count(), 0, 'whoever left is not there');
    // It was somebody else who left: the entry is struck out, and stays to be seen.
    await page.goto(file);
    await page.locator('a.strike').last().click();
    if (script) await accessible(page);
    await page.fill('#why', 'It was somebody else who left.');
    await page.click('main form button');
    await signed(page, `${account}-struck`);
    await page.goto(`${house.address}/ward`);
    assert.equal(await page.locator('table.people th a', { hasText: 'Quilla' }).count(), 1, 'they are there again');
    await context.close();
  });
}

test('a person opens their own page with a card, uses a right and chooses counsel, each in one step with a receipt', async () => {
  const ward = await chrome.newContext({ storageState: states.examplewood, bypassCSP: true });
  const desk = await ward.newPage();
  await desk.goto(`${house.address}/person/per_demo001`);
  await desk.click('form[action$="/card"] button');
  const code = await desk.locator('.card .big').nth(1).innerText();
  await accessible(desk);
  await picture(desk, 'card');
  for (const [language, script] of [['en', true], ['ar', false]]) {
    const phone = await chrome.newContext({ locale: language, javaScriptEnabled: script, bypassCSP: script, viewport: { width: 360, height: 740 } });
    const page = await phone.newPage();
    await page.goto(`${house.address}/mine`);
    assert.equal(new URL(page.url()).pathname, '/card', 'nothing is shown without a card');
    await page.fill('#code', 'aaaa-bbbb-cccc');
    await page.click('main button');
    assert.equal(await page.locator('[role=alert]').count(), 1);
    if (script) await accessible(page);
    await page.fill('#code', code.toUpperCase());
    await page.click('main button');
    assert.equal(new URL(page.url()).pathname, '/mine');
    await picture(page, `mine-${language}`);
    if (script) {
      await accessible(page);
      await keepsNothing(page);
    }
    const use = page.locator('ul.rights button').first();
    assert.ok(await use.count() > 0, 'a right is open that the card can use');
    await use.click();
    await page.waitForSelector('[role=status]');
    if (script) await accessible(page);
    await page.click('a.go');
    await page.fill('#counsel', 'Hana Notreal (fictional), 555 0100');
    await page.locator('form:has(#counsel) button').click();
    await page.waitForSelector('[role=status]');
    // The card opens no page of the ward's.
    await page.goto(`${house.address}/person/per_demo001`);
    assert.equal(new URL(page.url()).pathname, '/sign-in');
    await phone.close();
  }
  await desk.goto(`${house.address}/person/per_demo001`);
  assert.equal(await desk.locator('table.entries tr', { hasText: 'Counsel chosen' }).count(), 2, 'the ward sees it');
  await ward.close();
});

test('by keyboard alone: sign in, find what is owed, do it, sign', async () => {
  const context = await chrome.newContext();
  const page = await context.newPage();
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? '');
  const tabTo = async (wanted) => {
    for (let step = 0; step < 200; step += 1) {
      await press('Tab');
      if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, wanted)) {
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
        assert.notEqual(outline, 'none', `the focus is not seen on ${await focused()}`);
        return;
      }
    }
    assert.fail(`no way by keyboard to ${wanted} on ${page.url()}`);
  };
  await page.goto(`${house.address}/sign-in`);
  await tabTo('#name');
  await page.keyboard.type('samplefield');
  await tabTo('#password');
  await page.keyboard.type('nobody here is real');
  await press('Enter');
  await page.waitForURL('**/code');
  await tabTo('#code');
  await page.keyboard.type(await house.code('samplefield'));
  await press('Enter');
  await page.waitForURL('**/ward');
  await tabTo('a[href="/desk"]');
  await press('Enter');
  await page.waitForURL('**/desk');
  await tabTo('a.skip');
  await press('Enter');
  await tabTo('table.desk td:last-child a');
  await press('Enter');
  await page.waitForURL('**/act/**');
  await tabTo('main form.step button');
  await press('Enter');
  await page.waitForSelector('form[action$="/sign"]');
  await tabTo('form[action$="/sign"] button');
  await press('Enter');
  await page.waitForSelector('[role=status]');
  await context.close();
});
