/** What may happen to a caller between the check of its operation and the transaction. */
import type { CommandData } from '../../src/core/commands/index.ts';
import { make } from '../support.ts';
import { BOB, CALLER, enable, HOUR, type Standing } from './callers.ts';
import {
  APP,
  aDigest,
  clientOf,
  cutOff,
  PAGE,
  revokeFamily,
  subjectOf,
  TENANT,
  tenantOf,
  type UnderTest,
} from './fixtures.ts';

export type Happening = readonly [string, (test: UnderTest, caller: Standing) => Promise<void>];

const OTHER = 'other';

/** Commands of the server. */
function done(...commands: CommandData[]): Happening[1] {
  return async ({ store }) => {
    for (const command of commands) {
      await make(store, command);
    }
  };
}

const ofClient = { tenantId: TENANT, clientId: CALLER } as const;
const nextSecret = () => ({ secretId: 'cs_next', digest: aDigest(), expireTime: null });
const addSecret = () => ({ kind: 'add_client_secret', ...ofClient, secret: nextSecret(), endTokens: false }) as const;
const endSecret = { kind: 'expire_client_secret', ...ofClient, secretId: `cs_${CALLER}` } as const;
const withoutRoles = { kind: 'update_client', ...ofClient, roles: [] } as const;

/** What ends the standing of a client that proved itself by a secret. */
export const CLIENT_LOSSES: readonly Happening[] = [
  ['was disabled', done(cutOff('client', CALLER, 'disabled'))],
  ['was deleted', done(cutOff('client', CALLER, 'deleted'))],
  ['was deleted, and another has its id', done(cutOff('client', CALLER, 'deleted'), clientOf(CALLER))],
  ['was deleted, and one of another tenant has its id and its secret', moveAway],
  ['had its secret ended', ({ store, clock }) => make(store, { ...endSecret, expireTime: clock.now })],
  [
    'had its secret reset',
    ({ store, clock }) => make(store, { ...addSecret(), othersExpireTime: clock.now, endTokens: true }),
  ],
  ['is of a tenant that was disabled', done(cutOff('tenant', TENANT, 'disabled'))],
];

async function moveAway({ store }: UnderTest, { proof }: Standing): Promise<void> {
  const digest = proof.by === 'client_secret' ? proof.digest : aDigest();
  const { client } = clientOf(CALLER, OTHER);
  await make(store, cutOff('client', CALLER, 'deleted'));
  await make(store, tenantOf(OTHER));
  const secret = { ...nextSecret(), digest };
  await make(store, { kind: 'create_client', client: { ...client, roles: ['admin'] }, secret });
}

export const loseRole: Happening[1] = done(withoutRoles);

/** Of a public client. */
export const PUBLIC_LOSSES: readonly Happening[] = [
  ['was disabled', done(cutOff('client', PAGE, 'disabled'))],
  ['was deleted', done(cutOff('client', PAGE, 'deleted'))],
  ['would have to prove itself now', done(cutOff('client', PAGE, 'deleted'), clientOf(PAGE))],
  ['is of a tenant that was disabled', done(cutOff('tenant', TENANT, 'disabled'))],
];

/** What changes the version of a client and leaves it its standing. */
export const CLIENT_CHANGES: readonly Happening[] = [
  ['it was changed', done({ kind: 'update_client', ...ofClient, displayName: 'Changed' })],
  ['its tokens were ended', done(cutOff('client', CALLER))],
  ['it got another secret', done(addSecret())],
  ['its secret ends soon', ({ store, clock }) => make(store, { ...addSecret(), othersExpireTime: clock.now + HOUR })],
  ['another client of its tenant was disabled', done(clientOf('robot'), cutOff('client', 'robot', 'disabled'))],
  [
    'it was disabled for a while',
    async (test, caller) => {
      await done(cutOff('client', CALLER, 'disabled'))(test, caller);
      await enable(test.store, 'client', CALLER);
    },
  ],
  [
    'its tenant was disabled for a while',
    async (test, caller) => {
      await done(cutOff('tenant', TENANT, 'disabled'))(test, caller);
      await enable(test.store, 'tenant', TENANT);
    },
  ],
];

/** What ends the standing of Bob, who bears a token of the app; the token of whom was disabled for a while stays dead. */
export const BEARER_LOSSES: readonly Happening[] = [
  ['family was revoked', ({ store }, { proof }) => make(store, revokeFamily(familyIn(proof)))],
  ['token has expired', async ({ clock }) => clock.advance(HOUR)],
  ['user was disabled', done(cutOff('user', BOB, 'disabled'))],
  ['user was cut off', done(cutOff('user', BOB))],
  ['user was deleted', done(cutOff('user', BOB, 'deleted'))],
  ['user was deleted and made again', done(cutOff('user', BOB, 'deleted'), subjectOf({ subjectId: BOB }))],
  ['user has another password', done({ kind: 'change_password', tenantId: TENANT, subjectId: BOB, newHash: 'new' })],
  [
    'user was disabled for a while',
    async (test, caller) => {
      await done(cutOff('user', BOB, 'disabled'))(test, caller);
      await enable(test.store, 'user', BOB);
    },
  ],
  ['client was disabled', done(cutOff('client', APP, 'disabled'))],
  ['client was cut off', done(cutOff('client', APP))],
  ['tenant was cut off', done(cutOff('tenant', TENANT))],
  ['tenant was disabled', done(cutOff('tenant', TENANT, 'disabled'))],
];

function familyIn(proof: Standing['proof']): string {
  return proof.by === 'token' ? proof.familyId : '';
}
