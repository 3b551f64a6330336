/** Signing in, up and out, the events of it, and stores that fail. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { parseRecord } from '../../../../sdk/typescript/client/src/login/record.ts';
import { failureOf } from '../client/failure.ts';
import { Bed, endedError, gate, HOUR_MS, LOST, settled, TestStore } from './bed.ts';

it('sends the same request again after a lost answer', async () => {
  const bed = new Bed();
  const login = bed.open({ scopes: ['read'] });
  let lost = 2;
  bed.on.issue = async () => {
    if (lost-- > 0) {
      throw LOST;
    }
    return { result: { $case: 'tokens', value: bed.tokens(1, 0) } };
  };
  expect(await login.signInUser('ann', 'a password')).toBeUndefined();
  expect(bed.requests.map(({ requestId, scopes }) => [requestId, scopes])).toEqual(Array(3).fill(['id-1', ['read']]));
  await login.signUpPseudoUser().catch(() => undefined);
  expect(bed.requests.at(-1)).toMatchObject({ withToken: { scopes: ['read'], requestId: 'id-2' } });
});

it('is under way once at a time, and one that fails changes nothing', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const held = gate();
  bed.on.issue = async () => {
    await held.passed;
    throw endedError('INVALID_CREDENTIALS');
  };
  const first = failureOf(login.signInUser('bea', 'wrong'));
  const text = login.exportTokens() ?? '';
  for (const another of [
    login.signInDevice('th.1', 'b'),
    login.resume(text),
    login.resumeStored(),
    login.resumeWithToken('a'),
  ]) {
    expect(await failureOf(another)).toMatchObject({
      ...{ code: 'FAILED_PRECONDITION', message: 'another sign-in is under way: wait until it has ended' },
    });
  }
  held.open();
  expect(await first).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
  expect([await login.token(), bed.told]).toEqual(['a1.0', ['signed_in']]);
});

it('revokes the login that was there before, in memory or in the store', async () => {
  const bed = new Bed();
  const store = new TestStore();
  await bed.signedIn({ store });
  const login = bed.open({ store });
  await login.signInUser('bea', 'b');
  expect(bed.requests.at(-1)).toMatchObject({ target: { value: 'r1.0' } });
  await login.signInUser('cat', 'c');
  expect(bed.requests.at(-1)).toMatchObject({ target: { value: 'r2.0' } });
  await login.resume(login.exportTokens() ?? '');
  expect(bed.called).toEqual(['issue', 'revoke', 'issue', 'revoke']);
});

it('is dropped and revoked where somebody signs out meanwhile', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const held = gate();
  bed.on.issue = async () => {
    await held.passed;
    return { result: { $case: 'tokens', value: bed.tokens(7, 0) } };
  };
  const late = failureOf(login.signInUser('bea', 'b'));
  await settled();
  await login.signOut();
  held.open();
  expect(await late).toMatchObject({ code: 'CANCELLED' });
  expect(bed.requests.at(-1)).toMatchObject({ target: { value: 'r7.0' } });
  expect([login.signedIn, bed.told]).toEqual([false, ['signed_in', 'signed_out']]);
});

it('is dropped where somebody signs out while it is written, and nothing of it is left', async () => {
  const bed = new Bed();
  const store = new TestStore();
  const login = bed.open({ store });
  const writing = gate();
  const save = store.save.bind(store);
  store.save = async (text) => {
    await save(text);
    await writing.passed;
  };
  const late = failureOf(login.signInUser('ann', 'a'));
  await expect.poll(() => store.text).toBeDefined();
  const out = login.signOut();
  await settled();
  writing.open();
  expect(await late).toMatchObject({ code: 'CANCELLED' });
  expect(await out).toBe(true);
  expect([login.signedIn, store.text, bed.told, bed.called]).toEqual([false, undefined, [], ['issue', 'revoke']]);
});

it('wants a second factor, and takes it once it is right', async () => {
  const bed = new Bed();
  const login = bed.open();
  const expireTime = { seconds: 1_800_000_000, nanos: 0 };
  bed.on.issue = async () => ({ result: { $case: 'mfaChallenge', value: { mfaToken: 'sym_challenge', expireTime } } });
  const factor = await login.signInUser('ann', 'a password');
  expect([factor?.expireTime, login.signedIn]).toEqual([new Date(1_800_000_000_000), false]);
  expect(inspect(factor, { depth: 9, showHidden: true })).not.toContain('sym_');
  bed.on.issue = () => Promise.reject(LOST);
  bed.called.length = 0;
  expect(await failureOf(factor?.complete('123456') ?? Promise.resolve())).toBe(LOST);
  expect(bed.called).toEqual(['issue']);
  delete bed.on.issue;
  await factor?.completeWithRecoveryCode('abcd-efgh');
  expect(bed.requests.at(-1)).toEqual({
    credential: {
      $case: 'secondFactor',
      value: { mfaToken: 'sym_challenge', factor: { $case: 'recoveryCode', value: 'abcd-efgh' } },
    },
  });
  expect(login.signedIn).toBe(true);
});

describe('resume', () => {
  it.each(['', 'no JSON', '{}', '[]', 'null', '{"version":2}', '"syr_secret"'])('refuses %s', async (text) => {
    const failure = await failureOf(new Bed().open().resume(text));
    expect(failure).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(inspect(failure)).not.toContain('syr_');
  });

  it('refuses what is of another client, and takes a token alone', async () => {
    const bed = new Bed();
    const text = (await bed.signedIn()).exportTokens() ?? '';
    const login = bed.open();
    expect(await failureOf(login.resume(text.replace('"app"', '"other"')))).toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', message: 'the text has a login of the client other, and clientId is app' },
    });
    await login.resumeWithToken('handed over');
    expect(login.currentUser).toMatchObject({ clientId: 'other', familyId: 'f9', kind: 'user' });
    const exported = login.exportTokens() ?? '';
    expect(JSON.parse(exported)).not.toHaveProperty('refresh_token');
    await bed.open().resume(exported);
    bed.on.describeToken = () => Promise.reject(endedError('INVALID_CREDENTIALS'));
    expect(await failureOf(login.resumeWithToken('dead'))).toMatchObject({ reason: 'INVALID_CREDENTIALS' });
    expect(await login.token()).toBe('handed over');
  });

  it('passes over members that it does not know, and keeps none of them', async () => {
    const bed = new Bed();
    const record = JSON.parse((await bed.signedIn()).exportTokens() ?? '');
    const login = bed.open();
    await login.resume(JSON.stringify({ ...record, colour: 'red' }));
    expect(JSON.parse(login.exportTokens() ?? '')).toEqual(record);
    expect(parseRecord(JSON.stringify({ ...record, version: 2 }))).toBeUndefined();
    expect(parseRecord(JSON.stringify({ ...record, kind: 'WIZARD' }))).toBeUndefined();
    expect(parseRecord(JSON.stringify({ ...record, lifetime_ms: -1 }))).toBeUndefined();
    expect(parseRecord(JSON.stringify({ ...record, login_lifetime_ms: undefined }))).toBeUndefined();
    expect(parseRecord(JSON.stringify({ ...record, access_token: '' }))).toBeUndefined();
  });
});

describe('resumeStored', () => {
  /** What was refreshed and could not be written, with the record before it in the store. */
  async function unsaved() {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    store.failing = ['save'];
    bed.pass(HOUR_MS);
    expect([await login.token(), store.accessToken]).toEqual(['a1.1', 'a1.0']);
    return { bed, store, login };
  }

  it.each([true, false])(
    'keeps what could not be written yet, and writes it (the store is well by now: %s)',
    async (isWell) => {
      const { bed, store, login } = await unsaved();
      store.failing = isWell ? [] : ['save'];
      expect(await login.resumeStored()).toBe(true);
      expect(login.exportTokens()).toContain('r1.1');
      expect([await login.token(), store.accessToken]).toEqual(['a1.1', isWell ? 'a1.1' : 'a1.0']);
      bed.pass(HOUR_MS);
      expect(await login.token()).toBe('a1.2');
      expect(bed.requests.at(-1)).toEqual({ refreshToken: 'r1.1' });
    },
  );

  it('keeps what could not be written to a store that has nothing', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.failing = ['save'];
    const login = await bed.signedIn({ store });
    store.failing = [];
    expect([await login.resumeStored(), store.accessToken]).toEqual([true, 'a1.0']);
  });

  it('takes what another process has written since then', async () => {
    const { bed, store, login } = await unsaved();
    store.text = JSON.stringify({ ...JSON.parse(store.text ?? ''), token_id: 't1.2', access_token: 'a1.2' });
    expect(await login.resumeStored()).toBe(true);
    bed.wall -= HOUR_MS;
    store.failing = [];
    expect(JSON.parse(login.exportTokens() ?? '')).toMatchObject({ token_id: 't1.2' });
    await login.signInUser('bea', 'b');
    expect(bed.count('revoke')).toBe(1);
  });

  it('waits for a refresh that is under way, and loses nothing of it', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    const held = gate();
    bed.on.refresh = async ({ refreshToken }, { signal }) => {
      await held.passed;
      if (signal.aborted || refreshToken !== 'r1.0') {
        throw new SymbolonError('CANCELLED', 'its signal was aborted', { reason: 'A_REASON' });
      }
      return { tokens: bed.tokens(1, 1) };
    };
    bed.pass(HOUR_MS);
    const token = login.token();
    await settled();
    const resumed = login.resumeStored();
    await settled();
    held.open();
    expect([await token, await resumed, store.accessToken]).toEqual(['a1.1', true, 'a1.1']);
    expect([bed.called, bed.told]).toEqual([['refresh'], ['signed_in', 'refreshed']]);
  });

  it('may be given up while it waits', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    const held = gate();
    bed.on.refresh = async () => {
      await held.passed;
      return { tokens: bed.tokens(1, 1) };
    };
    bed.pass(HOUR_MS);
    const token = login.token();
    await settled();
    const giver = new AbortController();
    const resumed = failureOf(login.resumeStored({ signal: giver.signal }));
    giver.abort();
    expect(await resumed).toMatchObject({ code: 'CANCELLED' });
    held.open();
    expect(await token).toBe('a1.1');
  });

  it('is signed out where another process signed out', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    store.text = undefined;
    expect([await login.resumeStored(), login.signedIn]).toEqual([false, false]);
    await settled();
    expect(bed.told).toEqual(['signed_in', 'signed_out']);
  });
});

