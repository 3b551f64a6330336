/** What can have happened to somebody who has logged in. */
import type { Command, Principal } from '../../../src/core/commands.ts';
import { completePasswordReset, requestPasswordReset } from '../../../src/core/operations/directory/codes.ts';
import { updateUser } from '../../../src/core/operations/directory/users.ts';
import { issue, type PendingLogin } from '../../../src/core/operations/issue.ts';
import type { IssuedTokens } from '../../../src/core/operations/new-tokens.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import { make, makeUser, type TestBed } from '../../support.ts';
import {
  clientCredentialOf,
  cutOff,
  cutOffAndEnable,
  enrol,
  LAMP,
  lastCode,
  login,
  makeWorld,
  PASSWORD,
  refreshed,
  type World,
} from '../fixtures.ts';

const MINUTE = 60_000;
const POLICY = { defaultTokenLifetimeMs: 30 * MINUTE, refreshLifetimeMs: 90 * MINUTE, loginAttempts: 3 };

/** A world in which everybody has logged in through the backend. */
export interface Stage {
  readonly world: World;
  readonly user: IssuedTokens;
  readonly device: IssuedTokens;
  readonly client: IssuedTokens;
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
  const eveId = `${world.annId}-eve`;
  await makeUser(world.services, world.tenantId, { subjectId: eveId, loginName: 'Eve', password: PASSWORD });
  const { secret } = await enrol(world, eveId);
  const credential = { kind: 'user', username: 'eve', password: PASSWORD } as const;
  const pending = await issue(world.services, world.backend, { credential });
  if (!('mfaToken' in pending)) {
    throw new Error('Eve was not asked for her second factor');
  }
  return { world, user, device, client, pending, eveId, secret };
}

type State = (stage: Stage) => Promise<unknown>;

/** Does this to the users and to the device. */
function toSubjects(act: (world: World, kind: 'user' | 'device', id: string) => Promise<unknown>): State {
  return async ({ world, eveId }) => {
    await act(world, 'user', world.annId);
    await act(world, 'user', eveId);
    await act(world, 'device', world.lampId);
  };
}

function toClient(act: (world: World, kind: 'client', id: string) => Promise<unknown>): State {
  return ({ world }) => act(world, 'client', world.backend.caller.clientId);
}

function toTenant(act: (world: World, kind: 'tenant', id: string) => Promise<unknown>): State {
  return ({ world }) => act(world, 'tenant', world.tenantId);
}

function by(cause: 'revoked' | 'disabled' | 'deleted') {
  return (world: World, kind: Principal['kind'], id: string) =>
    make(world.services.store, cutOff(world, kind, id, cause));
}

/** Deletes, and makes the same again with the same password or secret. */
const madeAgain = {
  async subject({ services, tenantId }: World, kind: 'user' | 'device', id: string): Promise<void> {
    const subject = await services.store.findSubject(tenantId, { kind: 'subject_id', key: id });
    if (subject === undefined) {
      throw new Error(`there is no ${id}`);
    }
    const { disabled: _, cutoff: __, createTime: ___, ...asked } = subject;
    await make(services.store, { kind: 'cut_off', tenantId, principal: { kind, id }, cause: 'deleted' });
    await make(services.store, { kind: 'create_subject', subject: asked });
  },
  async client({ services, tenantId }: World, kind: 'client', id: string): Promise<void> {
    const reading = await services.store.readClient(id);
    const [secret] = reading?.secrets ?? [];
    if (reading === undefined || secret === undefined) {
      throw new Error(`there is no ${id}`);
    }
    const { disabled: _, cutoff: __, createTime: ___, ...client } = reading.client;
    await make(services.store, { kind: 'cut_off', tenantId, principal: { kind, id }, cause: 'deleted' });
    await make(services.store, { kind: 'create_client', client, secret });
  },
};

/** By the hash of another password. It is no change of password as users know it, which ends their tokens too. */
async function replaceHash({ services, tenantId }: World, _: string, subjectId: string): Promise<void> {
  const subject = await services.store.findSubject(tenantId, { kind: 'subject_id', key: subjectId });
  const newHash = await services.passwords.hash('another password');
  const command: Command = { kind: 'rehash', tenantId, subjectId, oldHash: subject?.passwordHash ?? '', newHash };
  await make(services.store, command);
}

async function changePassword({ services, tenantId }: World, _: string, subjectId: string): Promise<void> {
  const newHash = await services.passwords.hash('another password');
  await make(services.store, { kind: 'change_password', tenantId, subjectId, newHash });
}

/** By wrong passwords, which anybody can try: it keeps out logins, and must not log anybody out. */
async function lockName({ services, tenantId }: World, _: string, subjectId: string): Promise<void> {
  const counters = [{ kind: 'name', key: `subject:${subjectId}` }] as const;
  for (let i = 0; i < POLICY.loginAttempts; i++) {
    await make(services.store, { kind: 'fail_login', tenantId, counters });
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

export const STATES: Record<string, State> = {
  'nothing happened': async () => {},
  'tokens expired': async ({ world }) => world.clock.advance(30 * MINUTE),
  'families expired': async ({ world }) => world.clock.advance(90 * MINUTE),
  'families expired and purged': async ({ world }) => {
    world.clock.advance(90 * MINUTE);
    await world.services.store.purgeExpired(1_000_000);
  },
  'tokens refreshed twice': async ({ world, user, device, client }) => {
    for (const tokens of [user, device, client]) {
      await refreshed(world, await refreshed(world, tokens));
    }
  },
  'families revoked': async ({ world, user, device, client }) => {
    for (const { familyId } of [user, device, client]) {
      await revoke(world.services, world.backend, { by: 'family_id', familyId });
    }
  },
  'subjects cut off': toSubjects(by('revoked')),
  'subjects disabled': toSubjects(by('disabled')),
  'subjects enabled again': toSubjects(cutOffAndEnable),
  'subjects deleted': toSubjects(by('deleted')),
  'subjects made again': toSubjects(madeAgain.subject),
  'hashes replaced': toSubjects(replaceHash),
  'passwords changed': toSubjects(changePassword),
  'passwords reset': toSubjects(resetPassword),
  'names locked': toSubjects(lockName),
  'secret added to client': toClient(addSecret(false)),
  'secret of client reset': toClient(addSecret(true)),
  'client cut off': toClient(by('revoked')),
  'client disabled': toClient(by('disabled')),
  'client enabled again': toClient(cutOffAndEnable),
  'client deleted': toClient(by('deleted')),
  'client made again': toClient(madeAgain.client),
  'tenant cut off': toTenant(by('revoked')),
  'tenant disabled': toTenant(by('disabled')),
  'tenant enabled again': toTenant(cutOffAndEnable),
};
