/** docs/operations.md has the fields of a line in the log: all of them, in their order. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CALL_FIELDS } from '../../src/calls/call-log.ts';

const PAGE = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const SECTION = PAGE.slice(PAGE.indexOf('### Who logged in'), PAGE.indexOf('### What else it says'));

it('the table has every field that a line may have', () => {
  const rows = SECTION.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(named).toEqual(CALL_FIELDS);
});

it('the line of the page has fields of the table alone, in their order', () => {
  const line = JSON.parse(/^\{"level".*\}$/m.exec(SECTION)?.[0] ?? '{}') as Record<string, unknown>;
  const fields = Object.keys(line).filter((name) => !['level', 'time', 'service', 'msg'].includes(name));
  expect(fields.length).toBeGreaterThan(10);
  expect(fields).toEqual(CALL_FIELDS.filter((name) => fields.includes(name)));
});
