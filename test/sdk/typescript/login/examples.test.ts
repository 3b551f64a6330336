/** The apps of `examples/typescript` and `examples/browser`, as a newcomer runs them. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { HAS_CHROMIUM } from '../../../http/connect/browser.ts';
import { environment, eventually, ROOT, Running } from '../../../process/program.ts';
import { Page } from './chromium.ts';

const EXAMPLES = join(ROOT, 'examples');

it.each(['app', 'device'])('run %s prints what the README shows', async (what) => {
  const readme = readFileSync(join(EXAMPLES, 'typescript', 'README.md'), 'utf8');
  const [, expected] = /^```\n(.*?)^```$/ms.exec(readme.slice(readme.indexOf(`\`run ${what}\` prints`))) ?? [];
  const { stdout } = await promisify(execFile)(join(EXAMPLES, 'typescript', 'run'), [what], { env: environment() });
  expect(stdout).toBe(expected);
});

describe.skipIf(!HAS_CHROMIUM)(`the page${HAS_CHROMIUM ? '' : ' (skipped: there is no Chromium here)'}`, () => {
  it('has types, signs its visitor in, keeps it over a reload, and signs out', async () => {
    const running = new Running(join(EXAMPLES, 'browser', 'run'), [], environment({ PORT: '0' }));
    try {
      const [, url = '', name = '', password = ''] = await eventually('the page to be served', () => {
        if (running.hasEnded) {
          throw new Error(`it ended: ${running.stderr}`);
        }
        return /^ready (\S+), sign in as (\S+) with (\S+)$/m.exec(running.stdout) ?? undefined;
      });
      await using page = await Page.open(url);
      await page.shows('Password');
      const signIn = (typed: string) =>
        page.value(`document.querySelector('[name=name]').value = ${JSON.stringify(name)};
          document.querySelector('[name=password]').value = ${JSON.stringify(typed)};
          document.querySelector('form button').click();`);
      await signIn('a wrong one');
      await page.shows('That is not right');
      await signIn(password);
      await page.shows(`You are ${name}`);
      await page.reload();
      await page.shows(`You are ${name}`);
      expect(await page.value('localStorage.length')).toBe(1);
      await page.value(`document.getElementById('sign-out').click()`);
      await page.shows('Password');
      await eventually('the store to be empty', async () => (await page.value('localStorage.length')) === 0);
      // Its policy lets the page call nobody else.
      expect(await page.value(`fetch('http://127.0.0.1:1/').then(() => 'sent', (error) => error.message)`)).toBe(
        'Failed to fetch',
      );
      const args = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--ignoreConfig'];
      const lib = ['--lib', 'es2024,esnext.disposable,dom,dom.iterable', join(EXAMPLES, 'browser', 'page.ts')];
      execFileSync(`${ROOT}node_modules/.bin/tsc`, [...args, ...lib], { stdio: 'inherit' });
    } finally {
      const ending = await running.end('SIGTERM');
      expect(ending.code).not.toBeNull();
    }
  });
});
