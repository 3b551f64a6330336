/** Pages link to files and headings that are there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';

const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT })
  .toString()
  .trim()
  .split('\n')
  .filter((page) => existsSync(join(ROOT, page)));

/** As forges make them of headings. */
function anchorsOf(page: string): string[] {
  const headings = readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function isBroken(page: string, path: string, anchor: string | undefined): boolean {
  const target = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
  return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

it('has pages', () => expect(pages.length).toBeGreaterThan(100));

it.each(pages)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')
    .replace(/^```.*?^```$/gms, '')
    .replace(/`[^`\n]*`/g, '');
  const broken = [...text.matchAll(LINK)].filter(([, path = '', anchor]) => isBroken(page, path, anchor));
  expect(broken.map(([link]) => link)).toEqual([]);
});

it('has every decision in the index, by its number', () => {
  const index = readFileSync(join(ROOT, 'docs/decisions/README.md'), 'utf8');
  const rows = [...index.matchAll(/^\| \[(\d{4})\]\((\1-[^)]*\.md)\) \|/gm)].map(([, , file]) => file);
  expect(rows).toEqual(
    readdirSync(join(ROOT, 'docs/decisions'))
      .filter((name) => name !== 'README.md')
      .sort(),
  );
});
