/** How a server is reached, and what of it is refused. What is wrong is told at once, and not by each call. */
import { X509Certificate } from 'node:crypto';
import { SymbolonError } from './errors/symbolon-error.ts';

export interface ConnectionOptions {
  /** `host:port` of the server, or another address that gRPC knows. */
  readonly address: string;
  readonly clientId: string;
  /** PEM of the authorities that the server's certificate comes from. Absent: those that Node knows. */
  readonly rootCertificates?: string | Buffer;
  /** Speaks without TLS, which shows secrets and tokens to the network. Without being asked for it is only done on loopback. */
  readonly plaintext?: boolean;
  /** After how many milliseconds a call to the server is given up. 2,000 unless set. */
  readonly timeoutMs?: number;
}

export const TIMEOUT_MS = 2_000;
export const MAX_TIMEOUT_MS = 60_000;

/** With a port, for gRPC takes 443 where there is none. A path of a socket has none. */
const HOST = String.raw`(?:[^\s:/?#@,[\]]+|\[[\w:.%-]+\])`;
const ADDRESS = new RegExp(String.raw`^(?:dns:(?://[^/\s]*/)?)?${HOST}:(?<port>\d{1,5})$|^(?:ipv4|ipv6|unix):\S+$`);
const WITHOUT_PORT = new RegExp(`^${HOST}:?$`);

/** So that a new option can't be forgotten here. */
export type Names<Options> = Readonly<Record<keyof Required<Options>, true>>;

export const CONNECTION_OPTIONS: Names<ConnectionOptions> = {
  ...{ address: true, clientId: true, rootCertificates: true, plaintext: true, timeoutMs: true },
};

/** JavaScript would take an option that is misspelt for one that was left out: of a guard, that it asks for no scope. */
export function requireNames(options: unknown, names: Readonly<Record<string, true>>): void {
  requireOption(typeof options === 'object' && options !== null, 'options must be an object');
  for (const name of Object.keys(options)) {
    const known = Object.keys(names).join(', ');
    requireOption(Object.hasOwn(names, name), `${name} is not an option. The options are ${known}`);
  }
}

/** @throws SymbolonError that names the option and the mend, and shows no value but numbers */
export function checkConnection(options: ConnectionOptions): void {
  const { address, plaintext, rootCertificates, timeoutMs } = options;
  for (const name of ['address', 'clientId'] as const) {
    requireText(name, options[name]);
  }
  // grpc-js would look it up in DNS.
  requireOption(!/^unix-abstract:/i.test(address), 'address must be unix: and a path: grpc-js knows no unix-abstract:');
  const mend = mendOf(address);
  requireOption(mend === undefined, `address must be host:port of the server, such as 127.0.0.1:50051${mend}`);
  // As a text, "false" would count as true.
  requireOption(
    plaintext === undefined || typeof plaintext === 'boolean',
    'plaintext must be true or false, and not a text',
  );
  requireOption(
    rootCertificates === undefined || isPem(rootCertificates),
    'rootCertificates must be certificates in PEM, and not the name of a file',
  );
  requireOption(
    rootCertificates === undefined || plaintext !== true,
    'plaintext must not be true beside rootCertificates: with it nobody looks at a certificate',
  );
  requireNumber('timeoutMs', timeoutMs, MAX_TIMEOUT_MS);
}

/** The end of the sentence that tells what is wrong with it. */
function mendOf(address: string): string | undefined {
  const found = ADDRESS.exec(address);
  const port = Number(found?.groups?.port ?? 1);
  if (found !== null && port > 0 && port < 65_536) {
    return undefined;
  }
  if (address.includes('://')) {
    return ', and not a URL';
  }
  return WITHOUT_PORT.test(address) ? ': its port is missing' : ', with an IPv6 address in brackets';
}

/** A text that can be sent as UTF-8. */
export function requireText(name: string, text: unknown): void {
  requireOption(
    typeof text === 'string' && text !== '' && text.isWellFormed(),
    `${name} must be a text that is not empty`,
  );
}

/** One that was read of a file often has a line break at its end, and no server knows it then. */
export function requireSecret(name: string, secret: unknown): void {
  requireText(name, secret);
  requireOption(!/[\r\n]$/.test(String(secret)), `${name} must not end with a line break: trim it where it is read`);
}

export function requireNumber(name: string, value: number | undefined, max = Number.MAX_SAFE_INTEGER): void {
  const bounds = max === Number.MAX_SAFE_INTEGER ? 'of 1 or more' : `from 1 to ${max}`;
  const isGood = value === undefined || (Number.isInteger(value) && value >= 1 && value <= max);
  requireOption(isGood, `${name} must be a whole number ${bounds}`);
}

export function requireOption(isGood: boolean, message: string): asserts isGood {
  if (!isGood) {
    throw new SymbolonError('INVALID_ARGUMENT', message);
  }
}

function isPem(certificates: string | Buffer): boolean {
  try {
    return certificates.includes('-----BEGIN CERTIFICATE-----') && new X509Certificate(certificates).raw.length > 0;
  } catch {
    return false;
  }
}
