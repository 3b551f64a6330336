/** What a store is written anew with, where the file system refuses to go around its cache. None here does, so the refusal is made up. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../../support.ts';

const refused = vi.hoisted(() => ({ opens: false, writes: false, direct: new Set<number>() }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const refusal = () => Object.assign(new Error('EINVAL: invalid argument'), { code: 'EINVAL' });
  return {
    ...real,
    openSync: (path: string, flags: number) => {
      const isDirect = typeof flags === 'number' && (flags & real.constants.O_DIRECT) !== 0;
      if (isDirect && refused.opens) {
        throw refusal();
      }
      const file = real.openSync(path, flags);
      if (isDirect) {
        refused.direct.add(file);
      }
      return file;
    },
    writeSync: (file: number, ...rest: [Uint8Array, number, number, number]) => {
      if (refused.direct.has(file) && refused.writes) {
        throw refusal();
      }
      return real.writeSync(file, ...rest);
    },
  };
});

afterEach(() => {
  refused.opens = false;
  refused.writes = false;
});

it.each([
  ['as it is', {}],
  ['where no file can be opened so', { opens: true }],
  ['where each write is refused', { writes: true }],
])('leaves every byte and the length of a file %s', async (_, how) => {
  Object.assign(refused, how);
  const { writeAnew } = await import('../../../src/store/sqlite/write-anew.ts');
  const directory = temporaryDirectory();
  try {
    const path = join(directory.path, 'file');
    const bytes = Buffer.from(Array.from({ length: 2_500_123 }, (_each, index) => (index * 31) % 251));
    writeFileSync(path, bytes);
    writeAnew(path, [
      { begin: 0, end: 10 },
      { begin: 5_000, end: 2_400_000 },
      { begin: 2_499_000, end: 9_999_999 },
    ]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  } finally {
    directory.remove();
  }
});
