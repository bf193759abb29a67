// The door: what is wrong is said and focused; forged requests are refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PASSWORD, browser, open, picture } from './house.mjs';
import { accessible, keepsNothing, plain } from './pages.mjs';

let house, chrome;
before(async () => { [house, chrome] = await Promise.all([open(), browser()]); });
after(async () => { await chrome?.close(); house?.close(); });

test('whoever types something wrong is told so, and the focus is there', async () => {
  const page = await chrome.newPage();
  await plain(page, await page.goto(`${house.address}/sign-in`));
  await accessible(page);
  await page.fill('#name', 'examplewood');
  await page.fill('#password', 'something else altogether');
  await page.click('main button');
  const fault = page.locator('[role=alert]');
  assert.match(await fault.innerText(), /not right/);
  assert.ok(await page.evaluate(() => document.activeElement?.closest('[role=alert], [aria-invalid=true]') !== null), 'the focus is elsewhere');
  await accessible(page);
  await picture(page, 'door-wrong');
  await page.close();
});

test('nobody signs in with half of what it takes, and no page is shown before', async () => {
  const page = await chrome.newPage();
  for (const path of ['/', '/ward', '/desk', '/admit', '/person/per_demo001', '/person/per_demo001/act', '/password']) {
    await page.goto(house.address + path);
    assert.equal(new URL(page.url()).pathname, '/sign-in', path);
  }
  await page.fill('#name', 'examplewood');
  await page.fill('#password', PASSWORD);
  await page.click('main button');
  assert.equal(new URL(page.url()).pathname, '/code');
  await page.goto(`${house.address}/ward`);
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await page.close();
});

test('a form from elsewhere, and one without its secret, do nothing', async () => {
  const page = await chrome.newPage();
  await page.goto(`${house.address}/sign-in`);
  const send = (headers, form) => page.request.post(`${house.address}/sign-in`, { headers, form, maxRedirects: 0 });
  const secret = await page.inputValue('input[name=form]');
  const typed = { name: 'examplewood', password: PASSWORD };
  assert.equal((await send({ origin: 'http://elsewhere.example' }, { ...typed, form: secret })).status(), 403);
  assert.equal((await send({ 'sec-fetch-site': 'cross-site' }, { ...typed, form: secret })).status(), 403);
  assert.equal((await send({ origin: house.address }, { ...typed, form: 'a guess' })).status(), 403);
  assert.equal((await send({ origin: house.address }, { ...typed, form: secret })).status(), 303);
  await keepsNothing(page);
  await page.close();
});
