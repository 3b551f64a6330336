import { beforeEach, describe, expect, it } from 'vitest';
import { StoreWatch } from '../../../src/server/serving/store-watch.ts';
import type { StorePart } from '../../../src/store/open.ts';
import { LogTape } from '../../http/support.ts';

let tape: LogTape;
let now: number;
let health: { readable: boolean; writable: boolean };
let watch: StoreWatch;
let tell: () => void;

beforeEach(() => {
  tape = new LogTape();
  now = 1_000;
  health = { readable: true, writable: true };
  watch = new StoreWatch({ log: tape.log, now: () => now });
  watch.watch({
    isReadable: () => health.readable,
    isWritable: () => health.writable,
    onHealthChange: (listener) => {
      tell = listener;
    },
  });
});

function become(readable: boolean, writable: boolean): void {
  health = { readable, writable };
  tell();
}

const fail = (of: StorePart, isFatal = false) =>
  watch.failed({ code: 'store_unavailable', message: '', detail: 'why', isFatal, of });
const told = () => tape.lines.map(({ msg, what, awayMs }) => [msg, what, awayMs].filter((each) => each !== undefined));

describe('the log', () => {
  it('says once that writes fail, and once that they are back and how long they were away', () => {
    fail('writes');
    become(true, false);
    fail('writes');
    now += 1_500;
    become(true, true);
    expect(told()).toEqual([
      ['the store failed', 'writes'],
      ['the store is not well'],
      ['the store is back', 'writes', 1_500],
    ]);
    expect(tape.lines.map(({ level }) => level)).toEqual([50, 40, 40]);
  });

  it('says the same of reads alone, which tell nothing but by health', () => {
    become(false, true);
    now += 2_000;
    become(true, true);
    expect(told()).toEqual([['the store is not well'], ['the store is back', 'reads', 2_000]]);
  });

  it('says of each part that it is back when that is', () => {
    become(false, false);
    now += 100;
    become(true, false);
    now += 100;
    become(true, true);
    expect(told()).toEqual([
      ['the store is not well'],
      ['the store is back', 'reads', 100],
      ['the store is back', 'writes', 200],
    ]);
    expect(tape.lines[1]).toMatchObject({ readable: true, writable: false });
  });

  it('has one line for what went and came together, and none for the beat that told of it', () => {
    fail('heartbeat');
    become(false, false);
    now += 300;
    become(true, true);
    watch.succeeded('heartbeat');
    watch.succeeded('reads');
    expect(told()).toEqual([
      ['the store failed', 'heartbeat'],
      ['the store is not well'],
      ['the store is back', 'reads and writes', 300],
    ]);
  });

  it('says that a part is back which failed while all was well', () => {
    for (const part of ['reads', 'writes', 'heartbeat', 'replica'] as const) {
      fail(part);
      now += 10;
      watch.succeeded(part);
      watch.succeeded(part);
    }
    expect(told().filter(([msg]) => msg === 'the store is back')).toEqual([
      ['the store is back', 'reads', 10],
      ['the store is back', 'writes', 10],
      ['the store is back', 'heartbeat', 10],
      ['the store is back', 'replica', 10],
    ]);
  });

  it('leaves it to health where health says that it is away', () => {
    fail('reads');
    become(false, false);
    watch.succeeded('reads');
    now += 50;
    become(true, true);
    expect(told().slice(2)).toEqual([['the store is back', 'reads and writes', 50]]);
  });

  it('always says what ends the process', () => {
    fail('writes');
    fail('writes', true);
    expect(told().length).toBe(2);
  });

  it('says what was so before somebody watched', () => {
    const early = new StoreWatch({ log: tape.log, now: () => now });
    early.watch({ isReadable: () => true, isWritable: () => false, onHealthChange: () => undefined });
    expect(told()).toEqual([['the store is not well']]);
  });
});
