/** One way to check what has little entropy: passwords, one-time passwords, recovery codes, and codes that were sent. */
import type { Outcome } from '../changes.ts';
import { type Refusal, SymbolonError } from '../errors.ts';
import type { Permission } from '../permissions.ts';
import type { GuessCounters } from '../rules/counters.ts';
import type { GuessEnd } from '../rules/guesses.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import { execute, perform } from './perform.ts';

export interface Guess<T, A> {
  /** What the caller needs for what the guess is for. */
  readonly permission: Permission;
  readonly counters: GuessCounters;
  /** Undefined: wrong. It throws when nothing could be checked. */
  readonly check: () => Promise<T | undefined>;
  /** What a wrong guess is told. */
  readonly refusal: Refusal;
  /** What a right one is for. It is done by commands that forget the failures, and checks again in its transaction what `check` found. */
  readonly act: (found: T) => Promise<A>;
}

/**
 * Counts a guess, checks it, and does what it is for. It is counted before the check, so that neither a deadline nor a crash lets one
 * by; where it can't be counted it is not checked.
 */
export async function guess<T, A>(services: Services, call: Call, asked: Guess<T, A>): Promise<A> {
  const mark = await begin(services, call, asked);
  const { guessesInFlight } = services;
  try {
    return await checkAndAct(services, call, asked);
  } finally {
    guessesInFlight.end(keyOf(call, asked), mark);
  }
}

/** Answers its mark among the guesses in flight. */
async function begin<T, A>(services: Services, call: Call, asked: Guess<T, A>): Promise<number> {
  const { permission, counters } = asked;
  const { own, alsoLocked = [], address } = counters;
  const key = keyOf(call, asked);
  const { guessesInFlight } = services;
  const command = {
    kind: 'begin_guess',
    tenantId: call.caller.tenantId,
    counters: own,
    alsoLocked: [...alsoLocked, ...address],
  } as const;
  for (;;) {
    const mark = guessesInFlight.begin(key);
    const refusal = await refusalOf(() => execute(services, call, permission, command)).catch((error: unknown) => {
      guessesInFlight.end(key, mark);
      throw error;
    });
    if (refusal === undefined) {
      return mark;
    }
    if (refusal.code !== 'overloaded') {
      guessesInFlight.end(key, mark);
      throw SymbolonError.of(refusal);
    }
    const waiting = guessesInFlight.waitForEnd(key, mark);
    const going = typeof waiting === 'boolean' ? undefined : call.notes?.phase('turn', 'guess');
    const hasEnded = await waiting;
    going?.();
    if (!hasEnded) {
      throw SymbolonError.of(refusal);
    }
  }
}

async function refusalOf(begin: () => Promise<Outcome<unknown>>): Promise<Refusal | undefined> {
  const outcome = await begin();
  return 'refusal' in outcome ? outcome.refusal : undefined;
}

/** What ends it is written whatever the caller's deadline. */
async function checkAndAct<T, A>(services: Services, call: Call, asked: Guess<T, A>): Promise<A> {
  const { counters, permission, check, act, refusal } = asked;
  const { own, address } = counters;
  const { tenantId } = call.caller;
  const { deadline: _, ...patient } = call;
  const end = (end: GuessEnd, failed: GuessCounters['address']) =>
    perform(services, patient, permission, { kind: 'end_guess', tenantId, counters: own, end, failed });

  let found: T | undefined;
  try {
    found = await check();
  } catch (error) {
    // The caller is told why nothing was checked. What its address costs is counted all the same.
    await end('given_back', address).catch(() => undefined);
    throw error;
  }
  if (found === undefined) {
    await end('wrong', address);
    throw SymbolonError.of(refusal);
  }
  try {
    return await act(found);
  } catch (error) {
    await (isRefusedBy(error, refusal) ? end('wrong', address) : end('given_back', [])).catch(() => undefined);
    throw error;
  }
}

/** What the transaction found wrong after all: it was changed or used up since the check. A guess within this one has a refusal of its own. */
function isRefusedBy(error: unknown, { code, message }: Refusal): boolean {
  return error instanceof SymbolonError && error.code === code && error.message === message;
}

/** Two tenants may have one name, and must not wait for each other. */
function keyOf({ caller }: Call, { counters }: Pick<Guess<unknown, unknown>, 'counters'>): string {
  return [caller.tenantId, ...counters.own.map(({ key }) => key)].join(' ');
}
