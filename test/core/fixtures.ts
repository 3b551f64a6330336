/** A tenant with one of each that can call or log in, as most cases of the operations need them. */
import { expect } from 'vitest';
import type { Command, Principal } from '../../src/core/commands.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import { isLive } from '../../src/core/liveness.ts';
import type { TenantPolicy } from '../../src/core/model.ts';
import type { Call } from '../../src/core/operations/authenticate.ts';
import { confirmTotp, enrolTotp } from '../../src/core/operations/directory/totp.ts';
import { introspect } from '../../src/core/operations/introspect.ts';
import type { Credential, IssueRequest } from '../../src/core/operations/issue.ts';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';
import { refresh } from '../../src/core/operations/refresh.ts';
import { digestOf } from '../../src/core/secrets.ts';
import type { Services } from '../../src/core/services.ts';
import { totpCode } from '../../src/core/totp.ts';
import { callerOf, make, makeClient, makeDevice, makeTenant, makeUser, type TestBed } from '../support.ts';
import { issue } from './issue.ts';

/** For what comes soon, unless the machine is busy. */
export const PATIENTLY = { interval: 1, timeout: 30_000 };

export const PASSWORD = 'correct horse battery staple';

export interface World {
  readonly services: Services;
  readonly clock: TestBed['clock'];
  readonly tenantId: string;
  /** The tenant's own client, which is public. */
  readonly app: Call;
  /** Confidential, without a role. */
  readonly backend: Call;
  /** Confidential, and may introspect. */
  readonly watcher: Call;
  readonly admin: Call;
  readonly annId: string;
  readonly lampId: string;
}

let made = 0;

/** Each world is a tenant of its own, so that many share one store. */
export async function makeWorld({ services, clock }: TestBed, policy: Partial<TenantPolicy> = {}): Promise<World> {
  made += 1;
  const tenantId = `tenant-${made}`;
  const { store } = services;
  await makeTenant(store, tenantId, policy);
  const call = async (clientId: string, secret?: string): Promise<Call> => ({
    caller: await callerOf(services, clientId, secret),
  });
  const annId = `user-${made}`;
  const lampId = `th.${made}`;
  const names = { email: 'Ann@Example.com', emailVerified: true, phone: '+819012341234', phoneVerified: true };
  await makeUser(services, tenantId, { subjectId: annId, loginName: 'Ann', password: PASSWORD, ...names });
  await makeDevice(services, tenantId, { subjectId: lampId, vendorId: 'Lamp-1', password: PASSWORD });
  return {
    services,
    clock,
    tenantId,
    app: await call(tenantId),
    backend: await call(`backend-${made}`, await makeClient(store, tenantId, `backend-${made}`)),
    watcher: await call(`watcher-${made}`, await makeClient(store, tenantId, `watcher-${made}`, ['introspect'])),
    admin: await call(`admin-${made}`, await makeClient(store, tenantId, `admin-${made}`, ['admin'])),
    annId,
    lampId,
  };
}

export const ANN: Credential = { kind: 'user', username: 'ann', password: PASSWORD };
export const LAMP: Credential = { kind: 'device_by_vendor_id', vendorId: 'Lamp-1', password: PASSWORD };

/** The credential of a caller that proved itself by its secret. */
export function clientCredentialOf({ caller }: Call): Credential {
  const { clientId, credential } = caller;
  return { kind: 'client', clientId, clientSecret: credential.kind === 'client' ? credential.secret : '' };
}

export function login(world: World, call: Call = world.backend, request: Partial<IssueRequest> = {}) {
  return issue(world.services, call, { credential: ANN, ...request });
}

export function refreshed(world: World, { refreshToken }: IssuedTokens, call: Call = world.backend) {
  return refresh(world.services, call, { refreshToken: refreshToken ?? '' });
}

/** Through the operation, which also confirms. */
export async function isActive(world: World, token: string | undefined): Promise<boolean> {
  return (await introspect(world.services, world.watcher, { token: token ?? '' })).active;
}

/** What decides about a token, read without confirming. */
export async function readingOf({ services, tenantId }: World, token: string) {
  return (await services.store.readToken(tenantId, digestOf(token))).reading;
}

export async function isTokenLive(world: World, token: string): Promise<boolean> {
  const reading = await readingOf(world, token);
  return reading !== undefined && isLive(reading, world.clock.now);
}

export async function revisionOf({ services, tenantId }: World): Promise<number | undefined> {
  return (await services.store.readTenant(tenantId))?.revision;
}

/** An introspection confirms without waiting; this waits until it has. */
export async function confirmed(world: World, token: string): Promise<void> {
  await expect.poll(async () => (await readingOf(world, token))?.family.repeatUntil, PATIENTLY).toBeNull();
}

export async function expectRefused(promise: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'SymbolonError', code });
}

/** What a thief meets: refused, and the family is dead. */
export async function expectReuse(world: World, tokens: IssuedTokens): Promise<void> {
  const before = await revisionOf(world);
  await expectRefused(refreshed(world, tokens), 'invalid_refresh_token');
  expect(await revisionOf(world)).toBe((before ?? 0) + 1);
}

/** Refused without harm. */
export async function expectNoReuse(world: World, promise: Promise<unknown>): Promise<void> {
  const before = await revisionOf(world);
  await expectRefused(promise, 'invalid_refresh_token');
  expect(await revisionOf(world)).toBe(before);
}

export function cutOff(
  { tenantId }: World,
  kind: Principal['kind'],
  id: string,
  cause: 'revoked' | 'disabled' | 'deleted',
): Command {
  return { kind: 'cut_off', tenantId, principal: { kind, id }, cause };
}

export async function cutOffAndEnable(world: World, kind: Principal['kind'], id: string): Promise<void> {
  const { services, tenantId } = world;
  await make(services.store, cutOff(world, kind, id, 'disabled'));
  await make(services.store, { kind: 'enable', tenantId, principal: { kind, id } });
}

/** The code of the last message to a user, as the one who reads the user's mail sees it. */
export async function lastCode({ services, tenantId }: World, subjectId: string): Promise<string> {
  const messages = await services.store.listMessages(tenantId, { limit: 1_000 });
  const last = messages.filter((message) => message.subjectId === subjectId).at(-1);
  const code = last?.sealed && services.keys.unseal('message', last.sealed);
  if (code === undefined || code === null || code === '') {
    throw new Error(`there is no code for ${subjectId}`);
  }
  return code;
}

/** Another code of the same form. */
export function wrongCode(code: string): string {
  return code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
}

export interface Enrolled {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** Turns a user's second factor on. The code of this time step is used up by it. */
export async function enrol(world: World, userId: string): Promise<Enrolled> {
  const { services, admin, clock } = world;
  const ref = { by: 'user_id', userId } as const;
  const { secret } = await enrolTotp(services, admin, ref, undefined);
  const recoveryCodes = await confirmTotp(services, admin, ref, totpCode(secret, clock.now));
  return { secret, recoveryCodes };
}
