/** A refresh, and what to do about a refused token: docs/login.md, "A refresh" and "After UNAUTHENTICATED or 401". */
import { describe, expect, it } from 'vitest';
import { TokenKind } from '../../../../gen/web/symbolon/v1/token_service.ts';
import { MemoryStore, SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { failureOf } from '../client/failure.ts';
import { Bed, DAY_MS, endedError, gate, HOUR_MS, LOST, settled, TestStore } from './bed.ts';

const MINUTE_MS = 60_000;

it('sends the same refresh token again after a lost answer, until the time for a call is over', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.pass(HOUR_MS);
  bed.on.refresh = () => Promise.reject(LOST);
  bed.requests.length = 0;
  expect(await failureOf(login.token())).toBe(LOST);
  expect(bed.slept.slice(0, 6)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  expect(bed.slept.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
  expect(new Set(bed.requests.map(({ refreshToken }) => refreshToken))).toEqual(new Set(['r1.0']));
  let lost = 3;
  bed.on.refresh = async () => {
    if (lost-- > 0) {
      throw new SymbolonError('DEADLINE_EXCEEDED', 'late');
    }
    return { tokens: bed.tokens(1, 1) };
  };
  expect(await login.token()).toBe('a1.1');
});

it.each(['CANCELLED', 'INTERNAL', 'UNKNOWN'])(
  'is sent again after a line that broke, of which gRPC says %s',
  async (code) => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.pass(HOUR_MS);
    bed.on.refresh = async () => {
      if (bed.count('refresh') === 1) {
        throw new SymbolonError(code, 'no server gave a reason');
      }
      return { tokens: bed.tokens(1, 1) };
    };
    expect(await login.token()).toBe('a1.1');
  },
);

it.each(['UNAUTHENTICATED', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'INTERNAL'])(
  'is not sent again after %s, which signs nobody out',
  async (code) => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.refresh = () => Promise.reject(new SymbolonError(code, 'of the server', { reason: 'A_REASON' }));
    bed.pass(HOUR_MS);
    expect(await failureOf(login.token())).toMatchObject({ code });
    expect(bed.called).toEqual(['refresh']);
    expect(login.signedIn).toBe(true);
    expect(bed.told).toEqual(['signed_in']);
  },
);

it('begins again beside calls after 1 s, doubling up to 30 s, or when the server says', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.shape.lifetimeMs = HOUR_MS;
  const error = new SymbolonError('RESOURCE_EXHAUSTED', 'too much', { retryAfterMs: 0 });
  bed.on.refresh = () => Promise.reject(error);
  bed.pass(HOUR_MS - 5 * MINUTE_MS);
  const tried = async () => {
    await login.token();
    await settled();
    return bed.count('refresh');
  };
  expect(await tried()).toBe(1);
  let before = 1;
  for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    bed.pass(wait - 1);
    expect(await tried()).toBe(before);
    bed.pass(1);
    before += 1;
    expect(await tried()).toBe(before);
  }
  bed.on.refresh = () => Promise.reject(new SymbolonError('RESOURCE_EXHAUSTED', 'too much', { retryAfterMs: 45_000 }));
  bed.pass(30_000);
  expect(await tried()).toBe(before + 1);
  bed.pass(44_999);
  expect(await tried()).toBe(before + 1);
  bed.pass(1);
  expect(await tried()).toBe(before + 2);
});

it('is in the store before any call gets the new token, and within its lock', async () => {
  const bed = new Bed();
  const store = new TestStore();
  const login = await bed.signedIn({ store });
  bed.pass(HOUR_MS);
  const writing = gate();
  const save = store.save.bind(store);
  store.save = async (text) => {
    await writing.passed;
    return save(text);
  };
  store.did.length = 0;
  let got: string | undefined;
  const waiting = login.token().then((token) => {
    got = token;
  });
  await settled();
  expect([bed.count('refresh'), got, store.accessToken]).toEqual([1, undefined, 'a1.0']);
  expect(await Promise.race([login.token(), Promise.resolve('waits')])).toBe('waits');
  writing.open();
  await waiting;
  expect([got, store.accessToken]).toEqual(['a1.1', 'a1.1']);
  expect(store.did).toEqual(['lock', 'load', 'save', 'unlock']);
});

