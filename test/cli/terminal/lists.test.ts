/** How lists look: a table on a terminal, fields with tabs in a pipe, an object on each line for scripts. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jsonText, ListPrinter } from '../../../src/cli/terminal/output.ts';

const ROWS = [
  { user_id: 'u1', display_name: '東京', roles: ['admin', 'introspect'], note: null },
  { user_id: 'user-22', display_name: 'a\nb', roles: [], note: 'x' },
];
const COLUMNS = ['user_id', 'display_name', 'roles'];

function printed(options: { json?: boolean }, isTerminal: boolean, ...pages: (typeof ROWS)[]): string {
  const texts: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => texts.push(String(text)) > 0);
  const list = new ListPrinter(options, COLUMNS, isTerminal);
  for (const page of pages) {
    list.print(page);
  }
  return texts.join('');
}

describe('a list', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is a table on a terminal, as wide as its widest value by columns of the terminal', () => {
    expect(printed({}, true, ROWS)).toBe(
      ['USER ID  DISPLAY NAME  ROLES', 'u1       東京          admin introspect', 'user-22  a\\u{a}b', ''].join('\n'),
    );
  });

  it('has one header, and widens where a later page needs it', () => {
    const wide = [{ ...ROWS[0], user_id: 'a-long-identifier' } as (typeof ROWS)[number]];
    expect(printed({}, true, ROWS.slice(0, 1), wide).split('\n')).toEqual([
      'USER ID  DISPLAY NAME  ROLES',
      'u1       東京          admin introspect',
      'a-long-identifier  東京          admin introspect',
      '',
    ]);
  });

  it('is fields with tabs between in a pipe, without a header', () => {
    expect(printed({}, false, ROWS)).toBe('u1\t東京\tadmin introspect\nuser-22\ta\\u{a}b\t\n');
  });

  it('is an object on each line for scripts, with every field', () => {
    const lines = printed({ json: true }, true, ROWS).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(ROWS);
  });
});

it('JSON holds nothing that a terminal obeys or hides, and still the same text', () => {
  const text = 'a\u{9b}31m\u{202e}\u{2028}\u{e0001}\n\u{7f}';
  expect(jsonText({ text })).toMatch(/^[ -~]*$/);
  expect(JSON.parse(jsonText({ text }))).toEqual({ text });
});
