// Every page in every language, light, dark, with more contrast, with forced colours, on a phone and on a desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, open, picture, signIn } from './house.mjs';
import { accessible, fits, keepsNothing, plain } from './pages.mjs';

let house, chrome, state;
before(async () => {
  [house, chrome] = await Promise.all([open(), browser()]);
  const page = await chrome.newPage();
  state = await signIn(page, house, 'examplewood');
  await page.context().close();
});
after(async () => { await chrome?.close(); house?.close(); });

const PAGES = ['/ward', '/desk', '/admit', '/password', '/person/per_demo001', '/person/per_demo034', '/person/per_demo001/act',
  '/person/per_demo001/act/signed?instrument=application-s2', '/person/per_demo001/act/decided', '/person/per_demo001/act/rights-explained', '/person/nobody'];

for (const language of ['en', 'fr', 'uk', 'ar']) {
  test(`every page in ${language}: whole, accessible, no wider than a phone`, async () => {
    const context = await chrome.newContext({ storageState: state, bypassCSP: true, locale: language, viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${house.address}/ward`);
    await page.selectOption('#language', language);
    await page.click('.languages button');
    for (const path of PAGES) {
      await page.setViewportSize({ width: 1200, height: 900 });
      const response = await page.goto(house.address + path);
      await plain(page, response);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      assert.equal(await page.getAttribute('html', 'dir'), language === 'ar' ? 'rtl' : 'ltr');
      await accessible(page);
      await picture(page, `${language}${path.replaceAll(/[/?=]/g, '-')}`);
      await page.setViewportSize({ width: 320, height: 640 });
      await fits(page);
      await accessible(page);
      await picture(page, `${language}-phone${path.replaceAll(/[/?=]/g, '-')}`);
    }
    await keepsNothing(page);
    await context.close();
  });
}

for (const [name, media] of Object.entries({
  dark: { colorScheme: 'dark' },
  contrast: { contrast: 'more' },
  'contrast-dark': { contrast: 'more', colorScheme: 'dark' },
  forced: { forcedColors: 'active' },
  still: { reducedMotion: 'reduce' },
})) {
  test(`every page stays readable: ${name}`, async () => {
    const context = await chrome.newContext({ storageState: state, bypassCSP: true, ...media });
    const page = await context.newPage();
    for (const path of ['/ward', '/person/per_demo034', '/person/per_demo001/act/signed?instrument=application-s2']) {
      await page.goto(house.address + path);
      await accessible(page);
      await picture(page, `${name}${path.replaceAll(/[/?=]/g, '-')}`);
    }
    await context.close();
  });
}