describe('sign-out', () => {
  it('before a resume takes out what the store has, and revokes it', async () => {
    const bed = new Bed();
    const store = new TestStore();
    await bed.signedIn({ store });
    const login = bed.open({ store });
    expect(await login.signOut()).toBe(true);
    expect([store.text, bed.called, bed.requests.at(-1)]).toMatchObject([
      ...[undefined, ['revoke'], { target: { value: 'r1.0' } }],
    ]);
    expect(await login.resumeStored()).toBe(false);
    expect([await login.signOut(), bed.called]).toEqual([true, ['revoke']]);
  });

  it('before a resume is told later where the server is away, and not answered true', async () => {
    const bed = new Bed();
    const store = new TestStore();
    await bed.signedIn({ store });
    let away = 1;
    bed.on.revoke = async () => {
      if (away-- > 0) {
        throw LOST;
      }
      return { revision: 1, revoked: true, verifiers: undefined };
    };
    expect([await bed.open({ store }).signOut(), store.text]).toEqual([false, undefined]);
    await settled();
    expect(bed.count('revoke')).toBe(2);
  });

  it('before a resume takes out what can’t be read, and leaves what is of another client', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.text = '{"cut":';
    expect([await bed.open({ store }).signOut(), store.text]).toEqual([true, undefined]);
    const others = (await bed.signedIn()).exportTokens()?.replace('"app"', '"other"');
    store.text = others;
    expect([await bed.open({ store }).signOut(), store.text, bed.called]).toEqual([true, others, []]);
  });

  it('before a resume goes without a lock that another process keeps', async () => {
    const bed = new Bed();
    const store = new TestStore();
    await bed.signedIn({ store });
    store.lock = () => Promise.reject(new SymbolonError('UNAVAILABLE', 'another has it'));
    expect([await bed.open({ store }).signOut(), store.text, bed.called]).toEqual([true, undefined, ['revoke']]);
  });

  it('during a sign-in gives that up, and takes out what the store has', async () => {
    const bed = new Bed();
    const store = new TestStore();
    await bed.signedIn({ store });
    const login = bed.open({ store });
    const held = gate();
    bed.on.issue = async () => {
      await held.passed;
      return { result: { $case: 'tokens', value: bed.tokens(7, 0) } };
    };
    const late = failureOf(login.signInUser('bea', 'b'));
    await settled();
    expect(await login.signOut()).toBe(true);
    held.open();
    expect(await late).toMatchObject({ code: 'CANCELLED' });
    const revoked = bed.requests.filter((each) => 'target' in each);
    expect(revoked).toMatchObject([{ target: { value: 'r1.0' } }, { target: { value: 'r7.0' } }]);
    expect([store.text, login.signedIn]).toEqual([undefined, false]);
  });

  it.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED', 'UNAUTHENTICATED'])(
    'is told later where the server is away, and never where it is closed: %s',
    async (code) => {
      const bed = new Bed();
      const store = new TestStore();
      const login = await bed.signedIn({ store });
      let away = 3;
      bed.on.revoke = async () => {
        if (away-- > 0) {
          throw new SymbolonError(code, 'it is not known whether it ended');
        }
        return { revision: 1, revoked: true, verifiers: undefined };
      };
      expect([await login.signOut(), login.signedIn, store.text]).toEqual([false, false, undefined]);
      await settled();
      expect(bed.slept).toEqual([1_000, 2_000, 4_000].slice(0, bed.slept.length));
      expect(bed.count('revoke')).toBe(4);
      expect(await login.signOut()).toBe(true);
      expect(bed.count('revoke')).toBe(4);
    },
  );

  it('ends with close', async () => {
    const bed = new Bed();
    const login = await bed.signedIn();
    bed.on.revoke = () => Promise.reject(LOST);
    await login.signOut();
    login.close();
    await settled();
    const before = bed.count('revoke');
    await settled();
    expect(bed.count('revoke')).toBe(before);
  });
});

