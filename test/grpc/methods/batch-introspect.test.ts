/** BatchIntrospect over a real socket: its messages, bounds and errors. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BatchIntrospectResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { make } from '../../support.ts';
import { CREDENTIALS, failureOf, introspect, issue, revoke } from '../client.ts';
import { type DirectoryBed, openDirectoryBed, type Partially } from './bed.ts';

let bed: DirectoryBed;

beforeAll(async () => {
  bed = await openDirectoryBed();
});

afterAll(() => bed.close());

function look(request: Partially<'batchIntrospect'>): Promise<BatchIntrospectResponse> {
  return bed.call('batchIntrospect', request, bed.as.introspect);
}

it('answers for each what Introspect answers, in order', async () => {
  const [live, dead] = [await issue(bed, CREDENTIALS.user()), await issue(bed, CREDENTIALS.device())];
  const revision = await revoke(bed, dead.accessToken);
  const tokens = [dead.accessToken, live.accessToken, '', live.refreshToken, 'x'.repeat(10_000), live.accessToken];
  const { answers } = await look({ tokens, atLeastRevision: revision });
  expect(answers.map(({ active }) => active)).toEqual([false, true, false, false, false, true]);
  expect(answers[1]).toEqual(await introspect(bed, live.accessToken));
  expect(answers[0]).toEqual(await introspect(bed, dead.accessToken));
  expect(new Set(answers.map((answer) => answer.revision))).toEqual(new Set([revision]));
});

it.each([
  [{}, 'tokens is missing'],
  [{ tokens: Array.from({ length: 1_001 }, () => 'x') }, 'tokens must have at most 1000 entries, and has 1001'],
  [{ tokens: ['x'], maxStaleness: { seconds: 3_601 } }, 'max_staleness must be from 0 to 3600 seconds'],
])('refuses %#: %s', async (request, message) => {
  expect(await failureOf(look(request))).toMatchObject({ status: 'INVALID_ARGUMENT', message });
});

it('refuses a revision that is not reached', async () => {
  expect(await failureOf(look({ tokens: ['x'], atLeastRevision: 1_000 }))).toMatchObject({
    status: 'UNAVAILABLE',
    reason: 'REVISION_NOT_REACHED',
    retryDelaySeconds: 1,
  });
});

it('refuses answers that are too long for one message, and takes fewer of them', async () => {
  const scopes = Array.from({ length: 64 }, (_, i) => `${i}`.padEnd(128, 'x'));
  const set = { kind: 'update_client', tenantId: 'acme', clientId: 'plain', scopes } as const;
  await make(bed.store, set);
  const { accessToken } = await issue(bed, { ...CREDENTIALS.user(), scopes }, bed.as.client);
  const tokens = Array.from({ length: 1_000 }, () => accessToken);
  expect(await failureOf(look({ tokens }))).toMatchObject({
    status: 'INVALID_ARGUMENT',
    message: 'tokens have so many scopes that their answers are longer than 4194304 bytes. Send fewer tokens',
  });
  expect((await look({ tokens: tokens.slice(0, 400) })).answers.every(({ active }) => active)).toBe(true);
});
