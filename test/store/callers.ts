/** Callers, how they lose their standing, and a command of each kind, for the chapter on authority. */
import type { CommandData } from '../../src/core/commands/index.ts';
import type { Permission } from '../../src/core/permissions.ts';
import type { CallerAuthority } from '../../src/core/rules/authority.ts';
import type { Store } from '../../src/core/services/store.ts';
import type { ClientRole } from '../../src/core/tables/clients.ts';
import { execute, make } from '../support.ts';
import {
  ANN,
  APP,
  aDigest,
  answerOf,
  begin,
  clientOf,
  cutOff,
  issueOf,
  PAGE,
  pageOf,
  refreshOf,
  revokeFamily,
  subjectOf,
  TENANT,
  type UnderTest,
} from './fixtures.ts';
import { completeOf, enableMfa, makePerson, redeemOf, sendOf } from './people.ts';

export const HOUR = 3_600_000;
export const CALLER = 'caller';
/** The user whose token a caller bears. */
export const BOB = 'user-bob';
const EVE = 'user-eve';
const MIA = 'user-mia';
const LAMP = 'th.lamp';

/** Who calls, whatever for. */
export type Standing = Omit<CallerAuthority, 'permission'>;

/** A command that is done when its caller stands, and what its operation asks for when a client makes it. */
export interface Asked {
  readonly command: CommandData;
  readonly permission: Permission;
}

/** With what the commands are about, in the tenant of the test. All of them can be done one after the other. */
export async function makeAsked(store: Store): Promise<Asked[]> {
  await make(store, subjectOf({ subjectId: BOB }));
  await make(store, subjectOf({ subjectId: MIA }));
  await make(store, subjectOf({ subjectId: LAMP, kind: 'device', vendorId: 'lamp' }));
  await makePerson(store, EVE);
  const [refreshed, revoked] = [await begin(store), await begin(store)];
  const sent = sendOf({}, EVE);
  await make(store, sent);
  const sealed = await enableMfa(store, { subjectId: MIA });
  const pendingDigest = aDigest();
  await make(store, issueOf({ subjectId: MIA, pendingDigest }));
  const counters = [{ kind: 'name', key: 'name:login_name:nobody' }] as const;
  const asked = (permission: Permission, command: CommandData) => ({ command, permission });
  return [
    asked('issue', issueOf()),
    asked('refresh', refreshOf(refreshed)),
    asked('revoke_any', revokeFamily(revoked.familyId)),
    asked('issue', { kind: 'begin_guess', tenantId: TENANT, counters, alsoLocked: [] }),
    asked('act_for_user', redeemOf(sent)),
    asked('issue', completeOf(pendingDigest, { by: 'totp', sealed, step: 9 }, { subjectId: MIA })),
    asked('manage_subjects', subjectOf({ subjectId: 'user-new', loginName: 'new' })),
    asked('manage_clients', { kind: 'update_client', tenantId: TENANT, clientId: APP, displayName: 'Changed' }),
    asked('revoke_all', cutOff('device', LAMP)),
    asked('manage_subjects', { kind: 'change_password', tenantId: TENANT, subjectId: ANN, newHash: 'new' }),
  ];
}

/** A client that proves itself by a secret; an admin unless told otherwise. */
export async function makeCaller(
  store: Store,
  roles: readonly ClientRole[] = ['admin'],
  clientId: string = CALLER,
  tenantId: string = TENANT,
): Promise<Standing> {
  const command = clientOf(clientId, tenantId);
  const digest = command.secret?.digest ?? aDigest();
  await make(store, { ...command, client: { ...command.client, roles } });
  return {
    tenantId,
    clientId,
    clientVersion: await versionOf(store, clientId),
    proof: { by: 'client_secret', digest, expireTime: null },
  };
}

/** The public client that comes with the tenant. */
export async function publicCaller(store: Store): Promise<Standing> {
  await make(store, pageOf());
  const clientVersion = await versionOf(store, PAGE);
  return { tenantId: TENANT, clientId: PAGE, clientVersion, proof: { by: 'name' } };
}

/** Bob, by a token that lives for an hour. */
export async function logInBob({ store, clock }: Pick<UnderTest, 'store' | 'clock'>) {
  const login = await begin(store, { subjectId: BOB, expireTime: clock.now + HOUR });
  const proof = {
    by: 'token',
    familyId: login.familyId,
    subjectId: BOB,
    consentId: null,
    expireTime: clock.now + HOUR,
  } as const;
  const clientVersion = await versionOf(store, APP);
  const bearer: Standing = { tenantId: TENANT, clientId: APP, clientVersion, proof };
  return { login, bearer };
}

/** Of a client that must be there. */
export async function versionOf(store: Store, clientId: string): Promise<number> {
  const reading = await store.readClient(clientId);
  if (reading === undefined) {
    throw new Error(`there is no client ${clientId}`);
  }
  return reading.clientVersion;
}

export async function enable(store: Store, kind: 'client' | 'tenant' | 'user', id: string): Promise<void> {
  answerOf(await execute(store, { kind: 'enable', tenantId: TENANT, target: { kind, id } }));
}