it.each([
  ['PASSWORD_CHANGED', 'password_changed'],
  ['DISABLED', 'disabled'],
  ['DELETED', 'deleted'],
  ['REVOKED', 'revoked'],
  ['REFRESH_REUSE', 'revoked'],
  ['RESTORED', 'revoked'],
  ['SECRET_RESET', 'revoked'],
  ['SOMETHING_NEWER', 'revoked'],
  ['EXPIRED', 'expired'],
])('signs out where the server says that it ended by %s', async (endedBy, reason) => {
  const bed = new Bed();
  const store = new TestStore();
  const login = await bed.signedIn({ store });
  bed.on.refresh = () => Promise.reject(endedError('INVALID_REFRESH_TOKEN', endedBy));
  bed.pass(HOUR_MS - MINUTE_MS);
  expect(await login.token()).toBe('a1.0');
  await settled();
  expect(login.signedIn).toBe(false);
  expect(bed.told).toEqual(['signed_in', reason]);
  expect(store.text).toBeUndefined();
  expect(await failureOf(login.token())).toMatchObject({ code: 'UNAUTHENTICATED' });
});

it.each([
  ['revoked', 0],
  ['expired', 14 * DAY_MS],
])(
  'uses the access token as long as it lasts where the server knows nothing, and is %s then',
  async (reason, later) => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.refresh = () => Promise.reject(endedError('INVALID_REFRESH_TOKEN'));
    bed.pass(HOUR_MS - MINUTE_MS);
    expect(await login.token()).toBe('a1.0');
    await settled();
    expect(await login.token()).toBe('a1.0');
    await settled();
    expect([login.signedIn, bed.count('refresh')]).toEqual([true, 1]);
    bed.pass(MINUTE_MS + later);
    expect(await failureOf(login.token())).toMatchObject({ code: 'UNAUTHENTICATED' });
    await settled();
    expect(bed.told).toEqual(['signed_in', reason]);
    expect(bed.count('refresh')).toBe(1);
  },
);

it('begins a client’s login again whose refresh token has ended', async () => {
  const bed = new Bed();
  bed.shape.kind = TokenKind.APPLICATION;
  const login = bed.open({ clientSecret: 'sys_secret' });
  await login.signInClient();
  bed.on.refresh = () => Promise.reject(endedError('INVALID_REFRESH_TOKEN', 'REVOKED'));
  bed.pass(HOUR_MS);
  expect(await login.token()).toBe('a2.0');
  expect(bed.called).toEqual(['issue', 'refresh', 'issue']);
});

describe('what happened meanwhile', () => {
  it.each([true, false])(
    'is a sign-out: the answer is dropped, and nothing is written (with a lock: %s)',
    async (locks) => {
      const bed = new Bed();
      const store = new TestStore();
      Object.assign(store, locks ? {} : { lock: undefined });
      const login = await bed.signedIn({ store });
      const held = gate();
      bed.on.refresh = async () => {
        await held.passed;
        return { tokens: bed.tokens(1, 1) };
      };
      bed.pass(HOUR_MS);
      const waiting = failureOf(login.token());
      await settled();
      const out = login.signOut();
      held.open();
      expect(await waiting).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await out).toBe(true);
      expect([login.signedIn, store.text, bed.told]).toEqual([false, undefined, ['signed_in', 'signed_out']]);
    },
  );

  it('is a sign-out, which does not wait for the refresh', async () => {
    const bed = new Bed();
    const login = await bed.signedIn({ store: new TestStore() });
    bed.on.refresh = async (_request, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new SymbolonError('CANCELLED', 'its signal was aborted');
    };
    bed.pass(HOUR_MS);
    const waiting = failureOf(login.token());
    await settled();
    expect(await login.signOut()).toBe(true);
    expect(await waiting).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is another sign-in: who waited gets its token', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    bed.on.refresh = async (_request, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new SymbolonError('CANCELLED', 'its signal was aborted');
    };
    bed.pass(HOUR_MS);
    const waiting = login.token();
    await settled();
    await login.signInUser('bea', 'another');
    expect(await waiting).toBe('a2.0');
    await settled();
    expect(await login.token()).toBe('a2.0');
  });
});

