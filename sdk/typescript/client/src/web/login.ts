/** A Login of a page, over Connect. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import { BrowserLogin } from '../login/browser-login.ts';
import { checkLoginOptions, type LoginOptions } from '../login/options.ts';
import { attachedFetch, isSafe, parsedUrl } from '../standard/fetch.ts';
import { PLATFORM } from '../standard/platform.ts';
import { callsOver } from './connect.ts';

/** The time for a call, its repeats included. */
const TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 60_000;

export interface PageLoginOptions extends LoginOptions {
  /** Of the server's HTTP port as the page reaches it, such as `https://login.example.com`. */
  readonly url: string;
  /** A public client of the tenant. */
  readonly clientId: string;
  /** Lets `url` be of http elsewhere than on this machine, which shows passwords and tokens to the network. */
  readonly plaintext?: boolean;
  /** After how many milliseconds a call is given up. 10,000 unless set. */
  readonly timeoutMs?: number;
}

const NAMES = ['url', 'clientId', 'plaintext', 'timeoutMs', 'scopes', 'resource', 'store', 'onEvent'];

/** Keeps the visitor of a page signed in, and gives the token for each call. Make one, and keep it. */
export class Login extends BrowserLogin {
  readonly #plaintext: boolean | undefined;

  /** Makes no call. @throws SymbolonError when an option is wrong */
  constructor(options: PageLoginOptions) {
    const url = checked(options);
    checkLoginOptions(options);
    const { clientId, scopes = [], resource, timeoutMs = TIMEOUT_MS } = options;
    const client = { clientId, clientSecret: undefined, scopes, resource, timeoutMs };
    super(callsOver({ url, clientId }), PLATFORM, client, options);
    this.#plaintext = options.plaintext;
  }

  /**
   * `fetch` for these origins, such as `https://api.example.com`: repeats once after 401 where that helps. Others are refused, and so is http
   * elsewhere than on this machine unless the Login is made with `plaintext`.
   */
  fetchFor(...origins: readonly string[]): typeof fetch {
    return attachedFetch(this, origins, this.#plaintext);
  }
}

/** Answers the URL as calls need it. */
function checked(options: PageLoginOptions): string {
  requireOption(typeof options === 'object' && options !== null, 'options must be an object');
  const { clientId, url, plaintext, timeoutMs = TIMEOUT_MS } = options;
  requireOption(
    !('clientSecret' in options),
    'clientSecret must not be in a page, for everyone who opens the page can read it: leave it out, and give the clientId of a public client',
  );
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name));
  requireOption(unknown === undefined, `${unknown} is not an option. The options are ${NAMES.join(', ')}`);
  requireOption(typeof clientId === 'string' && clientId !== '', 'clientId must be a text that is not empty');
  requireOption(
    Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS,
    `timeoutMs must be a whole number from 1 to ${MAX_TIMEOUT_MS}`,
  );
  requireOption(
    plaintext === undefined || typeof plaintext === 'boolean',
    'plaintext must be true or false, and not a text',
  );
  const parsed = parsedUrl(url);
  const isUrl = parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.search === '' && parsed.hash === '';
  requireOption(isUrl, 'url must be such as https://login.example.com');
  requireOption(
    plaintext === true || isSafe(url),
    'url must be https: over http the network reads passwords and tokens. On a safe network give plaintext',
  );
  return String(parsed).replace(/\/+$/, '');
}

function requireOption(isGood: boolean, message: string): asserts isGood {
  if (!isGood) {
    throw new SymbolonError('INVALID_ARGUMENT', message);
  }
}
