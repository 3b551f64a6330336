/** A tenant with one of each that can call or log in, as most cases of the operations need them. */
import { expect } from 'vitest';
import type { CommandData } from '../../src/core/commands/index.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import type { Target } from '../../src/core/model.ts';
import { type Call, type CallerCredential, parseAuthorization } from '../../src/core/operations/authenticate.ts';
import type { Credential } from '../../src/core/operations/credentials.ts';
import { introspect } from '../../src/core/operations/introspect.ts';
import type { IssueRequest } from '../../src/core/operations/issue.ts';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';
import { refresh } from '../../src/core/operations/refresh.ts';
import { confirmTotp, enrollTotp } from '../../src/core/operations/second-factors.ts';
import type { TenantPolicy } from '../../src/core/policy.ts';
import { type FamilyReading, isLive, type TokenReading } from '../../src/core/rules/liveness.ts';
import { digestOf } from '../../src/core/secrets.ts';
import { findSubject, readTenant } from '../../src/core/services/lookups.ts';
import type { Services } from '../../src/core/services/services.ts';
import { isNotice, MESSAGES, type Message } from '../../src/core/tables/messages.ts';
import type { Subject } from '../../src/core/tables/subjects.ts';
import { parseToken } from '../../src/core/token-form.ts';
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
  // Kept, for worlds are made side by side.
  const number = made;
  const tenantId = `tenant-${number}`;
  const { store } = services;
  await makeTenant(store, tenantId, policy);
  const call = async (clientId: string, secret?: string): Promise<Call> => ({
    caller: await callerOf(services, clientId, secret),
  });
  const annId = `user-${number}`;
  const lampId = `th.${number}`;
  const names = { email: 'Ann@Example.com', emailVerified: true, phone: '+819012341234', phoneVerified: true };
  await makeUser(services, tenantId, { subjectId: annId, loginName: 'Ann', password: PASSWORD, ...names });
  await makeDevice(services, tenantId, { subjectId: lampId, vendorId: 'Lamp-1', password: PASSWORD });
  const [backend, watcher, admin] = [`backend-${number}`, `watcher-${number}`, `admin-${number}`];
  return {
    services,
    clock,
    tenantId,
    app: await call(tenantId),
    backend: await call(backend, await makeClient(store, tenantId, backend)),
    watcher: await call(watcher, await makeClient(store, tenantId, watcher, ['introspect'])),
    admin: await call(admin, await makeClient(store, tenantId, admin, ['admin'])),
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

/** What a transport makes of a bearer's header; undefined for what can't be a token. */
export function bearer(token: string | undefined): CallerCredential | undefined {
  return parseAuthorization(`Bearer ${token ?? ''}`);
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

/** What decides about a token's family, read without confirming. */
export async function readingOf({ services, tenantId }: World, token: string): Promise<TokenReading | undefined> {
  const familyId = parseToken(token)?.familyId;
  return familyId === undefined ? undefined : (await services.store.readFamily(tenantId, familyId)).reading;
}

export async function familyOf(world: World, token: string): Promise<FamilyReading | undefined> {
  return (await readingOf(world, token))?.family;
}

export async function isTokenLive(world: World, token: string): Promise<boolean> {
  const reading = await readingOf(world, token);
  return reading !== undefined && isLive(reading, digestOf(token), world.clock.now);
}

export async function revisionOf({ services, tenantId }: World): Promise<number | undefined> {
  return (await readTenant(services.store, tenantId))?.revision;
}

export function subjectOf({ services, tenantId }: World, subjectId: string): Promise<Subject | undefined> {
  return findSubject(services.store, tenantId, { kind: 'subject_id', key: subjectId });
}

export function messagesOf({ services, tenantId }: World): Promise<readonly Message[]> {
  return services.store.list(MESSAGES, { tenantId }, { limit: 1_000 });
}

/** An introspection confirms without waiting; this waits until it has. */
export async function confirmed(world: World, token: string): Promise<void> {
  await expect.poll(async () => (await familyOf(world, token))?.repeatUntil, PATIENTLY).toBe(0);
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

type Cause = 'revoked' | 'disabled' | 'deleted';

export function cutOff({ tenantId }: World, kind: Target['kind'], id: string, cause: Cause): CommandData {
  return { kind: 'cut_off', tenantId, target: { kind, id }, cause };
}

export async function cutOffAndEnable(world: World, kind: Target['kind'], id: string): Promise<void> {
  const { services, tenantId } = world;
  await make(services.store, cutOff(world, kind, id, 'disabled'));
  await make(services.store, { kind: 'enable', tenantId, target: { kind, id } });
}

/** The last code that was sent to a user, as the one who reads the user's mail sees it. */
export async function lastCode(world: World, subjectId: string): Promise<string> {
  const last = (await messagesOf(world))
    .filter((message) => message.subjectId === subjectId && !isNotice(message.purpose))
    .at(-1);
  const code = last?.sealed && world.services.keys.unseal('message', last.sealed);
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
export async function enroll(world: World, userId: string): Promise<Enrolled> {
  const { services, admin, clock } = world;
  const ref = { by: 'user_id', userId } as const;
  const { secret } = await enrollTotp(services, admin, ref, undefined);
  const recoveryCodes = await confirmTotp(services, admin, ref, totpCode(secret, clock.now));
  return { secret, recoveryCodes };
}
