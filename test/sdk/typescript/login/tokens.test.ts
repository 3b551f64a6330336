/** The token for a call: docs/login.md, "The token for a call". */
import { describe, expect, it } from 'vitest';
import { TokenKind } from '../../../../gen/web/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { failureOf } from '../client/failure.ts';
import { Bed, DAY_MS, endedError, gate, HOUR_MS, LOST, settled, TestStore } from './bed.ts';

const MINUTE_MS = 60_000;

it('asks nobody while nobody is signed in', async () => {
  const bed = new Bed();
  const login = bed.open();
  expect(await failureOf(login.token())).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
  expect(login.signedIn).toBe(false);
  expect(login.currentUser).toBeUndefined();
  expect(login.exportTokens()).toBeUndefined();
  expect(bed.called).toEqual([]);
});

it('answers from memory until the margin, which is a fifth and at most 5 minutes', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.pass(HOUR_MS - 5 * MINUTE_MS - 1);
  expect(await login.token()).toBe('a1.0');
  expect(bed.called).toEqual([]);
  bed.pass(1);
  expect(await login.token()).toBe('a1.0');
  await settled();
  expect(bed.called).toEqual(['refresh']);
  expect(await login.token()).toBe('a1.1');

  bed.shape.lifetimeMs = MINUTE_MS;
  const short = await bed.signedIn();
  bed.pass(48_000 - 1);
  await short.token();
  expect(bed.called).toEqual([]);
  bed.pass(1);
  await short.token();
  await settled();
  expect(bed.called).toEqual(['refresh']);
});

it('answers at once within the margin, however long the refresh takes', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const held = gate();
  bed.on.refresh = async () => {
    await held.passed;
    return { tokens: bed.tokens(1, 1) };
  };
  bed.pass(HOUR_MS - MINUTE_MS);
  expect(await login.token()).toBe('a1.0');
  expect(await login.token()).toBe('a1.0');
  await settled();
  expect(bed.called).toEqual(['refresh']);
  held.open();
  await settled();
  expect(await login.token()).toBe('a1.1');
});

it('refreshes nothing that ends with its login', async () => {
  const bed = new Bed();
  bed.shape.loginLifetimeMs = HOUR_MS;
  const login = await bed.signedIn();
  bed.pass(HOUR_MS - 1);
  expect(await login.token()).toBe('a1.0');
  await settled();
  expect(bed.called).toEqual([]);
  bed.pass(1);
  expect(await failureOf(login.token())).toMatchObject({ code: 'UNAUTHENTICATED' });
  await settled();
  expect(bed.told).toEqual(['signed_in', 'expired']);
  expect(bed.called).toEqual([]);
});

it('waits for one refresh, however many wait, and none of them ends it for the others', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const held = gate();
  bed.on.refresh = async () => {
    await held.passed;
    return { tokens: bed.tokens(1, 1) };
  };
  bed.pass(HOUR_MS);
  const giver = new AbortController();
  const givenUp = failureOf(login.token({ signal: giver.signal }));
  const all = Promise.all(Array.from({ length: 100 }, () => login.token()));
  await settled();
  const reason = new Error('nobody waits');
  giver.abort(reason);
  expect(await givenUp).toMatchObject({ code: 'CANCELLED', cause: reason });
  held.open();
  expect(new Set(await all)).toEqual(new Set(['a1.1']));
  expect(bed.called).toEqual(['refresh']);
  expect(
    await failureOf(
      login.token({ signal: AbortSignal.abort() }).then(() => login.refused('a1.1', { signal: AbortSignal.abort() })),
    ),
  ).toMatchObject({ code: 'CANCELLED' });
});

it('may be given up by all that wait, also where the refresh then fails', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const held = gate();
  bed.on.refresh = async () => {
    await held.passed;
    throw new SymbolonError('INTERNAL', 'as the test has it');
  };
  bed.pass(HOUR_MS);
  expect(await failureOf(login.token({ signal: AbortSignal.abort() }))).toMatchObject({ code: 'CANCELLED' });
  expect(bed.called).toEqual([]);
  const giver = new AbortController();
  const givenUp = failureOf(login.token({ signal: giver.signal }));
  await settled();
  giver.abort();
  expect(await givenUp).toMatchObject({ code: 'CANCELLED' });
  held.open();
  await settled();
  expect(login.signedIn).toBe(true);
});

it('signs out as expired what nothing renews, when somebody looks', async () => {
  const bed = new Bed();
  bed.shape.canRefresh = false;
  const login = await bed.signedIn();
  bed.pass(HOUR_MS - 1);
  expect(login.signedIn).toBe(true);
  bed.pass(1);
  await settled();
  expect(bed.told).toEqual(['signed_in']);
  expect(login.signedIn).toBe(false);
  await settled();
  expect(bed.told).toEqual(['signed_in', 'expired']);
  expect(bed.called).toEqual([]);
});

