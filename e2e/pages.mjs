// What must hold of every page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** No violation that axe-core finds. */
export async function accessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), RULES);
  const said = found.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.slice(0, 3).map((node) => node.html).join('\n  ')}`);
  assert.deepEqual(said, [], `${page.url()}`);
}

/** Nothing scrolls sideways. */
export async function fits(page) {
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= shown, `${page.url()} is ${wide} wide where ${shown} are shown`);
}

/** No script, no event handler, no style in the page itself, nothing from elsewhere; and it is small. */
export async function plain(page, response) {
  const text = await response.text();
  assert.ok(!/<script|\son[a-z]+=|<style|\sstyle=|javascript:/i.test(text), `${page.url()} holds script or style`);
  assert.ok(!/(src|href|action)="(https?:)?\/\//.test(text), `${page.url()} names another place`);
  assert.ok(text.length < 200_000, `${page.url()} has ${text.length} characters`);
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.equal(response.headers()['cache-control'], 'no-store');
}

/** The browser keeps nothing but the cookies. */
export async function keepsNothing(page) {
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length]);
  assert.deepEqual(kept, [0, 0, 0, 0]);
}