it('keeps the lock no longer than 10 s, whatever a call may take', async () => {
  const bed = new Bed();
  bed.shape.kind = TokenKind.APPLICATION;
  const login = bed.open({ clientSecret: 'sys_secret', timeoutMs: 60_000 });
  await login.signInClient();
  bed.pass(HOUR_MS);
  const begun = bed.monotonic;
  const limits: number[] = [];
  bed.on.refresh = async (_request, { timeoutMs }) => {
    limits.push(timeoutMs);
    bed.pass(8_000);
    throw endedError('INVALID_REFRESH_TOKEN', 'EXPIRED');
  };
  bed.on.issue = async (_request, { timeoutMs }) => {
    limits.push(timeoutMs);
    bed.pass(timeoutMs);
    throw LOST;
  };
  expect(await failureOf(login.token())).toBe(LOST);
  expect([limits, bed.monotonic - begun]).toEqual([[10_000, 2_000], 10_000]);
});

describe('another process on the store', () => {
  async function two() {
    const bed = new Bed();
    const store = new TestStore();
    const one = await bed.signedIn({ store });
    const other = bed.open({ store });
    await other.resumeStored();
    bed.events.length = 0;
    return { bed, store, one, other };
  }

  it('is another Login on the same memory: one refresh', async () => {
    const bed = new Bed();
    const store = new MemoryStore();
    const logins = [await bed.signedIn({ store }), bed.open({ store })] as const;
    await logins[1].resumeStored();
    bed.pass(HOUR_MS);
    expect(await Promise.all(logins.map((login) => login.token()))).toEqual(['a1.1', 'a1.1']);
    expect(bed.called).toEqual(['refresh']);
  });

  it('was quicker: its token is taken, with one refresh', async () => {
    const { bed, one, other } = await two();
    bed.pass(HOUR_MS);
    expect(await Promise.all([one.token(), other.token()])).toEqual(['a1.1', 'a1.1']);
    expect(bed.called).toEqual(['refresh']);
    expect(bed.told).toEqual(['refreshed', 'refreshed']);
  });

  it.each([
    ['app', 'began the login of the client again: that is taken', ['signed_in', 'refreshed']],
    ['another', 'has a login of another client: replaced', ['signed_in', 'replaced']],
  ])('of %s %s', async (client, _what, told) => {
    const bed = new Bed();
    bed.shape.kind = TokenKind.APPLICATION;
    const store = new TestStore();
    const login = bed.open({ store, clientSecret: 'sys_secret' });
    await login.signInClient();
    const again = { ...JSON.parse(store.text ?? ''), family_id: 'f7', token_id: 't7', access_token: 'a7' };
    bed.pass(HOUR_MS);
    store.text = JSON.stringify({ ...again, client_id: client, obtained_ms: bed.wall });
    const token = await login.token().catch(() => undefined);
    expect([token, bed.told]).toEqual([client === 'app' ? 'a7' : undefined, told]);
  });

  it('signed out: signed out here too', async () => {
    const { bed, one, other } = await two();
    await other.signOut();
    bed.pass(HOUR_MS);
    expect(await failureOf(one.token())).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(bed.told).toEqual(['signed_out', 'signed_out']);
    expect(bed.called).toEqual(['revoke']);
  });

  it('signed another one in: replaced, and the store keeps that', async () => {
    const { bed, store, one, other } = await two();
    await other.signInUser('bea', 'another');
    bed.pass(HOUR_MS);
    expect(await failureOf(one.token())).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(bed.told).toEqual(['signed_in', 'replaced']);
    expect(store.accessToken).toBe('a2.0');
    expect(await one.signOut()).toBe(true);
    expect(store.accessToken).toBe('a2.0');
  });
});

