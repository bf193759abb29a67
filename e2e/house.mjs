// The service of the demo, started for the tests, and the way in.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = process.env.OPENWARD ?? `${root}/target/debug/openward`;
export const PASSWORD = 'nobody here is real';

/** Starts the demo on a free port; resolves when it is open. */
export async function open() {
  const child = spawn(program, ['demo', '--port', '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (more) => { said += more; });
  const ended = new Promise((_, no) => child.once('exit', (code) => no(new Error(`the demo ended with ${code}: ${said}`))));
  ended.catch(() => {});
  const until = (ready) => Promise.race([ended, (async () => {
    while (!ready()) await new Promise((go) => setTimeout(go, 20));
  })()]);
  await until(() => said.includes('Press Enter'));
  const address = said.match(/http:\/\/[\d.]+:\d+/)[0];
  const code = async (name) => {
    const before = said.length;
    child.stdin.write('\n');
    await until(() => /\d{6}\s*\n/.test(said.slice(before)));
    return said.slice(before).match(new RegExp(`${name}\\s+(\\d{6})`))[1];
  };
  return { address, code, close: () => child.kill('SIGTERM') };
}

/** The browser. */
export function browser() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

/** Signs in and gives what a browser keeps of it. */
export async function signIn(page, house, name) {
  await page.goto(`${house.address}/sign-in`);
  await page.fill('#name', name);
  await page.fill('#password', PASSWORD);
  await page.click('main button');
  await page.fill('#code', await house.code(name));
  await page.click('main button');
  await page.waitForURL('**/ward');
  return page.context().storageState();
}

/** Keeps a picture where one is asked for. */
export async function picture(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}
