/** docs/standards.md names a test for each MUST: the test must be there, and what has none must say why. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';

const PAGE = readFileSync(join(ROOT, 'docs/standards.md'), 'utf8');

const rows = [...PAGE.matchAll(/^\| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)]
  .map(([, section = '', must = '', held = '']) => ({ section, must, held }))
  .filter(({ section }) => section !== 'section' && section !== '---');

it('has rows of every RFC', () => {
  const parts = PAGE.split(/^## /m).slice(1);
  expect(parts.length).toBeGreaterThan(9);
  expect(parts.filter((part) => !part.startsWith('RFC ') || !/^\| \d/m.test(part))).toEqual([]);
  expect(rows.length).toBeGreaterThan(60);
});

/** Titles of tests and of groups are texts in quotes. */
function isThere(file: string, title: string): boolean {
  const path = join(ROOT, 'test', file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
}

it.each(rows)('$section, $must: $held', ({ held }) => {
  const [, why] = /^not: (.+)$/.exec(held) ?? [];
  const [, file = '', title = ''] = /^([a-z0-9/.-]+\.test\.ts): (.+)$/.exec(held) ?? [];
  expect(why !== undefined || isThere(file, title)).toBe(true);
});