it.each([
  ['APPLICATION', 'sys_secret', 'clientSecret'],
  ['ANONYMOUS', undefined, 'anonymous'],
] as const)('begins a login of %s again, by the same rules', async (kind, clientSecret, $case) => {
  const bed = new Bed();
  Object.assign(bed.shape, { kind: TokenKind[kind], canRefresh: false });
  const login = bed.open(clientSecret === undefined ? {} : { clientSecret });
  await login.signInClient();
  bed.pass(HOUR_MS - MINUTE_MS);
  expect(await login.token()).toBe('a1.0');
  await settled();
  expect(await login.token()).toBe('a2.0');
  bed.pass(HOUR_MS);
  expect(login.signedIn).toBe(true);
  expect(await Promise.all([login.token(), login.token()])).toEqual(['a3.0', 'a3.0']);
  expect(bed.called).toEqual(['issue', 'issue', 'issue']);
  expect(bed.requests.at(-1)).toMatchObject({ credential: { $case }, scopes: ['read'], requestId: 'id-3' });
  expect(bed.told).toEqual(['signed_in', 'refreshed', 'refreshed']);
});

it('counts by the monotonic clock alone while it runs', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.wall += 30 * DAY_MS;
  expect(await login.token()).toBe('a1.0');
  bed.wall -= 60 * DAY_MS;
  expect(await login.token()).toBe('a1.0');
  expect(login.signedIn).toBe(true);
  await settled();
  expect(bed.called).toEqual([]);
});

it.each([
  ['two hours ahead', 2 * HOUR_MS, 'a1.1', ['refresh']],
  ['two hours behind', -2 * HOUR_MS, 'a1.0', []],
  ['a year ahead, so that the login seems over', 365 * DAY_MS, 'a1.1', ['refresh']],
])('comes back with a clock that is %s', async (_how, shift, token, calls) => {
  const bed = new Bed();
  const text = (await bed.signedIn()).exportTokens() ?? '';
  bed.wall += shift;
  const login = bed.open();
  await login.resume(text);
  expect(await login.token()).toBe(token);
  expect(bed.called).toEqual(calls);
});

it('has no more left after a restart than there was', async () => {
  const bed = new Bed();
  const text = (await bed.signedIn()).exportTokens() ?? '';
  bed.wall -= 10 * HOUR_MS;
  const login = bed.open();
  await login.resume(text);
  bed.pass(HOUR_MS);
  expect(await login.token()).toBe('a1.1');
});

it('fails while the server is away and the token has expired, and forgets nothing', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.on.refresh = () => Promise.reject(LOST);
  bed.pass(HOUR_MS);
  expect(await failureOf(login.token())).toMatchObject({ code: 'UNAVAILABLE' });
  expect(login.signedIn).toBe(true);
  delete bed.on.refresh;
  expect(await login.token()).toBe('a1.1');
  expect(bed.told).toEqual(['signed_in', 'refreshed']);
});

it('counts the life of a token from when the call was sent whose answer it is', async () => {
  const bed = new Bed();
  const login = bed.open();
  let lost = 1;
  bed.on.issue = async () => {
    bed.pass(1_000);
    if (lost-- > 0) {
      throw LOST;
    }
    return { result: { $case: 'tokens', value: bed.tokens(1, 0) } };
  };
  const begun = bed.wall;
  await login.signInUser('ann', 'a password');
  expect(JSON.parse(login.exportTokens() ?? '')).toMatchObject({ obtained_ms: begun + 1_100, lifetime_ms: HOUR_MS });
  bed.pass(HOUR_MS - 1_001);
  delete bed.on.refresh;
  expect(await login.token()).toBe('a1.0');
  bed.pass(1);
  expect(await login.token()).toBe('a1.1');
});

it('fails once it is closed, and keeps what it has', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  login.close();
  login.close();
  for (const call of [
    login.token(),
    login.refused('a1.0'),
    login.signOut(),
    login.signInUser('a', 'b'),
    login.account.get(),
  ]) {
    expect(await failureOf(call)).toMatchObject({ code: 'CANCELLED', message: 'the login is closed: make a new one' });
  }
  expect([login.signedIn, login.currentUser, login.isOff]).toEqual([false, undefined, true]);
  expect(login.exportTokens()).toContain('r1.0');
});

it('notices an end where it tells who is signed in', async () => {
  const bed = new Bed();
  bed.shape.canRefresh = false;
  const login = await bed.signedIn();
  expect(login.currentUser).toMatchObject({ subjectId: 'ann' });
  bed.pass(HOUR_MS);
  expect(login.currentUser).toBeUndefined();
  await settled();
  expect(bed.told).toEqual(['signed_in', 'expired']);
});