describe('a store that fails', () => {
  it('can’t be written: the login goes on in memory, says so, and writes at the next occasion', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.failing = ['save'];
    const login = await bed.signedIn({ store });
    expect(await login.token()).toBe('a1.0');
    expect(bed.told).toEqual(['store_failed', 'signed_in']);
    bed.pass(HOUR_MS);
    expect(await login.token()).toBe('a1.1');
    expect(bed.told).toEqual(['store_failed', 'signed_in', 'store_failed', 'refreshed']);
    store.failing = [];
    await login.token();
    await settled();
    expect(store.text).toBeUndefined();
    bed.pass(2_000);
    await login.token();
    await settled();
    expect(store.accessToken).toBe('a1.1');
    bed.pass(HOUR_MS);
    expect(await login.token()).toBe('a1.2');
    expect(store.accessToken).toBe('a1.2');
  });

  it.each([
    ['refreshed', 't1.7', 'f1', 'a1.7'],
    ['replaced', 't7.0', 'f7', 'a7.0'],
    ['signed_out', undefined, undefined, undefined],
  ])(
    'could not be written, and was changed by another process: what that did counts (%s)',
    async (what, token_id, family_id, access_token) => {
      const bed = new Bed();
      const store = new TestStore();
      const login = await bed.signedIn({ store });
      store.failing = ['save'];
      bed.pass(HOUR_MS);
      await login.token();
      store.failing = [];
      const obtained_ms = bed.wall + HOUR_MS;
      const other = { token_id, family_id, access_token, refresh_token: 'r1.7', obtained_ms };
      store.text = token_id && JSON.stringify({ ...JSON.parse(store.text ?? ''), ...other });
      bed.pass(2_000);
      // Beside this call it is seen, and nothing is written over it.
      expect(await login.token()).toBe('a1.1');
      await settled();
      bed.pass(HOUR_MS);
      bed.called.length = 0;
      await login.token().catch(() => undefined);
      await settled();
      expect([bed.told.slice(3, 4), store.accessToken]).toEqual([[what], access_token]);
    },
  );

  it('has a lock that can’t be made: it is told, and gone without', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    store.failing = ['lock'];
    bed.pass(HOUR_MS);
    expect([await login.token(), store.accessToken]).toEqual(['a1.1', 'a1.1']);
    await login.signInUser('bea', 'b');
    expect([await login.token(), store.accessToken]).toEqual(['a2.0', 'a2.0']);
    await login.signOut();
    expect(store.text).toBeUndefined();
    const failed = 'store_failed';
    expect(bed.told).toEqual(['signed_in', failed, 'refreshed', failed, 'signed_in', 'signed_out', failed]);
  });

  it('has a lock that another process keeps: nothing is refreshed', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    store.lock = () => Promise.reject(new SymbolonError('UNAVAILABLE', 'another has it'));
    bed.pass(HOUR_MS);
    expect(await failureOf(login.token())).toMatchObject({ code: 'UNAVAILABLE' });
    expect([bed.called, login.signedIn]).toEqual([[], true]);
  });

  it.each(['before', undefined])(
    'has a lock that another process keeps: a sign-in is written over what that leaves (in the store: %s)',
    async (there) => {
      const bed = new Bed();
      const store = new TestStore();
      const other = there && (await bed.signedIn()).exportTokens();
      store.text = other;
      const login = bed.open({ store });
      const lock = store.lock;
      store.lock = () => Promise.reject(new SymbolonError('UNAVAILABLE', 'another has it'));
      await login.signInUser('bea', 'b');
      const token = await login.token();
      store.text = other?.replace('a1.0', 'a1.1').replace('t1.0', 't1.1');
      store.lock = lock;
      bed.pass(1_000);
      expect(await login.token()).toBe(token);
      await settled();
      expect(store.accessToken).toBe(token);
      bed.pass(HOUR_MS);
      await login.token();
      expect([bed.told.includes('replaced'), login.signedIn]).toEqual([false, true]);
      expect(bed.count('revoke')).toBe(there === undefined ? 0 : 1);
    },
  );

  it('has a lock that can’t be let go: what was done within it counts', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const login = await bed.signedIn({ store });
    store.lock = async (run) => {
      await run();
      throw new Error('the lock stays');
    };
    bed.pass(HOUR_MS);
    expect([await login.token(), store.accessToken]).toEqual(['a1.1', 'a1.1']);
  });

  it('can’t be used at all: the login in memory is revoked all the same when another one begins', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.failing = ['load', 'save'];
    const login = await bed.signedIn({ store });
    await login.signInUser('bea', 'b');
    expect(bed.requests.at(-1)).toMatchObject({ target: { value: 'r1.0' } });
    expect(await login.token()).toBe('a2.0');
  });

  it('could not be used when the login began: what it had before is no other login', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.text = (await bed.signedIn()).exportTokens();
    store.failing = ['load', 'save'];
    const login = bed.open({ store });
    await login.signInUser('bea', 'b');
    store.failing = [];
    bed.pass(HOUR_MS);
    expect([await login.token(), store.accessToken]).toEqual(['a2.1', 'a2.1']);
  });

  it('can’t be read: nobody is signed in, it is told twice, and it stays', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.text = '{"cut":';
    const login = bed.open({ store });
    expect(await failureOf(login.resumeStored())).toMatchObject({ code: 'DATA_LOSS' });
    expect([login.signedIn, store.text]).toEqual([false, '{"cut":']);
    await settled();
    expect(bed.told).toEqual(['store_failed']);
    await login.signInUser('ann', 'a');
    expect(store.accessToken).toBe('a1.0');
    store.text = 'cut again';
    await login.signOut();
    expect(store.text).toBeUndefined();
  });

  it('has a login of another client', async () => {
    const bed = new Bed();
    const store = new TestStore();
    store.text = (await bed.signedIn()).exportTokens()?.replace('"app"', '"other"');
    expect(await failureOf(bed.open({ store }).resumeStored())).toMatchObject({ code: 'FAILED_PRECONDITION' });
  });
});

