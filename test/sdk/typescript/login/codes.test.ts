/** Sign-ins in a browser and on a device without one: what is asked, what is taken, and how often. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TokenKind } from '../../../../gen/web/symbolon/v1/token_service.ts';
import { type BegunCode, Login, type ShownCode, SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { eventually } from '../../../process/program.ts';
import { Bed, LOST } from './bed.ts';

const ISSUER = 'https://login.example.com/t/shop';
const REDIRECT = 'https://app.example/back?a=1';

const back = (begun: BegunCode, query: Readonly<Record<string, string>>) =>
  `https://app.example/back?${new URLSearchParams({ a: '1', state: begun.state, iss: ISSUER, ...query })}`;

const failed = (reason: string, retryAfterMs?: number) =>
  new SymbolonError(reason === 'SLOW_DOWN' ? 'RESOURCE_EXHAUSTED' : 'FAILED_PRECONDITION', reason, {
    ...{ reason, retryAfterMs },
  });

describe('a code', () => {
  it('is asked for with PKCE, state, scopes and resource, and traded once', async () => {
    const bed = new Bed();
    const login = bed.open({ scopes: ['read', 'write'], resource: 'https://api.example' });
    const begun = await login.beginCode({ issuer: ISSUER, redirectUri: REDIRECT });
    const url = new URL(begun.url);
    expect(url.origin + url.pathname).toBe(`${ISSUER}/oauth2/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ response_type: 'code', client_id: 'app', redirect_uri: REDIRECT, scope: 'read write', state: begun.state },
      ...{ code_challenge: [...begun.codeVerifier].reverse().join(''), code_challenge_method: 'S256' },
      resource: 'https://api.example',
    });
    expect(bed.called).toEqual([]);
    const kept = JSON.parse(JSON.stringify(begun)) as BegunCode;
    await login.completeCode(kept, back(begun, { code: 'sya_1' }));
    const value = { code: 'sya_1', redirectUri: REDIRECT, codeVerifier: begun.codeVerifier };
    expect(bed.requests).toEqual([
      { credential: { $case: 'authorizationCode', value }, resource: 'https://api.example' },
    ]);
    expect(login.signedIn).toBe(true);
  });

  it('shows its verifier to JSON alone', async () => {
    const begun = await new Bed().open().beginCode({ issuer: ISSUER, redirectUri: REDIRECT });
    expect(inspect(begun)).not.toContain(begun.codeVerifier);
    expect(inspect({ of: [begun] })).not.toContain(begun.codeVerifier);
    expect(JSON.stringify(begun)).toContain(begun.codeVerifier);
  });

  it.each([
    ['another path', (each: BegunCode) => back(each, { code: 'c' }).replace('/back', '/elsewhere'), 'path'],
    ['another state', (each: BegunCode) => back(each, { code: 'c', state: `${each.state}x` }), 'state'],
    ['an empty state', (each: BegunCode) => back(each, { code: 'c', state: '' }), 'state'],
    ['two states', (each: BegunCode) => `${back(each, { code: 'c' })}&state=${each.state}`, 'state'],
    ['another issuer', (each: BegunCode) => back(each, { code: 'c', iss: `${ISSUER}/` }), 'iss'],
    ['two issuers', (each: BegunCode) => `${back(each, { code: 'c' })}&iss=${ISSUER}`, 'iss'],
    ['no issuer', (each: BegunCode) => back(each, { code: 'c' }).replace(/&iss=[^&]*/, ''), 'iss'],
    ['neither code nor error', (each: BegunCode) => back(each, {}), 'one code or one error'],
    ['both', (each: BegunCode) => back(each, { code: 'c', error: 'access_denied' }), 'one code or one error'],
    ['two codes', (each: BegunCode) => `${back(each, { code: 'c' })}&code=d`, 'one code or one error'],
    ['an empty code', (each: BegunCode) => back(each, { code: '' }), 'one code or one error'],
  ])('is not taken from %s, and nobody is asked', async (_, callbackOf, told) => {
    const bed = new Bed();
    const login = bed.open();
    const begun = await login.beginCode({ issuer: ISSUER, redirectUri: REDIRECT });
    const done = login.completeCode(begun, callbackOf(begun));
    await expect(done).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', message: expect.stringContaining(told) });
    expect(bed.called).toEqual([]);
  });

  it('was denied, or refused: what comes of a URL is told in printable characters, and not all of it', async () => {
    const login = new Bed().open();
    const begun = await login.beginCode({ issuer: ISSUER, redirectUri: REDIRECT });
    const denied = login.completeCode(begun, back(begun, { error: 'access_denied', error_description: 'no' }));
    await expect(denied).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ACCESS_DENIED' });
    const description = `\u001b[31m${'x'.repeat(5_000)}`;
    const refused = login.completeCode(begun, back(begun, { error: 'server_error', error_description: description }));
    const error = (await refused.catch((each: unknown) => each)) as SymbolonError;
    expect(error).toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: expect.stringMatching(/server_error: \?\[31mx/),
    });
    expect(error.message.length).toBeLessThan(500);
  });

  it('is not sent again when its answer was lost', async () => {
    const bed = new Bed();
    bed.on.issue = async () => {
      throw LOST;
    };
    const login = bed.open();
    const begun = await login.beginCode({ issuer: ISSUER, redirectUri: REDIRECT });
    const done = login.completeCode(begun, back(begun, { code: 'c' }));
    await expect(done).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('sign in again'),
    });
    expect(bed.count('issue')).toBe(1);
  });

  it.each(['http://login.example.com', 'ftp://a', 'nonsense', `${ISSUER}?a=1`, `${ISSUER}#a`, 'https://a@b/'])(
    'is not asked for at %s',
    async (issuer) => {
      const begun = new Bed().open().beginCode({ issuer, redirectUri: REDIRECT });
      await expect(begun).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

describe('the listener', () => {
  const open = () => new Login({ address: '127.0.0.1:1', clientId: 'app', plaintext: true });

  it('waits on through what is not of the sign-in, and is gone when it is over', async () => {
    using login = open();
    const opened = Promise.withResolvers<string>();
    const signal = AbortSignal.timeout(60_000);
    const done = login.signInWithCode(opened.resolve, {
      issuer: ISSUER,
      redirectUri: 'http://127.0.0.1/a/back',
      signal,
    });
    done.catch(() => undefined);
    const { searchParams } = new URL(await opened.promise);
    const [to, state] = [searchParams.get('redirect_uri') ?? '', searchParams.get('state') ?? ''];
    expect(to).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/a\/back$/);
    const get = (path: string, init?: RequestInit) => fetch(new URL(path, to), init);
    expect((await get('/favicon.ico')).status).toBe(404);
    expect((await get('?code=c&state=wrong')).status).toBe(400);
    expect((await get(`?code=c&state=${state}`, { method: 'POST' })).status).toBe(405);
    await expect(login.signInAnonymously()).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    const answer = await get(`?error=access_denied&state=${state}&iss=${encodeURIComponent(ISSUER)}`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await answer.text()).not.toContain('<script');
    await expect(done).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'ACCESS_DENIED' });
    await eventually('nobody to listen', () =>
      get('').then(
        () => undefined,
        () => true,
      ),
    );
  });

  it.each([
    ['too late', { timeoutMs: 1 }, 'DEADLINE_EXCEEDED'],
    ['given up', { signal: AbortSignal.abort() }, 'CANCELLED'],
    ['not of this machine', { redirectUri: 'https://app.example/back' }, 'INVALID_ARGUMENT'],
    ['at no host', { redirectUri: 'http://0.0.0.0/back' }, 'INVALID_ARGUMENT'],
  ])('fails when it is %s', async (_, options, code) => {
    using login = open();
    await expect(login.signInWithCode(() => {}, { issuer: ISSUER, ...options })).rejects.toMatchObject({ code });
  });

  it('fails with what the app fails with that opens the browser', async () => {
    using login = open();
    const fail = () => Promise.reject(new Error('there is no browser'));
    await expect(login.signInWithCode(fail, { issuer: ISSUER })).rejects.toThrow('there is no browser');
  });
});

