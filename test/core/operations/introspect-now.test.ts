/** What is answered at once is what `introspect` answers, and all else is left to it. */
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { authenticate, type Call } from '../../../src/core/operations/authenticate.ts';
import { introspect, introspectNow } from '../../../src/core/operations/introspect.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { openTestBed, type TestBed } from '../../support.ts';
import { login, makeWorld, PATIENTLY, refreshed, type World } from '../fixtures.ts';

let bed: TestBed;
let world: World;
let watcher: Call;

beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  watcher = await knownNow(world);
});

/** As the tenant's clients are now that all of them are made. */
async function knownNow({ services, watcher }: World): Promise<Call> {
  return { caller: await authenticate(services, watcher.caller.credential) };
}

function now(token: string, atLeastRevision = 0, call = watcher) {
  return introspectNow(world.services, call, { token, atLeastRevision });
}

/** Answered once, so that what decides is kept. */
async function loginKept() {
  const tokens = await login(world);
  expect(now(tokens.accessToken)).toBeUndefined();
  await introspect(world.services, watcher, { token: tokens.accessToken });
  return tokens;
}

it('answers the same', async () => {
  const { accessToken } = await loginKept();
  const answer = now(accessToken);
  expect(answer?.active).toBe(true);
  expect(answer).toEqual(await introspect(world.services, watcher, { token: accessToken }));
});

it('says inactive of another text about the same login', async () => {
  const { accessToken, refreshToken = '' } = await loginKept();
  for (const text of [
    refreshToken,
    `${accessToken.slice(0, 40)}${accessToken.slice(40).toLowerCase()}`,
    `${accessToken.slice(0, -1)}_`,
  ]) {
    expect(now(text), text).toEqual(await introspect(world.services, watcher, { token: text }));
    expect(now(text)?.active).toBe(false);
  }
});

it('leaves to the other way what it refuses: a text with a NUL, of a login that is known too', async () => {
  const { accessToken } = await loginKept();
  const text = `${accessToken.slice(0, -1)}\0`;
  await expect(introspect(world.services, watcher, { token: text })).rejects.toMatchObject({
    code: 'invalid_argument',
  });
  expect(() => now(text)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
});

it('leaves to the store what was revoked until it was read again, and then says that it is dead', async () => {
  const { accessToken } = await loginKept();
  await revoke(world.services, world.backend, { by: 'token', token: accessToken });
  expect(now(accessToken)).toBeUndefined();
  await introspect(world.services, watcher, { token: accessToken });
  expect(now(accessToken)).toEqual({ active: false, revision: 1 });
});

it('compares times with the clock at each call', async () => {
  const { accessToken, expireTime } = await loginKept();
  const before = bed.clock.now;
  bed.clock.advance(expireTime - before - 1);
  expect(now(accessToken)).toMatchObject({ active: true, timeToLiveMs: 1 });
  bed.clock.advance(1);
  expect(now(accessToken)).toEqual({ active: false, revision: 0 });
  bed.clock.advance(before - expireTime);
});

it('confirms a refresh whose tokens are used', async () => {
  const tokens = await refreshed(world, await loginKept());
  expect(now(tokens.accessToken)).toBeUndefined();
  await introspect(world.services, watcher, { token: tokens.accessToken });
  await vi.waitFor(async () => {
    const { familyId } = tokens;
    const { reading } = await world.services.store.readFamily(world.tenantId, familyId);
    expect(reading?.family.repeatUntil).toBe(0);
  }, PATIENTLY);
});

it('leaves to the other way callers that are not as they were known, revisions that are not reached, and what is not a token', async () => {
  const { accessToken } = await loginKept();
  const { caller } = watcher;
  const old = { caller: { ...caller, clientVersion: caller.clientVersion - 1 } };
  expect(now(accessToken, 0, old)).toBeUndefined();
  expect(() => now(accessToken, 1)).toThrow(expect.objectContaining({ code: 'revision_not_reached' }));
  expect(() => now(accessToken, 0, world.backend)).toThrow(expect.objectContaining({ code: 'permission_denied' }));
  expect([now(''), now('x'), now('x'.repeat(84)), now(`${accessToken} `)]).toEqual(new Array(4).fill(undefined));
});

it('knows nothing of another tenant’s token', async () => {
  const { accessToken } = await loginKept();
  const other = await makeWorld(bed);
  expect(now(accessToken, 0, await knownNow(other))).toBeUndefined();
});