it('leaves the login in the store that another process began, where the one here has expired', async () => {
  const bed = new Bed();
  bed.shape.canRefresh = false;
  const store = new TestStore();
  const one = await bed.signedIn({ store });
  bed.pass(HOUR_MS / 2);
  await bed.open({ store }).signInUser('bea', 'another');
  bed.pass(HOUR_MS / 2);
  expect(one.signedIn).toBe(false);
  await settled();
  expect([bed.told.at(-1), store.accessToken]).toEqual(['expired', 'a2.0']);
});

describe('refused', () => {
  it('is yes where there is another token by now, and no where nobody is signed in', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    expect(await login.refused('a0.9')).toBe(true);
    await login.signOut();
    bed.called.length = 0;
    expect(await login.refused('a1.0')).toBe(false);
    expect(bed.called).toEqual([]);
  });

  it('is yes where the store has another token', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    const other = bed.open({ store });
    await other.resumeStored();
    bed.pass(HOUR_MS);
    await other.token();
    bed.called.length = 0;
    expect(await login.refused('a1.0')).toBe(true);
    expect(bed.called).toEqual([]);
    expect(await login.token()).toBe('a1.1');
  });

  it('is no where the token is live', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    expect(await login.refused('a1.0')).toBe(false);
    expect(bed.called).toEqual(['describeToken']);
  });

  it('asks once for a hundred calls, and refreshes once', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS', 'EXPIRED'));
    const again = await Promise.all(Array.from({ length: 100 }, () => login.refused('a1.0')));
    expect(new Set(again)).toEqual(new Set([true]));
    expect(bed.called).toEqual(['describeToken', 'refresh']);
    expect(await login.token()).toBe('a1.1');
  });

  it('waits for the refresh that is under way, which ended the token', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    const held = gate();
    bed.on.refresh = async () => {
      await held.passed;
      return { tokens: bed.tokens(1, 1) };
    };
    bed.pass(HOUR_MS - MINUTE_MS);
    await login.token();
    const again = login.refused('a1.0');
    held.open();
    expect(await again).toBe(true);
    expect(bed.called).toEqual(['refresh']);
  });

  it('is no where nothing can be known, and forgets nothing', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.describeToken = () => Promise.reject(LOST);
    expect(await login.refused('a1.0')).toBe(false);
    expect([login.signedIn, bed.told]).toEqual([true, ['signed_in']]);
    bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS'));
    bed.on.refresh = () => Promise.reject(LOST);
    expect(await login.refused('a1.0')).toBe(false);
    expect([login.signedIn, bed.told]).toEqual([true, ['signed_in']]);
  });

  it('answers a dead token to nobody any more where the refresh then fails', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS'));
    bed.on.refresh = () => Promise.reject(LOST);
    expect(await login.refused('a1.0')).toBe(false);
    expect(await failureOf(login.token())).toBe(LOST);
    expect([login.signedIn, bed.told]).toEqual([true, ['signed_in']]);
    delete bed.on.refresh;
    expect(await login.token()).toBe('a1.1');
  });

  it.each([
    ['DISABLED', 'disabled'],
    [undefined, 'revoked'],
  ])('signs out without a refresh token, by %s', async (endedBy, reason) => {
    const bed = new Bed();
    bed.shape.canRefresh = false;
    const login = await bed.signedIn();
    bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS', endedBy));
    expect(await login.refused('a1.0')).toBe(false);
    await settled();
    expect(bed.told).toEqual(['signed_in', reason]);
  });

  it('signs out where the token is dead and the server knows nothing of the refresh token', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS'));
    bed.on.refresh = () => Promise.reject(endedError('INVALID_REFRESH_TOKEN'));
    expect(await login.refused('a1.0')).toBe(false);
    await settled();
    expect(bed.told).toEqual(['signed_in', 'revoked']);
  });
});
