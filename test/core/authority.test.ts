/**
 * Each way of cutting off a caller, against each operation that writes: it comes while the operation waits for a hash, or right before
 * its transaction, and nothing is changed any more. The same operation by the same caller changes something when nothing comes.
 */
import { describe, expect, it } from 'vitest';
import type { SymbolonError } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/services/store.ts';
import { LOGIN_FAILURES } from '../../src/core/tables/login-failures.ts';
import { CLIENT_OPERATIONS } from './authority/client-operations.ts';
import { END_NODE_OPERATIONS } from './authority/end-node-operations.ts';
import type { Operation, Operations } from './authority/operation.ts';
import { type CallerName, type Stage, setStage } from './authority/stage.ts';
import { SUBJECT_OPERATIONS } from './authority/subject-operations.ts';
import { WAYS } from './authority/ways.ts';
import { storedRows } from './stored-rows.ts';
import { wrapStore } from './wrapped-store.ts';

const OPERATIONS: Operations = { ...CLIENT_OPERATIONS, ...SUBJECT_OPERATIONS, ...END_NODE_OPERATIONS };

/** When it comes. */
type Moment = 'hash' | 'write';

interface Case {
  readonly name: string;
  readonly operation: Operation;
  readonly caller: CallerName;
}

const CASES: readonly Case[] = Object.entries(OPERATIONS).flatMap(([name, operation]) =>
  operation.by.map((caller) => ({ name: `${name} by the caller “${caller}”`, operation, caller })),
);

describe.each(CASES)('$name', ({ operation, caller }) => {
  const moments: Moment[] = operation.hashes === true ? ['hash', 'write'] : ['write'];
  const ways = Object.keys(WAYS).filter((way) => isCutOff(way, caller, operation));
  const cases = ways.flatMap((way) => moments.map((moment) => [way, moment] as const));

  it('changes something', async () => {
    const stage = await setStage(caller);
    const prepared = await operation.prepare?.(stage);
    const before = await storedRows(stage.store);
    await run(operation, stage, stage.store, prepared);
    expect(await storedRows(stage.store)).not.toEqual(before);
  });

  it.each(cases)('changes nothing any more: %s before its %s', async (way, moment) => {
    const stage = await setStage(caller);
    const prepared = await operation.prepare?.(stage);
    let before: unknown;
    const cutOff = async () => {
      await WAYS[way]?.happen(stage);
      before = await keptRows(stage);
    };

    const outcome = await (moment === 'hash' ? heldAtHash : heldAtWrite)(operation, stage, prepared, cutOff);

    const isOfUser = operation.tellsOfUser === true && WAYS[way]?.sparesClient === true;
    expect(outcome).toBe(isOfUser ? 'invalid_credentials' : 'caller_unauthenticated');
    expect(await keptRows(stage)).toEqual(before);
  });
});

/** All but the guesses that are being checked, which are given back. */
async function keptRows({ store }: Stage): Promise<unknown> {
  return (await storedRows(store)).filter(({ table }) => table !== LOGIN_FAILURES.name);
}

/** What a client may do without a role, it may do when its role was taken. */
function isCutOff(way: string, caller: CallerName, { by, needsRole = !by.includes('client') }: Operation): boolean {
  return WAYS[way]?.of.includes(caller) === true && (way !== 'role taken' || needsRole);
}

function run(operation: Operation, stage: Stage, store: Store, prepared = ''): Promise<unknown> {
  const services = { ...stage.services, store };
  return operation.run({ services, call: stage.actor.call, stage, prepared });
}

type Held = (operation: Operation, stage: Stage, prepared: string | undefined, meanwhile: Act) => Promise<string>;
type Act = () => Promise<void>;

const heldAtHash: Held = async (operation, stage, prepared, meanwhile) => {
  const { hasher, store } = stage;
  hasher.hold();
  const outcome = codeOf(run(operation, stage, store, prepared));
  // Unless it ends before it has anything to hash.
  await Promise.race([hasher.reached(), outcome]);
  await meanwhile();
  hasher.release();
  return outcome;
};

const heldAtWrite: Held = async (operation, stage, prepared, meanwhile) => {
  const { store } = stage;
  let isDone = false;
  const execute: Store['execute'] = async (command, options) => {
    if (!isDone) {
      isDone = true;
      await meanwhile();
    }
    return store.execute(command, options);
  };
  return codeOf(run(operation, stage, wrapStore(store, { execute }), prepared));
};

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: SymbolonError) => error.code ?? String(error),
  );
}
