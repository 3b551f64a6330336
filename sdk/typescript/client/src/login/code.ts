/** A sign-in in the browser, by an authorization code (RFC 6749 section 4.1, 7636, 9207): what leads there, and what must come back. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { LoginClient, Platform } from './port.ts';

/** Where a user signs in, and where the browser comes back to. */
export interface CodeOptions {
  /** The tenant's issuer, such as `https://login.example.com/t/shop`: https, or http on this machine. */
  readonly issuer: string;
  /** One of those that the client is registered with. */
  readonly redirectUri: string;
}

/**
 * A sign-in that was begun: lead the browser to `url`, and keep this until it comes back, in a session of that browser alone. It goes through
 * JSON. `codeVerifier` is a secret.
 */
export interface BegunCode extends CodeOptions {
  readonly url: string;
  readonly state: string;
  readonly codeVerifier: string;
}

/** What a callback brought: a code, or that it is none of this sign-in. */
export type Callback = { readonly code: string } | { readonly stray: 'path' | 'state' };

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const MAX_TOLD = 200;
/** Of Node: what `console.log` shows. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

export async function begunCode(platform: Platform, client: LoginClient, options: CodeOptions): Promise<BegunCode> {
  const { issuer, redirectUri } = options;
  requireIssuer(issuer);
  requireUri(redirectUri);
  const [state, codeVerifier] = [platform.randomSecret(), platform.randomSecret()];
  const { clientId, scopes, resource } = client;
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri },
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    ...{ state, code_challenge: await platform.sha256(codeVerifier), code_challenge_method: 'S256' },
    ...(resource === undefined ? {} : { resource }),
  });
  const url = `${issuer.replace(/\/+$/, '')}/oauth2/authorize?${query}`;
  const begun = { url, state, codeVerifier, redirectUri, issuer };
  // Not one of those that JSON has.
  return Object.defineProperty(begun, INSPECT, { value: () => ({ ...begun, codeVerifier: '<secret>' }) });
}

/**
 * What the browser brought back. The state is looked at first: what has another one is of somebody else, and says nothing of this sign-in.
 *
 * @throws SymbolonError: it is of this sign-in, and there is no code in it
 */
export function readCallback({ state, issuer, redirectUri }: BegunCode, callbackUrl: string): Callback {
  const url = parsed(callbackUrl, redirectUri);
  if (url?.pathname !== new URL(redirectUri).pathname) {
    return { stray: 'path' };
  }
  const all = (name: string) => url.searchParams.getAll(name);
  const [given = '', ...more] = all('state');
  if (more.length > 0 || !isSame(given, state)) {
    return { stray: 'state' };
  }
  const [iss, ...others] = all('iss');
  if (iss !== issuer || others.length > 0) {
    // RFC 9207 section 2.4: the code may be for another server, and must not be sent to this one.
    throw new SymbolonError('FAILED_PRECONDITION', 'the callback has not the iss of issuer: begin the sign-in again');
  }
  const [code, error] = [all('code'), all('error')];
  if (code.length + error.length !== 1 || (code[0] ?? error[0]) === '') {
    throw new SymbolonError('FAILED_PRECONDITION', 'the callback must have one code or one error: begin again');
  }
  if (code[0] !== undefined) {
    return { code: code[0] };
  }
  throw refused(error[0] ?? '', all('error_description')[0] ?? '');
}

/** @throws SymbolonError: it is none of this sign-in */
export function requiredCode(begun: BegunCode, callbackUrl: string): string {
  const callback = readCallback(begun, callbackUrl);
  if ('code' in callback) {
    return callback.code;
  }
  const message = `the ${callback.stray} of the callback is not the one of this sign-in: begin again`;
  throw new SymbolonError('FAILED_PRECONDITION', message);
}

/** The user said no, or the server did (RFC 6749 section 4.1.2.1). */
function refused(error: string, description: string): SymbolonError {
  if (error === 'access_denied') {
    return new SymbolonError('PERMISSION_DENIED', 'the user denied it', { reason: 'ACCESS_DENIED' });
  }
  const told = [error, description].map(printable).filter((each) => each !== '');
  return new SymbolonError('FAILED_PRECONDITION', `the server refused the sign-in: ${told.join(': ')}`);
}

/** It comes out of a URL, which anybody may have written. */
function printable(text: string): string {
  return text.slice(0, MAX_TOLD).replaceAll(/[^\x20-\x7e]/g, '?');
}

/** In a time that does not tell how much of it is right. */
function isSame(one: string, other: string): boolean {
  let differs = one.length ^ other.length;
  for (let index = 0; index < other.length; index++) {
    differs |= one.charCodeAt(index) ^ other.charCodeAt(index);
  }
  return differs === 0;
}

function requireIssuer(issuer: string): void {
  const url = parsed(issuer);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && !/[?#]/.test(issuer);
  if (!isSafe || !isPlain) {
    const message = 'issuer must be such as https://login.example.com/t/shop: https, or http on this machine';
    throw new SymbolonError('INVALID_ARGUMENT', `${message}, without a query and a fragment`);
  }
}

function requireUri(redirectUri: string): void {
  if (parsed(redirectUri) === undefined || redirectUri.includes('#')) {
    throw new SymbolonError('INVALID_ARGUMENT', 'redirectUri must be one that the client is registered with');
  }
}

function parsed(text: unknown, base?: string): URL | undefined {
  try {
    return new URL(String(text), base);
  } catch {
    return undefined;
  }
}
