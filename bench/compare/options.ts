/** What `npm run bench compare` is told. */
import { parseArgs } from 'node:util';

export const STORES = ['sqlite', 'postgres'] as const;
export type StoreName = (typeof STORES)[number];

export interface Options {
  readonly before: string;
  /** undefined: this checkout as it is. */
  readonly after: string | undefined;
  /** Of each measurement. */
  readonly seconds: number;
  /** Pairs of measurements of each method; 0 leaves the rates out. */
  readonly rounds: number;
  /** That are counted in bytes; 0 leaves that out. */
  readonly logins: number;
  readonly stores: readonly StoreName[];
}

export const USAGE = `npm run bench compare -- --before <commit> [options]
  --after <commit>     what it is compared with (default: this checkout as it is)
  --seconds <number>   of each measurement (default: 2)
  --rounds <number>    pairs of measurements of each method; 0: no rates (default: 6)
  --logins <number>    of which the bytes are counted; 0: none (default: 20000)
  --stores <stores>    sqlite, postgres, or both (default: sqlite,postgres)`;

export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      before: { type: 'string' },
      after: { type: 'string' },
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '6' },
      logins: { type: 'string', default: '20000' },
      stores: { type: 'string', default: STORES.join() },
    },
  });
  if (values.before === undefined) {
    throw new Error(`which commit is before?\n${USAGE}`);
  }
  const wanted = values.stores.split(',');
  const unknown = wanted.filter((name) => !(STORES as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new Error(`there is no store ${unknown.join()}\n${USAGE}`);
  }
  return {
    before: values.before,
    after: values.after,
    seconds: numberOf('seconds', values.seconds),
    rounds: numberOf('rounds', values.rounds),
    logins: numberOf('logins', values.logins),
    stores: STORES.filter((name) => wanted.includes(name)),
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0) {
    throw new Error(`--${name} is no number: ${text}\n${USAGE}`);
  }
  return value;
}
