/** What can have happened to somebody who has logged in. */

import type { Target } from '../../../src/core/model.ts';
import { completePasswordReset, requestPasswordReset } from '../../../src/core/operations/codes.ts';
import { issue, type PendingLogin } from '../../../src/core/operations/issue.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { updateUser } from '../../../src/core/operations/users.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { toPassword } from '../../../src/core/text/passwords.ts';
import { make, makeDevice, makeUser, type TestBed } from '../../support.ts';
import {
  clientCredentialOf,
  cutOff,
  cutOffAndEnable,
  enroll,
  LAMP,
  lastCode,
  login,
  makeWorld,
  PASSWORD,
  refreshed,
  subjectOf,
  type World,
} from '../fixtures.ts';
import { issue as issueTokens } from '../issue.ts';

const MINUTE = 60_000;
const POLICY = {
  defaultTokenLifetimeMs: 30 * MINUTE,
  applicationTokenLifetimeMs: 30 * MINUTE,
  refreshLifetimeMs: 90 * MINUTE,
  loginAttempts: 3,
};

/** A world in which everybody has logged in through the backend. */
export interface Stage {
  readonly world: World;
  readonly user: IssuedTokens;
  readonly device: IssuedTokens;
  readonly client: IssuedTokens;
  /** What the device has got for another, which hangs on it. */
  readonly endNode: IssuedTokens;
  readonly bulbId: string;
  /** Of a user with a second factor, whose login waits for it. */
  readonly pending: PendingLogin;
  readonly eveId: string;
  readonly secret: string;
}

export async function setStage(bed: TestBed): Promise<Stage> {
  const world = await makeWorld(bed, POLICY);
  const user = await login(world);
  const device = await login(world, world.backend, { credential: LAMP });
  const client = await login(world, world.backend, { credential: clientCredentialOf(world.backend) });
  const bulbId = `${world.lampId}-bulb`;
  const endNode = await endNodeTokens(world, bulbId, device.accessToken);
  const eveId = `${world.annId}-eve`;
  await makeUser(world.services, world.tenantId, { subjectId: eveId, loginName: 'Eve', password: PASSWORD });
  const { secret } = await enroll(world, eveId);
  const credential = { kind: 'user', username: 'eve', password: PASSWORD } as const;
  const pending = await issue(world.services, world.backend, { credential });
  if (!('mfaToken' in pending)) {
    throw new Error('Eve was not asked for her second factor');
  }
  return { world, user, device, client, endNode, bulbId, pending, eveId, secret };
}

async function endNodeTokens({ services, tenantId, lampId, backend }: World, bulbId: string, gatewayToken: string) {
  await makeDevice(services, tenantId, { subjectId: bulbId, vendorId: 'Bulb-1', password: PASSWORD });
  const named = { tenantId, gatewayId: lampId, endNodeId: bulbId };
  await make(services.store, { kind: 'attach_end_node', ...named, right: { of: 'admin' } });
  const endNode = { by: 'device_id', deviceId: bulbId } as const;
  return issueTokens(services, backend, { credential: { kind: 'end_node', gatewayToken, endNode } });
}

type Happening = (stage: Stage) => Promise<unknown>;

export interface State {
  readonly happen?: Happening;
  /** How much time goes by after it, for everybody alike. */
  readonly laterMs?: number;
  readonly isPurged?: boolean;
}

/** Does this to the users and to the device. */
function toSubjects(act: (world: World, kind: 'user' | 'device', id: string) => Promise<unknown>): Happening {
  return async ({ world, eveId }) => {
    await act(world, 'user', world.annId);
    await act(world, 'user', eveId);
    await act(world, 'device', world.lampId);
  };
}

function toClient(act: (world: World, kind: 'client', id: string) => Promise<unknown>): Happening {
  return ({ world }) => act(world, 'client', world.backend.caller.clientId);
}

function toTenant(act: (world: World, kind: 'tenant', id: string) => Promise<unknown>): Happening {
  return ({ world }) => act(world, 'tenant', world.tenantId);
}

function by(cause: 'revoked' | 'disabled' | 'deleted') {
  return (world: World, kind: Target['kind'], id: string) => make(world.services.store, cutOff(world, kind, id, cause));
}

/** Deletes, and makes the same again with the same password or secret. */
const madeAgain = {
  async subject(world: World, kind: 'user' | 'device', id: string): Promise<void> {
    const { services, tenantId } = world;
    const subject = await subjectOf(world, id);
    if (subject === undefined) {
      throw new Error(`there is no ${id}`);
    }
    const { disabled: _, cutoff: __, createTime: ___, ...asked } = subject;
    await make(services.store, { kind: 'cut_off', tenantId, target: { kind, id }, cause: 'deleted' });
    await make(services.store, { kind: 'create_subject', subject: asked });
  },
  async client({ services, tenantId }: World, kind: 'client', id: string): Promise<void> {
    const reading = await services.store.readClient(id);
    const [secret] = reading?.secrets ?? [];
    if (reading === undefined || secret === undefined) {
      throw new Error(`there is no ${id}`);
    }
    const { disabled: _, cutoff: __, createTime: ___, ...client } = reading.client;
    await make(services.store, { kind: 'cut_off', tenantId, target: { kind, id }, cause: 'deleted' });
    await make(services.store, { kind: 'create_client', client, secret });
  },
};

