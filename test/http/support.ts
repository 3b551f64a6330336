/** What the HTTP tests share: a server on a real store, its log, and a client that sees the bytes. */
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { expect } from 'vitest';
import type { TlsFiles } from '../../src/calls/tls.ts';
import type { TenantPolicy } from '../../src/core/policy.ts';
import type { PasswordHasher, Services } from '../../src/core/services/services.ts';
import type { Store } from '../../src/core/services/store.ts';
import { CONNECT_DIALECTS } from '../../src/http/connect/dialect.ts';
import { KII_DIALECTS } from '../../src/http/kii/dialect.ts';
import { HttpServer } from '../../src/http/server.ts';
import { makeClient, makeDevice, makeTenant, makeUser, openTestBed, type TestBed } from '../support.ts';

export const APP = 'app1';
export const APP_PATH = `/api/apps/${APP}/oauth2/token`;
export const PLAIN_PATH = '/api/oauth2/token';
export const ADMIN = 'cl_admin';
export const PASSWORD = 'correct horse';

/** Services whose store does some things otherwise. */
export function withStore(services: Services, otherwise: Partial<Store>): Services {
  const store = new Proxy(services.store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in otherwise ? otherwise : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...services, store };
}

/** Counts verifications, and holds them back while `gate` is set. */
export class WatchedPasswords implements PasswordHasher {
  readonly #inner: PasswordHasher;
  verifications = 0;
  gate: Promise<void> | undefined;
  /** Thrown instead of verifying. */
  fault: Error | undefined;

  constructor(inner: PasswordHasher) {
    this.#inner = inner;
  }

  hash(...asked: Parameters<PasswordHasher['hash']>): Promise<string> {
    return this.#inner.hash(...asked);
  }

  /** Rehashing is tested where it is decided; here no write of its own shall come between. */
  needsRehash(): boolean {
    return false;
  }

  requireRoom(): void {
    this.#inner.requireRoom();
  }

  async verify(...asked: Parameters<PasswordHasher['verify']>): Promise<boolean> {
    this.verifications += 1;
    await this.gate;
    if (this.fault !== undefined) {
      throw this.fault;
    }
    return this.#inner.verify(...asked);
  }
}

export type LogLine = Readonly<Record<string, unknown>>;

/** A log in memory. */
export class LogTape {
  text = '';
  readonly log: Logger;

  constructor() {
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.text += chunk.toString();
        done();
      },
    });
    this.log = pino({ level: 'trace', base: null, timestamp: false }, sink);
  }

  get lines(): LogLine[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }
}

export interface HttpBed extends TestBed {
  readonly services: Services & { readonly passwords: WatchedPasswords };
  readonly http: HttpServer;
  readonly tape: LogTape;
  readonly url: string;
  /** The secret of the admin client. */
  readonly adminSecret: string;
}

export interface BedOptions {
  /** A store with its services; SQLite unless told otherwise. */
  readonly open?: () => Promise<TestBed>;
  readonly policy?: Partial<TenantPolicy>;
  /** Replaces services; its store is what the server sees. */
  readonly wrap?: (services: Services) => Services;
  readonly tls?: TlsFiles;
}

/** A server with one app: a user of every name, a device, an admin client, and no refresh unless the policy says so. */
export async function openHttpBed({
  open = openTestBed,
  policy = {},
  wrap = (services) => services,
  tls,
}: BedOptions = {}) {
  const bed = await open();
  const passwords = new WatchedPasswords(bed.services.passwords);
  await makeTenant(bed.store, APP, { refreshEnabled: false, ...policy });
  await makeUser(bed.services, APP, {
    subjectId: 'user-1',
    loginName: 'Alice.A-1_x',
    email: 'alice@example.com',
    emailVerified: true,
    phone: '+819012345678',
    phoneVerified: true,
    password: PASSWORD,
  });
  await makeUser(bed.services, APP, {
    subjectId: 'user-2',
    loginName: 'bob',
    email: 'bob@example.com',
    phone: '+819087654321',
    password: PASSWORD,
  });
  await makeDevice(bed.services, APP, { subjectId: 'th.1', vendorId: 'Sensor-1', password: PASSWORD });
  const adminSecret = await makeClient(bed.store, APP, ADMIN, ['admin']);
  const services = { ...wrap(bed.services), passwords };
  const tape = new LogTape();
  const http = await HttpServer.start({
    services,
    log: tape.log,
    dialects: [...CONNECT_DIALECTS, ...KII_DIALECTS],
    address: '127.0.0.1:0',
    ...(tls === undefined ? {} : { tls }),
  });
  const close = async () => {
    await http.drain(0);
    await bed.close();
  };
  return {
    ...bed,
    services,
    http,
    tape,
    url: `${tls === undefined ? 'http' : 'https'}://${http.address}`,
    adminSecret,
    close,
  } satisfies HttpBed;
}

export interface TextAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Typed loosely: tests look into bodies. */
  readonly json: Record<string, unknown>;
}

export async function send(url: string, init: RequestInit = {}): Promise<TextAnswer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? {} : JSON.parse(text) };
}

/** Posts to the app's token endpoint: an object as JSON, anything else as it is. */
export function postToken(
  bed: HttpBed,
  body: object | string | Uint8Array<ArrayBuffer>,
  { path = APP_PATH, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<TextAnswer> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  return send(`${bed.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: raw ? body : JSON.stringify(body),
  });
}

export function invalidGrant(description: string): Record<string, string> {
  return { errorCode: 'invalid_grant', error_description: description, error: 'invalid_grant' };
}

export const WRONG_LOGIN = invalidGrant('The user was not found or a wrong password was provided');
export const THREE_KEYS = ['errorCode', 'error_description', 'error'];

/** Waits for a condition, however busy the machine is. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 30_000, interval: 10 });
}

/** A promise that is settled from outside, and another that tells when somebody waits for it. */
export function gate() {
  const { promise, resolve: open } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  return { promise, open, reached, reach };
}