describe('a device code', () => {
  const begin: NonNullable<Bed['on']['beginDeviceAuthorization']> = async () => ({
    ...{ deviceCode: 'syd_1', userCode: 'BCDF-GHJK', verificationUri: 'https://a/device' },
    ...{ verificationUriComplete: 'https://a/device?user_code=BCDF-GHJK' },
    ...{ timeToLive: { seconds: 600, nanos: 0 }, interval: { seconds: 5, nanos: 0 } },
  });

  /** The server answers these one after the other, and then tokens. */
  async function signIn(answers: readonly Error[], bed = new Bed()) {
    const shown: ShownCode[] = [];
    let asked = 0;
    bed.on.beginDeviceAuthorization = begin;
    bed.on.issue = async () => {
      const error = answers[asked++];
      if (error !== undefined) {
        throw error;
      }
      return { result: { $case: 'tokens', value: bed.tokens(1, 0) } };
    };
    const login = bed.open({ scopes: ['read'], resource: 'https://api.example' });
    const outcome = await login
      .signInWithDeviceCode((each) => shown.push(each))
      .then(
        () => 'signed in',
        (error: SymbolonError) => error,
      );
    return { bed, shown, outcome, login };
  }

  it('is shown, and asked for at its interval, which grows when the server says so', async () => {
    const pending = failed('AUTHORIZATION_PENDING');
    const { bed, shown, outcome, login } = await signIn([
      pending,
      failed('SLOW_DOWN', 12_000),
      pending,
      failed('SLOW_DOWN'),
    ]);
    expect([outcome, login.signedIn]).toEqual(['signed in', true]);
    expect(shown).toEqual([
      {
        ...{ userCode: 'BCDF-GHJK', verificationUri: 'https://a/device', timeToLiveMs: 600_000 },
        verificationUriComplete: 'https://a/device?user_code=BCDF-GHJK',
      },
    ]);
    expect(bed.slept).toEqual([5_000, 5_000, 12_000, 10_000, 15_000]);
    expect(bed.requests[0]).toEqual({ scopes: ['read'], resource: 'https://api.example' });
    expect(bed.requests[1]).toEqual({
      ...{ credential: { $case: 'deviceCode', value: { deviceCode: 'syd_1' } }, resource: 'https://api.example' },
    });
  });

  it('is asked for less often while the server is away, and at its interval again after that', async () => {
    const { bed, outcome } = await signIn([LOST, LOST, failed('AUTHORIZATION_PENDING')]);
    expect([outcome, bed.slept]).toEqual(['signed in', [5_000, 10_000, 20_000, 5_000]]);
  });

  it.each([
    ['denied', [failed('ACCESS_DENIED')], { code: 'FAILED_PRECONDITION', reason: 'ACCESS_DENIED' }],
    ['too late', [failed('EXPIRED_TOKEN')], { code: 'FAILED_PRECONDITION', reason: 'EXPIRED_TOKEN' }],
    ['wrong', [failed('INVALID_GRANT')], { code: 'FAILED_PRECONDITION', message: 'INVALID_GRANT' }],
    [
      'used up by a lost answer',
      [LOST, failed('INVALID_GRANT')],
      { message: expect.stringContaining('sign in again') },
    ],
  ])('fails at once when it is %s', async (_, answers, expected) => {
    const { bed, outcome } = await signIn(answers);
    expect(outcome).toMatchObject(expected);
    expect(bed.count('issue')).toBe(answers.length);
  });

  it('is over by the app’s own clock, too', async () => {
    const { bed, outcome } = await signIn(Array.from({ length: 200 }, () => failed('AUTHORIZATION_PENDING')));
    expect(outcome).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'EXPIRED_TOKEN' });
    expect(bed.count('issue')).toBe(119);
  });

  it('fails with what the app fails with that shows it', async () => {
    const bed = new Bed();
    bed.on.beginDeviceAuthorization = begin;
    bed.on.issue = async () => {
      throw failed('AUTHORIZATION_PENDING');
    };
    const done = bed.open().signInWithDeviceCode(() => {
      throw new Error('there is no display');
    });
    await expect(done).rejects.toThrow('there is no display');
    const asked = bed.count('issue');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(bed.count('issue')).toBeLessThanOrEqual(asked + 1);
  });
});

it('a resource goes with each sign-in, and with a client’s that is begun again', async () => {
  const bed = new Bed();
  bed.shape.canRefresh = false;
  bed.shape.kind = TokenKind.APPLICATION;
  const login = bed.open({ clientSecret: 'sys_1', resource: 'https://api.example' });
  await login.signInClient();
  bed.pass(3_600_000);
  await login.token();
  expect(bed.requests.map(({ resource }) => resource)).toEqual(['https://api.example', 'https://api.example']);
  expect(() => new Login({ address: 'a:1', clientId: 'a', resource: '' })).toThrow('resource must be');
});
