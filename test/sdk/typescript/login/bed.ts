/** The core of a Login on clocks that a test moves, and calls whose answers it says: for what no real server does when it is asked to. */
import { type IssuedTokens, TokenKind } from '../../../../gen/web/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../../../sdk/typescript/client/src/index.ts';
import { BrowserLogin } from '../../../../sdk/typescript/client/src/login/browser-login.ts';
import type { LoginEvent } from '../../../../sdk/typescript/client/src/login/events.ts';
import type { LoginOptions } from '../../../../sdk/typescript/client/src/login/options.ts';
import type { LoginCalls, LoginClient, Platform } from '../../../../sdk/typescript/client/src/login/port.ts';
import { credentialOf } from '../../../../sdk/typescript/client/src/login/renewal.ts';
import type { LoginStore } from '../../../../sdk/typescript/client/src/login/store.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export class TestLogin extends BrowserLogin {
  readonly #client: LoginClient;

  constructor(calls: LoginCalls, platform: Platform, client: LoginClient, options: LoginOptions) {
    super(calls, platform, client, options);
    this.#client = client;
  }

  /** Whether the connection has ended. */
  isOff = false;

  protected override disconnect(): void {
    this.isOff = true;
  }

  async signInClient(): Promise<void> {
    await this.signIns.byCredential(credentialOf(this.#client), undefined);
  }
}

type Handlers = { -readonly [Name in keyof LoginCalls]?: LoginCalls[Name] };

export interface BedOptions extends LoginOptions {
  readonly clientSecret?: string;
  readonly timeoutMs?: number;
}

/** Made of the number of the login and how often it was refreshed. */
export interface Shape {
  lifetimeMs: number;
  loginLifetimeMs: number;
  kind: TokenKind;
  canRefresh: boolean;
}

export class Bed {
  wall = 1_800_000_000_000;
  monotonic = 77_000;
  /** Two hours behind: no clock of an app agrees with it. */
  readonly serverTime = this.wall - 2 * HOUR_MS;
  /** Names of the calls, in their order. */
  readonly called: string[] = [];
  readonly requests: Record<string, unknown>[] = [];
  readonly slept: number[] = [];
  /** Ends what sleeps, in place of no time at all. */
  sleeping: Promise<void> | undefined;
  readonly events: LoginEvent[] = [];
  readonly shape: Shape = { lifetimeMs: HOUR_MS, loginLifetimeMs: 14 * DAY_MS, kind: TokenKind.USER, canRefresh: true };
  /** In place of what is answered by itself. */
  readonly on: Handlers = {};
  #logins = 0;
  #ids = 0;

  open({ clientSecret, timeoutMs = 10_000, ...options }: BedOptions = {}): TestLogin {
    const { scopes = [], resource } = options;
    const client = { clientId: 'app', clientSecret, scopes, resource, timeoutMs };
    const onEvent = options.onEvent ?? ((event: LoginEvent) => this.events.push(event));
    return new TestLogin(this.#calls(), this.platform, client, { ...options, onEvent });
  }

  /** Of a user who is signed in with `a1.0` and `r1.0`. */
  async signedIn(options: BedOptions = {}): Promise<TestLogin> {
    const login = this.open(options);
    await login.signInUser('ann', 'a password');
    this.called.length = 0;
    return login;
  }

  readonly platform: Platform = {
    now: () => ({ wall: this.wall, monotonic: this.monotonic }),
    randomId: () => `id-${++this.#ids}`,
    randomSecret: () => `secret-${++this.#ids}`,
    sha256: async (text) => [...text].reverse().join(''),
    sleep: async (ms) => {
      this.slept.push(ms);
      await this.sleeping;
      this.pass(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };

  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  get told(): string[] {
    return this.events.map((event) => (event.type === 'signed_out' ? event.reason : event.type));
  }

  count(name: keyof LoginCalls): number {
    return this.called.filter((each) => each === name).length;
  }

  tokens(login: number, refreshes: number): IssuedTokens {
    const { lifetimeMs, loginLifetimeMs, kind, canRefresh } = this.shape;
    const name = `${login}.${refreshes}`;
    const at = (ms: number) => ({ seconds: Math.floor((this.serverTime + ms) / 1_000), nanos: 0 });
    return {
      ...{ accessToken: `a${name}`, refreshToken: canRefresh ? `r${name}` : '', tokenId: `t${name}`, kind },
      ...{ subjectId: 'ann', familyId: `f${login}`, scopes: ['read'], issueTime: at(0), expireTime: at(lifetimeMs) },
      refreshExpireTime: canRefresh ? at(loginLifetimeMs) : undefined,
    };
  }

  #calls(): LoginCalls {
    const byThemselves: Handlers = {
      issue: async () => ({ result: { $case: 'tokens', value: this.tokens(++this.#logins, 0) } }),
      refresh: async ({ refreshToken = '' }) => {
        const [, login, refreshes] = /^r(\d+)\.(\d+)$/.exec(refreshToken) ?? [];
        return { tokens: this.tokens(Number(login), Number(refreshes) + 1) };
      },
      revoke: async () => ({ revision: 1, revoked: true, verifiers: undefined }),
      describeToken: async () => ({
        ...{ tokenId: 't', kind: this.shape.kind, clientId: 'other', subjectId: 'ann', scopes: [], familyId: 'f9' },
        ...{ issueTime: undefined, expireTime: undefined, timeToLive: { seconds: 60, nanos: 0 }, audience: '' },
      }),
    };
    const answer = (name: keyof LoginCalls) => async (request: never, limits: never) => {
      this.called.push(name);
      this.requests.push(request);
      const run = (this.on[name] ?? byThemselves[name]) as LoginCalls['issue'] | undefined;
      if (run === undefined) {
        throw new Error(`the test says nothing of ${name}`);
      }
      return run(request, limits);
    };
    const get = (_target: object, name: string) => answer(name as keyof LoginCalls);
    return new Proxy({}, { get }) as LoginCalls;
  }
}

export const LOST = new SymbolonError('UNAVAILABLE', 'the line is down');

/** As the server says that a refresh token, or an access token, has ended. */
export function endedError(reason: 'INVALID_REFRESH_TOKEN' | 'INVALID_CREDENTIALS', endedBy?: string): SymbolonError {
  return new SymbolonError('FAILED_PRECONDITION', 'it has ended', {
    ...{ reason, metadata: endedBy === undefined ? {} : { endedBy } },
  });
}

/** Which a test opens. */
export function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, passed: promise };
}

/** All that is ready to happen without a clock. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A store that a test looks into, and that fails when it says so. */
export class TestStore implements LoginStore {
  text: string | undefined;
  readonly did: string[] = [];
  failing: readonly ('load' | 'save' | 'clear' | 'lock')[] = [];
  #last: Promise<unknown> = Promise.resolve();

  async load(): Promise<string | undefined> {
    this.#do('load');
    return this.text;
  }

  async save(text: string): Promise<void> {
    this.#do('save');
    this.text = text;
  }

  async clear(): Promise<void> {
    this.#do('clear');
    this.text = undefined;
  }

  async lock<T>(run: () => Promise<T>): Promise<T> {
    this.#do('lock');
    const before = this.#last;
    const mine = gate();
    this.#last = mine.passed;
    await before;
    try {
      return await run();
    } finally {
      this.did.push('unlock');
      mine.open();
    }
  }

  get accessToken(): string | undefined {
    return this.text && (JSON.parse(this.text) as { access_token: string }).access_token;
  }

  #do(what: 'load' | 'save' | 'clear' | 'lock'): void {
    this.did.push(what);
    if (this.failing.includes(what)) {
      throw new Error(`the keychain is locked: ${what}`);
    }
  }
}
