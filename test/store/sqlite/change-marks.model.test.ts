/** The order of loads and stores by which rows are kept: no interleaving of it breaks a promise, and those that look as good are found out. */
import { describe, expect, it } from 'vitest';
import { explore } from './change-marks.explorer.ts';
import { type ReaderOptions, readerOf, type WriterOptions, writerOf } from './change-marks.programs.ts';

/** There are some hundred thousand states, and the machine may be busy. */
const PATIENCE_MS = 120_000;

describe('no answer breaks a promise', { timeout: PATIENCE_MS }, () => {
  it('of two threads that read, beside one write', () => {
    expect(explore(writerOf({ writes: 1 }), readerOf(), 2).broken).toEqual([]);
  });

  it.each<WriterOptions>([{ mishap: 'commit fails' }, { mishap: 'dies' }, { mishap: 'begins again' }])(
    'of one where this happens once: $mishap',
    (options) => {
      expect(explore(writerOf(options), readerOf(), 1).broken).toEqual([]);
    },
  );
});

describe('what looks as good is found out', { timeout: PATIENCE_MS }, () => {
  it.each<[WriterOptions, ReaderOptions, readers: number, broken: string[]]>([
    [{ wrong: 'marks after the commit', writes: 1 }, {}, 2, ['in order']],
    [{ wrong: 'marks after the commit', mishap: 'dies', writes: 1 }, {}, 2, ['in order']],
    [{ wrong: 'counter before the commit' }, {}, 1, ['fresh']],
    [{ wrong: 'a row is not marked' }, {}, 1, ['of one moment']],
    [{ wrong: 'epoch before the counter', mishap: 'begins again' }, {}, 1, ['fresh']],
    [{}, { wrong: 'counter after the rows' }, 1, ['fresh']],
    [{}, { wrong: 'counter inside the transaction' }, 1, ['fresh']],
    [{}, { wrong: 'no last look' }, 1, ['of one moment']],
    [{ mishap: 'begins again' }, { wrong: 'epoch first' }, 1, ['of one moment']],
  ])('%o %o', (writer, reader, readers, broken) => {
    expect(explore(writerOf(writer), readerOf(reader), readers).broken).toEqual(broken);
  });
});
