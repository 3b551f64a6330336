/** Calls per second of both sides: each method on one side and then on the other, and the other way round in the next round. */
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { LoadResult } from '../load/plan.ts';
import { issueMessage } from '../tokens.ts';
import {
  introspectMessage,
  issuedIn,
  METHODS,
  type Method,
  refreshMessage,
  revokeMessage,
  run,
  type Target,
} from './calls.ts';
import type { Side } from './sides.ts';

export type Name = Side['name'];
export const NAMES = ['before', 'after'] as const;
export type Pair<T> = Readonly<Record<Name, T>>;
export type Rates = Readonly<Record<Method, Pair<LoadResult[]>>>;

/** The first calls of a connection are not like the others. */
const WARMUP_SECONDS = 0.5;
/** The first seconds of a server are the compiler's. */
const MAX_FIRST_SECONDS = 2;
/** Of the logins of a round, how many are refreshed, and how many are introspected; the rest is there to be revoked. */
const SHARE = 0.2;
const MOST = 2_000;

/** A side with the logins that its last Issue made. */
interface State {
  readonly target: Target;
  tokens: IssuedTokens[];
}

export function noRates(): Rates {
  const none = () => ({ before: [], after: [] });
  return { Issue: none(), Refresh: none(), Introspect: none(), Revoke: none() };
}

/** Adds to what was measured before, on other servers. */
export async function measureRates(all: Rates, targets: Pair<Target>, rounds: number, seconds: number): Promise<void> {
  const states = { before: stateOf(targets.before), after: stateOf(targets.after) };
  // Not measured.
  await measureRound(states, NAMES, Math.min(seconds, MAX_FIRST_SECONDS));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? NAMES : NAMES.toReversed();
    for (const [method, name, result] of await measureRound(states, order, seconds)) {
      all[method][name].push(result);
    }
  }
}

function stateOf(target: Target): State {
  return { target, tokens: [] };
}

async function measureRound(
  states: Pair<State>,
  order: readonly Name[],
  seconds: number,
): Promise<[Method, Name, LoadResult][]> {
  const results: [Method, Name, LoadResult][] = [];
  for (const method of METHODS) {
    for (const name of order) {
      results.push([method, name, await measure(states[name], method, seconds)]);
    }
  }
  return results;
}

async function measure(state: State, method: Method, seconds: number): Promise<LoadResult> {
  const { target, tokens } = state;
  const count = Math.min(MOST, Math.floor(tokens.length * SHARE));
  const times = { warmupSeconds: WARMUP_SECONDS, seconds };
  switch (method) {
    case 'Issue': {
      const result = await run(target, method, {
        ...times,
        messages: [issueMessage(target.client)],
        keepAnswers: true,
      });
      state.tokens = issuedIn(result);
      return { ...result, answers: [] };
    }
    case 'Refresh':
      return run(target, method, { ...times, messages: tokens.slice(0, count).map(refreshMessage), order: 'refresh' });
    case 'Introspect':
      return run(target, method, { ...times, messages: tokens.slice(count, 2 * count).map(introspectMessage) });
    case 'Revoke':
      // Each login can be revoked once, so there is none to warm up with.
      return run(target, method, {
        messages: tokens.slice(count).map(revokeMessage),
        order: 'once',
        warmupSeconds: 0,
        seconds,
      });
  }
}