describe('a store without a lock, which is slow', () => {
  async function slow() {
    const bed = new Bed();
    const store = new TestStore();
    Object.assign(store, { lock: undefined });
    const login = await bed.signedIn({ store });
    const writing = gate();
    const save = store.save.bind(store);
    let isFirst = true;
    store.save = async (text) => {
      if (isFirst) {
        isFirst = false;
        await writing.passed;
      }
      return save(text);
    };
    bed.pass(HOUR_MS);
    const refreshed = login.token().catch(() => undefined);
    await expect.poll(() => isFirst).toBe(false);
    return { bed, store, login, refreshed, writing };
  }

  it('has nothing left of a login that is signed out while a refresh is written', async () => {
    const { store, login, refreshed, writing } = await slow();
    const out = login.signOut();
    await settled();
    writing.open();
    expect([await out, await refreshed, store.text]).toEqual([true, undefined, undefined]);
  });

  it('has the login that began while a refresh of the one before is written', async () => {
    const { store, login, refreshed, writing } = await slow();
    const signedIn = login.signInUser('bea', 'b');
    await settled();
    writing.open();
    await Promise.all([signedIn, refreshed]);
    expect([await login.token(), store.accessToken]).toEqual(['a2.0', 'a2.0']);
  });
});

describe('events', () => {
  it('come one after the other, without the lock, and what a listener throws is passed over', async () => {
    const bed = new Bed();
    const store = new TestStore();
    const seen: string[] = [];
    const login = bed.open({
      store,
      onEvent: ({ type }) => {
        seen.push(type);
        store.did.push(type);
        if (seen.length === 1) {
          throw new Error('of the app');
        }
        return Promise.reject(new Error('of the app, later'));
      },
    });
    await login.signInUser('ann', 'a');
    bed.pass(HOUR_MS);
    await login.token();
    await login.signOut();
    await settled();
    expect(seen).toEqual(['signed_in', 'refreshed', 'signed_out']);
    const depth = (upTo: string) => {
      const did = store.did.slice(0, store.did.indexOf(upTo));
      return did.filter((each) => each === 'lock').length - did.filter((each) => each === 'unlock').length;
    };
    expect([depth('signed_in'), depth('refreshed')]).toEqual([0, 0]);
  });

  it('may call the login', async () => {
    const bed = new Bed();
    const tokens: Promise<string>[] = [];
    const login = bed.open({ onEvent: () => tokens.push(login.token()) });
    await login.signInUser('ann', 'a');
    await settled();
    expect(await Promise.all(tokens)).toEqual(['a1.0']);
  });
});

