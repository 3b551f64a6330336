/** What every kind of store must pass. */
import { expect } from 'vitest';
import type { Nodes } from '../nodes/cluster.ts';
import { ALTERATIONS, alter } from './altered.ts';
import type { Operation } from './history.ts';
import type { Judge } from './judge.ts';
import { type Played, type PlayOptions, play, type Send } from './play.ts';

/** Another for each run, unless one is to be repeated. */
export function someSeed(): number {
  return Number(process.env.SYMBOLON_HISTORY_SEED ?? Math.floor(Math.random() * 1_000_000));
}

/** Plays, and holds what was recorded against the model. */
export async function expectRightHistory(judge: Judge, nodes: Nodes, options: PlayOptions): Promise<Played> {
  const played = await play(nodes, options);
  expect(await judge.faultsOf(played.history, options.seed)).toEqual([]);
  // Else nothing was tested: calls whose outcome is unknown, logins that were refreshed, and logins that were ended.
  const { history } = played;
  expect(history.some(({ output }) => output === null)).toBe(true);
  expect(history.some(({ output }) => (output?.generation ?? 0) > 1)).toBe(true);
  expect(history.some(({ input, output }) => input.kind === 'refresh' && output?.kind === 'refused')).toBe(true);
  return played;
}

/** Every answer at the end of a real history, turned into another, makes one that must be rejected. */
export async function expectAlteredRejected(judge: Judge, { history, endings }: Played): Promise<void> {
  const lived = new Set(endings.filter(({ output }) => output?.kind === 'active').map(({ family }) => family));
  const candidates = endings.filter(({ family }) => lived.has(family));
  for (const alteration of ALTERATIONS) {
    const { accepted, altered } = await judgeAltered(judge, history, candidates, alteration);
    expect(altered, alteration.name).toBeGreaterThan(0);
    expect(accepted, alteration.name).toEqual([]);
  }
}

/** How many alterations there are, and those that the judge accepted. */
async function judgeAltered(
  judge: Judge,
  history: readonly Operation[],
  candidates: readonly Operation[],
  alteration: (typeof ALTERATIONS)[number],
): Promise<{ readonly altered: number; readonly accepted: readonly Operation[] }> {
  const { history: copies, altered } = alter(history, candidates, alteration);
  const { families } = await judge.judge(copies);
  const accepted = altered.filter((_, family) => families[family]?.result !== 'Illegal');
  return { altered: altered.length, accepted };
}

/** For those who run it: how many answers of a whole history are found out when one of them is altered. */
export async function describePower(judge: Judge, { history }: Played): Promise<string> {
  const counted = ALTERATIONS.map(async (alteration) => {
    const { altered, accepted } = await judgeAltered(judge, history, history, alteration);
    return `${alteration.name} ${altered - accepted.length} of ${altered}`;
  });
  return `rejected with one answer altered: ${(await Promise.all(counted)).join(', ')}`;
}

/** Each lies between the clients and a server that is right. */
export const FAULTS: Readonly<Record<string, (send: Send) => Send>> = {
  /** What a client has once seen active stays so for that client. */
  'a cache that nobody else empties': (send) => {
    const seen = new Map<number, ReturnType<Send>>();
    return async (login, asked, ...rest) => {
      if (asked.kind !== 'introspect') {
        return send(login, asked, ...rest);
      }
      const { pair } = asked.pair;
      const known = seen.get(pair);
      if (known !== undefined) {
        return known;
      }
      const answered = await send(login, asked, ...rest);
      if (answered?.output.kind === 'active') {
        seen.set(pair, Promise.resolve(answered));
      }
      return answered;
    };
  },
  'a Revoke that is answered and not done':
    (send) =>
    async (login, asked, ...rest) =>
      asked.kind === 'revoke' ? { output: { kind: 'done' } } : send(login, asked, ...rest),
};