describe('close', () => {
  /** A refresh that is under way, for which a call waits. */
  async function refreshing(onto = new TestStore()) {
    const bed = new Bed();
    const login = await bed.signedIn({ store: onto });
    const [answer, late] = [gate(), gate()];
    bed.sleeping = late.passed;
    let isGivenUp = false;
    bed.on.refresh = async (_request, { signal }) => {
      signal.addEventListener('abort', () => {
        isGivenUp = true;
        answer.open();
      });
      await answer.passed;
      if (isGivenUp) {
        throw new SymbolonError('CANCELLED', 'its signal was aborted');
      }
      return { tokens: bed.tokens(1, 1) };
    };
    bed.pass(HOUR_MS);
    const waiting = failureOf(login.token());
    await settled();
    return { bed, store: onto, login, waiting, answer, late, isGivenUp: () => isGivenUp };
  }

  it('lets a refresh that is under way end, and be written, before the connection ends', async () => {
    const { bed, store, login, waiting, answer } = await refreshing();
    login.close();
    expect(await waiting).toMatchObject({ code: 'CANCELLED', message: 'the login is closed: make a new one' });
    await settled();
    expect([login.isOff, bed.slept]).toEqual([false, [2_000]]);
    answer.open();
    await expect.poll(() => login.isOff).toBe(true);
    expect([store.accessToken, bed.called]).toEqual(['a1.1', ['refresh']]);
    expect(bed.told).toEqual(['signed_in', 'refreshed']);
  });

  it('gives it up after 2 s', async () => {
    const { bed, login, late, isGivenUp } = await refreshing();
    login.close();
    await settled();
    expect([isGivenUp(), login.isOff]).toEqual([false, false]);
    late.open();
    await settled();
    expect([isGivenUp(), login.isOff, bed.called]).toEqual([true, true, ['refresh']]);
  });

  it('writes once more what comes of it where the store can’t be written', async () => {
    const { bed, store, login, answer } = await refreshing();
    store.failing = ['save'];
    login.close();
    answer.open();
    await expect.poll(() => login.isOff).toBe(true);
    await settled();
    expect(bed.told).toEqual(['signed_in', 'store_failed', 'refreshed', 'store_failed']);
  });

  it('writes what could not be written, however long that should wait', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.failing = ['save'];
    const login = await bed.signedIn({ store });
    store.failing = [];
    bed.sleeping = gate().passed;
    login.close();
    await expect.poll(() => login.isOff).toBe(true);
    expect(store.accessToken).toBe('a1.0');
  });

  it('begins no refresh that waits for the lock of the store', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    bed.sleeping = gate().passed;
    const busy = gate();
    void store.lock(() => busy.passed);
    bed.pass(HOUR_MS);
    const waiting = failureOf(login.token());
    await settled();
    login.close();
    busy.open();
    expect(await waiting).toMatchObject({ code: 'CANCELLED' });
    await expect.poll(() => login.isOff).toBe(true);
    expect([bed.called, store.accessToken]).toEqual([[], 'a1.0']);
  });
});

it.each([
  ['the next token comes', undefined, 'a1.1', []],
  [
    'the server knows nothing of the refresh token',
    endedError('INVALID_REFRESH_TOKEN'),
    'UNAUTHENTICATED',
    ['disabled'],
  ],
  ['the server is away', LOST, 'UNAVAILABLE', []],
])('answers a dead token to no call, also not while it is refreshed: %s', async (_what, failure, answer, told) => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS', 'DISABLED'));
  const [arrived, answered] = [gate(), gate()];
  bed.on.refresh = async () => {
    arrived.open();
    await answered.passed;
    if (failure !== undefined) {
      throw failure;
    }
    return { tokens: bed.tokens(1, 1) };
  };
  const again = login.refused('a1.0');
  await arrived.passed;
  const token = login.token().catch(({ code }: SymbolonError) => code);
  await settled();
  answered.open();
  expect([await token, await again, bed.told.slice(1)]).toEqual([
    answer,
    failure === undefined,
    expect.arrayContaining(told),
  ]);
});

it('does a call of the account once more when its token had just ended, and not for a wrong password', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const dead = endedError('INVALID_CREDENTIALS');
  bed.on.describeToken = () => Promise.reject(dead);
  bed.on.getUser = async ({ user }) => {
    if (user?.user?.value === 'a1.0') {
      throw dead;
    }
    return { user: { userId: String(user?.user?.value) } as never };
  };
  expect(await login.account.get()).toMatchObject({ userId: 'a1.1' });
  expect(bed.called).toEqual(['getUser', 'describeToken', 'refresh', 'getUser']);
  delete bed.on.describeToken;
  bed.called.length = 0;
  bed.on.changeUserPassword = () => Promise.reject(dead);
  expect(await failureOf(login.account.changePassword('wrong', 'new'))).toBe(dead);
  expect(bed.called).toEqual(['changeUserPassword', 'describeToken']);
});