it('ends here what the user ended by itself', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  bed.on.changeUserPassword = async () => ({ revision: 1, verifiers: undefined });
  await login.account.changePassword('old', 'new', { code: '123456' });
  expect(bed.requests.at(-1)).toMatchObject({ factor: { $case: 'totpCode' }, user: { user: { value: 'a1.0' } } });
  await login.signInUser('ann', 'new');
  await login.account.revoke('f-another');
  expect(login.signedIn).toBe(true);
  await login.account.revoke('f2');
  await login.signInUser('ann', 'new');
  bed.on.deleteUser = async () => ({ revision: 1, verifiers: undefined });
  await login.account.delete();
  expect(bed.told).toEqual(['signed_in', 'password_changed', 'signed_in', 'revoked', 'signed_in', 'deleted']);
});

it('is not ended by what the login before it was ended by', async () => {
  const bed = new Bed();
  const login = await bed.signedIn();
  const [arrived, answered] = [gate(), gate()];
  bed.on.changeUserPassword = async () => {
    arrived.open();
    await answered.passed;
    return {} as never;
  };
  const changing = login.account.changePassword('old', 'new');
  await arrived.passed;
  await login.signInUser('bea', 'a password');
  answered.open();
  await changing;
  expect([login.currentUser?.familyId, bed.told]).toEqual(['f2', ['signed_in', 'signed_in']]);
});

it('shows no secret', async () => {
  const bed = new Bed();
  const login = await bed.signedIn({ clientSecret: 'sys_secret' } as never);
  const error = new SymbolonError('INTERNAL', 'why', { metadata: { requestId: 'id' } });
  for (const each of [login, login.account, login.currentUser, bed.events, error]) {
    const shown = `${inspect(each, { depth: 9, showHidden: true })} ${String(each)} ${JSON.stringify(each)}`;
    expect(shown).not.toMatch(/[ar]1\.0|sys_secret|a password/);
  }
});