/** By the hash of another password. It is no change of password as users know it, which ends their tokens too. */
async function replaceHash(world: World, _: string, subjectId: string): Promise<void> {
  const { services, tenantId } = world;
  const subject = await subjectOf(world, subjectId);
  const newHash = await services.passwords.hash(toPassword('another password'));
  await make(services.store, { kind: 'rehash', tenantId, subjectId, oldHash: subject?.passwordHash ?? '', newHash });
}

async function changePassword({ services, tenantId }: World, _: string, subjectId: string): Promise<void> {
  const newHash = await services.passwords.hash(toPassword('another password'));
  await make(services.store, { kind: 'change_password', tenantId, subjectId, newHash });
}

/** By wrong passwords, which anybody can try: it keeps out logins, and must not log anybody out. */
async function lockName({ services, tenantId }: World, _: string, subjectId: string): Promise<void> {
  const counters = [{ kind: 'name', key: `subject:${subjectId}` }] as const;
  for (let i = 0; i < POLICY.loginAttempts; i++) {
    await make(services.store, { kind: 'end_guess', tenantId, counters, end: 'wrong', failed: [] });
  }
}

/** By a code that was sent to an address; a device has none, and has its password changed. */
async function resetPassword(world: World, kind: string, subjectId: string): Promise<void> {
  const { services, admin, app } = world;
  if (kind === 'device') {
    return changePassword(world, kind, subjectId);
  }
  const ref = { by: 'user_id', userId: subjectId } as const;
  await updateUser(services, admin, ref, { email: `${subjectId}@example.com`, emailVerified: true });
  await requestPasswordReset(services, app, ref, 'email');
  await completePasswordReset(services, app, ref, await lastCode(world, subjectId), 'another password');
}

/** Another secret, beside the one that everybody knows or in its place. */
function addSecret(isReset: boolean) {
  return ({ services, tenantId, clock }: World, _: string, clientId: string) =>
    make(services.store, {
      kind: 'add_client_secret',
      tenantId,
      clientId,
      secret: { secretId: `cs_2_${clientId}`, digest: digestOf('another secret'), expireTime: null },
      ...(isReset ? { othersExpireTime: clock.now } : {}),
      endTokens: isReset,
    });
}

async function refreshTwice({ world, user, device, client }: Stage): Promise<void> {
  for (const tokens of [user, device, client]) {
    await refreshed(world, await refreshed(world, tokens));
  }
}

async function revokeFamilies({ world, user, device, client }: Stage): Promise<void> {
  for (const { familyId } of [user, device, client]) {
    await revoke(world.services, world.backend, { by: 'family_id', familyId });
  }
}

export const STATES: Record<string, State> = {
  'nothing happened': {},
  'tokens expired': { laterMs: 30 * MINUTE },
  'families expired': { laterMs: 90 * MINUTE },
  'families expired and purged': { laterMs: 90 * MINUTE, isPurged: true },
  'tokens refreshed twice': { happen: refreshTwice },
  'families revoked': { happen: revokeFamilies },
  'subjects cut off': { happen: toSubjects(by('revoked')) },
  'subjects disabled': { happen: toSubjects(by('disabled')) },
  'subjects enabled again': { happen: toSubjects(cutOffAndEnable) },
  'subjects deleted': { happen: toSubjects(by('deleted')) },
  'subjects made again': { happen: toSubjects(madeAgain.subject) },
  'hashes replaced': { happen: toSubjects(replaceHash) },
  'passwords changed': { happen: toSubjects(changePassword) },
  'passwords reset': { happen: toSubjects(resetPassword) },
  'names locked': { happen: toSubjects(lockName) },
  'secret added to client': { happen: toClient(addSecret(false)) },
  'secret of client reset': { happen: toClient(addSecret(true)) },
  'client cut off': { happen: toClient(by('revoked')) },
  'client disabled': { happen: toClient(by('disabled')) },
  'client enabled again': { happen: toClient(cutOffAndEnable) },
  'client deleted': { happen: toClient(by('deleted')) },
  'client made again': { happen: toClient(madeAgain.client) },
  'tenant cut off': { happen: toTenant(by('revoked')) },
  'tenant disabled': { happen: toTenant(by('disabled')) },
  'tenant enabled again': { happen: toTenant(cutOffAndEnable) },
};
