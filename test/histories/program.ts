/** What clients do, by chance that a seed decides. */
import type { Chance } from '../../bench/scale/random.ts';
import type { Asked, Pair, RevokeBy } from './history.ts';

export interface User {
  readonly userId: string;
  readonly username: string;
  readonly password: string;
}

/** One login, and what the clients know of it. They share what they know. */
export interface Login {
  readonly index: number;
  /** Null: the calling client logs in itself. */
  readonly user: User | null;
  readonly requestId: string;
  /** All that were answered, by generation. */
  readonly pairs: Pair[];
  /** How likely a call is to do what may end the login, from 0 to 1. */
  readonly danger: number;
  /** How many calls are about it, and how many have begun. */
  calls: number;
  started: number;
  /** Calls of Refresh that are under way: one that comes late with a token of two refreshes ago is a theft. */
  refreshing: number;
  /** How many more calls may go without an answer. Each of them doubles what the judge has to look at. */
  doubts: number;
}

/** What becomes of a call, after so many milliseconds. */
export type Fate = { readonly is: 'answered' } | { readonly is: 'deadline' | 'cancel' | 'cut'; readonly ms: number };

export const ANSWERED: Fate = { is: 'answered' };
/** Of a login. Where there are none, the judge is at its sharpest. */
const DOUBTS = [0, 1, 2, 4, 6];
const MAX_FATE_MS = 4;
const DANGERS = [0.03, 0.15, 1];
const WAYS: readonly RevokeBy[] = ['access token', 'refresh token', 'token_id', 'family_id'];

export function someDanger(chance: Chance): number {
  return pick(chance, DANGERS);
}

export function someDoubts(chance: Chance): number {
  return pick(chance, DOUBTS);
}

export function someAsked(chance: Chance, { user, pairs, danger, refreshing }: Login): Asked {
  const ofUser = user === null ? 0 : 1;
  const current = pairs.at(-1);
  if (current === undefined) {
    return {
      kind: weighted(chance, { issue: 8, disable: (danger / 2) * ofUser, enable: ofUser, revoke_all: danger * ofUser }),
    };
  }
  const old = pairs.slice(0, -1);
  const last = old.at(-1);
  const oldest = old.slice(0, -1);
  const haste = refreshing === 0 ? 1 : danger;
  const choice = weighted(chance, {
    // After the first use of a pair, a client that comes late with the token before it is a thief.
    introspect: 4 + 20 * danger,
    refresh: 25 * haste,
    issue: 3,
    enable: ofUser,
    introspect_old: last === undefined ? 0 : 10,
    repeat: last === undefined ? 0 : (4 + 8 * danger) * haste,
    refresh_old: oldest.length === 0 ? 0 : 2 * danger,
    revoke: 3 * danger,
    revoke_all: danger * ofUser,
    disable: danger * ofUser,
  });
  switch (choice) {
    case 'introspect':
    case 'refresh':
      return { kind: choice, pair: current };
    case 'introspect_old':
      return { kind: 'introspect', pair: pick(chance, old) };
    case 'repeat':
      return { kind: 'refresh', pair: last ?? current };
    case 'refresh_old':
      return { kind: 'refresh', pair: pick(chance, oldest) };
    case 'revoke':
      return someRevoke(chance, pick(chance, pairs));
    default:
      return { kind: choice };
  }
}

export function someRevoke(chance: Chance, pair: Pair): Asked {
  return { kind: 'revoke', pair, by: pick(chance, WAYS) };
}

export function someFate(chance: Chance, login: Login): Fate {
  const is = weighted(chance, { answered: 100, deadline: 4, cancel: 4, cut: 2 });
  const ms = chance.next() * MAX_FATE_MS;
  if (is === 'answered' || login.doubts === 0) {
    return ANSWERED;
  }
  login.doubts -= 1;
  return { is, ms };
}

export function pick<T>(chance: Chance, values: readonly T[]): T {
  return values[chance.below(values.length)] as T;
}

function weighted<Name extends string>(chance: Chance, weights: Readonly<Record<Name, number>>): Name {
  const entries = Object.entries<number>(weights) as [Name, number][];
  let left = chance.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) {
      return name;
    }
  }
  return (entries[0] as [Name, number])[0];
}
