/** What tests share: a clock that stands still, a store on a real file, and services with cheap passwords. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../src/core/changes.ts';
import type { AnswerOf, CommandData } from '../src/core/commands/index.ts';
import type { Instant } from '../src/core/model.ts';
import { authenticate, type Caller, clientCredential } from '../src/core/operations/authenticate.ts';
import type { TenantPolicy } from '../src/core/policy.ts';
import { policyOfProfile } from '../src/core/policy.ts';
import { CLIENT_SECRET_PREFIX, digestOf, formatSecret, SECRET_BYTES } from '../src/core/secrets.ts';
import { KEY_BYTES, keysOf } from '../src/core/services/keys.ts';
import { type Services, servicesOf } from '../src/core/services/services.ts';
import type { Store } from '../src/core/services/store.ts';
import type { Verifiers } from '../src/core/services/verifiers.ts';
import type { ClientRole } from '../src/core/tables/clients.ts';
import { toPassword } from '../src/core/text/passwords.ts';
import { Argon2Hasher } from '../src/password/argon2-hasher.ts';
import { MemoryStore } from '../src/store/memory/store.ts';
import { SqliteStore } from '../src/store/sqlite/store.ts';
import { Barrier } from '../src/watch/barrier.ts';
import { Registry } from '../src/watch/registry.ts';
import { MONOTONIC } from '../src/watch/timing.ts';

// Every store starts a thread, which would otherwise strip the types of its sources and compile them anew each time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/symbolon-tests', import.meta.url));

/** A time that moves only when it is told to. */
export class TestClock {
  now: Instant = Date.UTC(2030, 0, 1);

  read = (): Instant => this.now;

  advance(ms: number): void {
    this.now += ms;
  }
}

/** A directory that is deleted with `remove`. */
export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'symbolon-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** As small as argon2id can be: what is tested is not how long it takes. */
export const CHEAP_ARGON2 = { memoryKib: 8, passes: 1, lanes: 1 };

/** A store of its own, with its services. */
export interface TestBed {
  readonly clock: TestClock;
  readonly services: Services;
  readonly store: Store;
  /** Its file or address. */
  readonly path: string;
  close(): Promise<void>;
}

export async function openTestBed(): Promise<TestBed> {
  const clock = new TestClock();
  const directory = temporaryDirectory();
  const path = join(directory.path, 'symbolon.db');
  const store = await SqliteStore.open({ path, clock: clock.read });
  const passwords = await Argon2Hasher.create({ parameters: CHEAP_ARGON2, concurrency: 2 });
  const services = testServices(store, passwords, clock);
  return {
    clock,
    services,
    store,
    path,
    close: async () => {
      await store.close();
      directory.remove();
    },
  };
}

export const random = (bytes: number): Uint8Array => randomBytes(bytes);

/** A store in memory: the fastest, for what is not about stores. */
export async function openMemoryTestBed(): Promise<TestBed> {
  const clock = new TestClock();
  const store = new MemoryStore({ clock: clock.read });
  const passwords = await Argon2Hasher.create({ parameters: CHEAP_ARGON2, concurrency: 2 });
  return {
    clock,
    services: testServices(store, passwords, clock),
    store,
    path: ':memory:',
    close: () => store.close(),
  };
}

/** Who watches at a server of a test: who a test lets watch. */
export const WATCHERS = new Registry(MONOTONIC);
/** Nobody can have watched before. */
export const VERIFIERS: Verifiers = new Barrier({ timing: MONOTONIC, clock: Date.now, members: () => [WATCHERS] });

/** The services of a server with a key of its own. */
export function testServices(store: Store, passwords: Services['passwords'], clock: TestClock): Services {
  const keys = keysOf(random(KEY_BYTES), random);
  return servicesOf({ store, passwords, keys, clock: clock.read, random, verifiers: VERIFIERS });
}

/** Executes a command by the server's own right. */
export function execute<C extends CommandData>(store: Store, command: C): Promise<Outcome<AnswerOf<C>>> {
  return store.execute({ ...command, authority: 'server' }) as Promise<Outcome<AnswerOf<C>>>;
}

/** Fails loudly where a fixture could not be made. */
export async function make(store: Store, command: CommandData): Promise<void> {
  const outcome = await execute(store, command);
  if ('refusal' in outcome) {
    throw new Error(`${command.kind}: ${outcome.refusal.message}`);
  }
}

export async function makeTenant(store: Store, tenantId: string, policy: Partial<TenantPolicy> = {}): Promise<void> {
  await make(store, {
    kind: 'create_tenant',
    tenantId,
    displayName: tenantId,
    policy: { ...policyOfProfile('kii'), refreshEnabled: true, ...policy },
    publicScopes: ['read', 'write'],
  });
}

/** Answers the client's secret. */
export async function makeClient(
  store: Store,
  tenantId: string,
  clientId: string,
  roles: readonly ClientRole[] = [],
): Promise<string> {
  const secret = formatSecret(CLIENT_SECRET_PREFIX, randomBytes(SECRET_BYTES));
  await make(store, {
    kind: 'create_client',
    client: { clientId, tenantId, displayName: clientId, confidential: true, roles, scopes: ['read', 'write'] },
    secret: { secretId: `cs_${clientId}`, digest: digestOf(secret), expireTime: null },
  });
  return secret;
}

export interface TestUser {
  readonly subjectId: string;
  readonly loginName: string | null;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly phone?: string;
  readonly phoneVerified?: boolean;
  readonly password: string;
}

export async function makeUser({ store, passwords }: Services, tenantId: string, user: TestUser): Promise<void> {
  await make(store, {
    kind: 'create_subject',
    subject: {
      subjectId: user.subjectId,
      tenantId,
      kind: 'user',
      passwordHash: await passwords.hash(toPassword(user.password)),
      loginName: user.loginName,
      email: user.email ?? null,
      emailVerified: user.emailVerified ?? false,
      phone: user.phone ?? null,
      phoneVerified: user.phoneVerified ?? false,
      vendorId: null,
    },
  });
}

export async function makeDevice(
  { store, passwords }: Services,
  tenantId: string,
  device: { readonly subjectId: string; readonly vendorId: string; readonly password: string },
): Promise<void> {
  await make(store, {
    kind: 'create_subject',
    subject: {
      subjectId: device.subjectId,
      tenantId,
      kind: 'device',
      passwordHash: await passwords.hash(toPassword(device.password)),
      loginName: null,
      email: null,
      emailVerified: false,
      phone: null,
      phoneVerified: false,
      vendorId: device.vendorId,
    },
  });
}

/** A caller as a transport finds it; with no secret a public one. */
export function callerOf(services: Services, clientId: string, secret = ''): Promise<Caller> {
  return authenticate(services, clientCredential(clientId, secret));
}
