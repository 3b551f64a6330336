/** What a service gives a verifier. What is wrong is told when it is made, and not by each check. */
import { X509Certificate } from 'node:crypto';
import { SymbolonError } from './errors.ts';

export interface ConnectionOptions {
  /** `host:port` of the server, or another address that gRPC knows. */
  readonly address: string;
  /** A confidential client of the tenant with the role INTROSPECT, or an admin. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM of the authorities that the server's certificate comes from. Absent: those that Node knows. */
  readonly rootCertificates?: string | Buffer;
  /** Speaks without TLS, which shows secrets and tokens to the network. Without being asked for it is only done on loopback. */
  readonly plaintext?: boolean;
  /** After how many milliseconds a call to the server is given up. 2,000 unless set. */
  readonly timeoutMs?: number;
}

/** What ended a stream, and when the next one begins. It is called by itself: what it throws is an uncaught exception of the process. */
export type OnWatchEnd = (error: SymbolonError, retryInMs: number) => void;

export interface VerifierOptions extends ConnectionOptions {
  /** How many live tokens are kept, at about a kibibyte each. 100,000 unless set. */
  readonly maxEntries?: number;
  /** Is told when the watch ends and is begun again. Until then checks ask the server. */
  readonly onWatchEnd?: OnWatchEnd;
}

const MAX_TIMEOUT_MS = 60_000;

/** With a port, for gRPC takes 443 where there is none. A path of a socket has none. */
const ADDRESS = /^(?!https?:)\S+:\d{1,5}$|^unix(?:-abstract)?:\S+$/i;

/** @throws SymbolonError that names the option and the mend, and shows no value but numbers */
export function checkOptions(options: VerifierOptions): void {
  const { address, plaintext, rootCertificates, timeoutMs, maxEntries, onWatchEnd } = options;
  for (const name of ['address', 'clientId', 'clientSecret'] as const) {
    requireText(name, options[name]);
  }
  require(ADDRESS.test(address), 'address must be host:port of the server, and not a URL');
  // As a text, "false" would count as true.
  require(plaintext === undefined || typeof plaintext === 'boolean', 'plaintext must be true or false, and not a text');
  require(rootCertificates === undefined ||
    isPem(rootCertificates), 'rootCertificates must be certificates in PEM, and not the name of a file');
  require(rootCertificates === undefined ||
    plaintext !== true, 'plaintext must not be true beside rootCertificates: with it nobody looks at a certificate');
  requireNumber('timeoutMs', timeoutMs, MAX_TIMEOUT_MS);
  requireNumber('maxEntries', maxEntries);
  require(onWatchEnd === undefined || typeof onWatchEnd === 'function', 'onWatchEnd must be a function');
}

/** A text that can be sent as UTF-8. */
export function requireText(name: string, text: unknown): void {
  require(typeof text === 'string' && text !== '' && text.isWellFormed(), `${name} must be a text that is not empty`);
}

function requireNumber(name: string, value: number | undefined, max = Number.MAX_SAFE_INTEGER): void {
  const bounds = max === Number.MAX_SAFE_INTEGER ? 'of 1 or more' : `from 1 to ${max}`;
  const isGood = value === undefined || (Number.isInteger(value) && value >= 1 && value <= max);
  require(isGood, `${name} must be a whole number ${bounds}`);
}

function isPem(certificates: string | Buffer): boolean {
  try {
    return certificates.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(certificates).raw.length > 0;
  } catch {
    return false;
  }
}

function require(isGood: boolean, message: string): void {
  if (!isGood) {
    throw new SymbolonError('INVALID_ARGUMENT', message);
  }
}
