/** docs/operations.md is long: its first lines lead to every section. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOT } from '../process/program.ts';

it('lists every section, in their order', () => {
  const page = readFileSync(`${ROOT}docs/operations.md`, 'utf8');
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  const listed = [...page.slice(0, page.indexOf('\n## ')).matchAll(/\[([^\]]*)\]\(#/g)];
  // A title may be broken over two lines.
  const titles = listed.map(([, title]) => title?.replace(/\s+/g, ' '));
  expect(titles).toEqual(sections);
});
