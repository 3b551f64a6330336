/** A call that can be answered at once is answered before `runCall` returns; all others, and all that are refused, go the other way. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { CallRecord } from '../../src/calls/call-record.ts';
import type { Method } from '../../src/calls/method.ts';
import { type ReceivedCall, runCall } from '../../src/calls/run.ts';
import { SymbolonError } from '../../src/core/errors.ts';
import { authenticate, parseAuthorization } from '../../src/core/operations/authenticate.ts';
import { makeWorld } from '../core/fixtures.ts';
import { openMemoryTestBed, type TestBed } from '../support.ts';

class Recorded extends CallRecord {
  readonly door = 'grpc';
  readonly route = '/test';
  readonly requestId = 'one';
  readonly remoteAddress = undefined;

  header(): undefined {}
}

let bed: TestBed;
let authorization: string;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  const { tenantId } = await makeWorld(bed);
  authorization = `Basic ${btoa(`${tenantId}:`)}`;
  // So that the caller is known.
  await authenticate(bed.services, parseAuthorization(authorization));
});

type Answered = { readonly at: 'once' | 'later'; readonly response?: string; readonly error?: SymbolonError };

function run(
  runNow: Method<string, string>['runNow'],
  received: Partial<ReceivedCall<string>> = {},
): Promise<Answered> {
  const method = { name: 'Test', logLevel: 'debug', takesKnownCaller: true, run: async () => 'by run' } as const;
  const record = new Recorded();
  const usual = { record, authorization, request: '', deadline: Date.now() + 60_000, isCancelled: false };
  const call = Object.defineProperties(usual, Object.getOwnPropertyDescriptors(received)) as ReceivedCall<string>;
  const context = { services: bed.services, log: pino({ enabled: false }) };
  return new Promise((resolve) => {
    let at: Answered['at'] = 'once';
    const succeed = (response: string) => resolve({ at, response });
    const fail = (error: SymbolonError) => resolve({ at, error });
    runCall(context, runNow === undefined ? method : { ...method, runNow }, call, succeed, fail);
    at = 'later';
  });
}

it('answers at once what can be', async () => {
  expect(await run(() => 'at once')).toEqual({ at: 'once', response: 'at once' });
});

it.each<[string, Method<string, string>['runNow'], Partial<ReceivedCall<string>>]>([
  ['that has no other way', undefined, {}],
  ['where something has to be waited for', () => undefined, {}],
  [
    'that fails',
    () => {
      throw new Error('thrown');
    },
    {},
  ],
])('leaves to `run` a call %s', async (_, runNow, received) => {
  expect(await run(runNow, received)).toEqual({ at: 'later', response: 'by run' });
});

it('refuses a caller who is nobody, and a timeout that can’t be read, as ever', async () => {
  const nobody = await run(() => 'at once', { authorization: undefined });
  expect(nobody.error).toMatchObject({ code: 'caller_unauthenticated' });
  const malformed = {
    get deadline(): number {
      throw new SymbolonError('invalid_argument', 'malformed');
    },
  };
  expect((await run(() => 'at once', malformed)).error).toMatchObject({ code: 'invalid_argument' });
});

it('does not answer what nobody waits for any more', async () => {
  expect(await run(() => 'at once', { deadline: Date.now() - 1 })).not.toMatchObject({ response: 'at once' });
});

it('tells what a call waited for whose trace is kept', async () => {
  const record = new Recorded();
  record.trace = { traceId: '1', spanId: '2', isSampled: true };
  expect(await run(() => 'at once', { record })).toEqual({ at: 'later', response: 'by run' });
});
