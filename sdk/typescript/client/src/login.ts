/** A Login of Node, over gRPC. */
import type { CallCredentials, Interceptor } from '@grpc/grpc-js';
import type { Device } from '../../../../gen/web/symbolon/v1/device_service.ts';
import { callCredentials, interceptor } from './attach.ts';
import { Client, type ClientOptions } from './client.ts';
import { SymbolonError } from './errors/symbolon-error.ts';
import { BrowserLogin } from './login/browser-login.ts';
import { begunCode } from './login/code.ts';
import { checkLoginOptions, deviceOf, type LoginOptions } from './login/options.ts';
import type { LoginCalls, WaitOptions } from './login/port.ts';
import { redeemed } from './login/redeem.ts';
import { inTime, untilFailed } from './login/repeat.ts';
import { CONNECTION_OPTIONS, type Names, requireNames } from './options.ts';
import { RedirectListener } from './redirects.ts';
import { attachedFetch } from './standard/fetch.ts';
import { PLATFORM } from './standard/platform.ts';

export interface NodeLoginOptions extends ClientOptions, LoginOptions {}

const NAMES: Names<NodeLoginOptions> = {
  ...{ ...CONNECTION_OPTIONS, clientSecret: true },
  ...{ scopes: true, resource: true, store: true, onEvent: true },
};

/** The time for a call, its repeats included. */
const TIMEOUT_MS = 10_000;

/** The port is left out: any that is free is taken (RFC 8252 section 7.3). */
const REDIRECT_URI = 'http://127.0.0.1/callback';
const CODE_TIMEOUT_MS = 300_000;

/** Where a user signs in, and where the browser comes back to. */
export interface CodeSignIn extends WaitOptions {
  /** The tenant's issuer, such as `https://login.example.com/t/shop`: https, or http on this machine. */
  readonly issuer: string;
  /** As the client is registered with it, on this machine: `http://127.0.0.1/callback` unless set. Without a port any that is free is taken. */
  readonly redirectUri?: string;
  /** For how many milliseconds the user is waited for: 300,000 unless set. */
  readonly timeoutMs?: number;
}

/** What a device is made with, where it is new, and who becomes an owner of it. */
export interface Onboarding extends WaitOptions {
  readonly ownerAccessToken?: string;
  readonly displayName?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Keeps one user, device or client signed in, and gives the token for each call. Make one for each of them, and keep it. */
export class Login extends BrowserLogin {
  readonly #client: Client;
  readonly #own: ClientOptions;

  /** Connects with the first call. @throws SymbolonError when an option is wrong */
  constructor(options: NodeLoginOptions) {
    requireNames(options, NAMES);
    const { scopes, resource, store, onEvent, ...connection } = options;
    checkLoginOptions(options);
    const client = new Client(connection);
    const { clientId, clientSecret, timeoutMs = TIMEOUT_MS } = connection;
    super(callsOf(client), PLATFORM, { clientId, clientSecret, scopes: scopes ?? [], resource, timeoutMs }, options);
    this.#client = client;
    this.#own = connection;
  }

  /** As the client itself, which has a secret. */
  async signInClient({ signal }: WaitOptions = {}): Promise<void> {
    const { clientId, clientSecret } = this.#own;
    if (clientSecret === undefined) {
      throw new SymbolonError('FAILED_PRECONDITION', 'clientSecret is not given: a public client signs in anonymously');
    }
    const credential = { $case: 'clientSecret', value: { clientId, clientSecret } } as const;
    await this.signIns.byCredential(credential, signal);
  }

  /**
   * Signs a user in by the browser: `open` opens it at a URL, and this waits on this machine until it comes back. What `open` answers is not
   * waited for; what it throws ends the sign-in.
   *
   * @throws SymbolonError PERMISSION_DENIED with ACCESS_DENIED: the user said no. DEADLINE_EXCEEDED: nobody came back. Else as `completeCode`
   */
  async signInWithCode(open: (url: string) => unknown, options: CodeSignIn): Promise<void> {
    const { issuer, redirectUri = REDIRECT_URI, timeoutMs = CODE_TIMEOUT_MS, signal } = options;
    const { signIns } = this;
    const { platform, client } = signIns.parts;
    await signIns.bySteps(signal, async (limits) => {
      await using listener = await RedirectListener.listen(redirectUri);
      const begun = await begunCode(platform, client, { issuer, redirectUri: listener.redirectUri });
      const code = await untilFailed(limits, (each, run) => {
        run(() => open(begun.url));
        return inTime(platform, listener.code(begun), timeoutMs, each.signal);
      });
      return redeemed(signIns.parts, begun, code, limits);
    });
  }

  /** Signs a device in, and makes it before that where its vendor id is new. */
  async onboardDevice(id: string, password: string, options: Onboarding = {}): Promise<Device> {
    const { signal, ownerAccessToken = '', displayName = '', attributes } = options;
    const request = { device: deviceOf(id), password, ownerAccessToken, displayName, attributes };
    // Without an id of the request: after a lost answer the device is signed in once more.
    const withToken = this.signIns.wish('');
    const { device } = await this.signIns.byCall(
      (limits) => this.#client.devices.onboardDevice({ ...request, withToken }, limits),
      signal,
    );
    if (device === undefined) {
      throw new SymbolonError('INTERNAL', 'the server answered no device');
    }
    return device;
  }

  /** For channels of grpc-js with TLS: `credentials.combineChannelCredentials(tls, login.callCredentials())`. It repeats nothing. */
  callCredentials(): CallCredentials {
    return callCredentials(this);
  }

  /** For clients of grpc-js: attaches the token, and repeats a unary call once after UNAUTHENTICATED where that helps. */
  interceptor(): Interceptor {
    return interceptor(this);
  }

  /**
   * `fetch` for these origins, such as `https://api.example.com`: repeats once after 401 where that helps. Others are refused, and so is http
   * elsewhere than on this machine unless the Login is made with `plaintext`.
   */
  fetchFor(...origins: readonly string[]): typeof fetch {
    return attachedFetch(this, origins, this.#own.plaintext);
  }

  protected override disconnect(): void {
    this.#client.close();
  }
}

function callsOf({ tokens, users }: Client): LoginCalls {
  return { ...tokens, ...users };
}
