/** Ways of cutting off a caller, and whom each of them is about. */
import type { CommandData } from '../../../src/core/commands/index.ts';
import { make, random } from '../../support.ts';
import { ANN, type CallerName, LAMP_ID, LIFETIME_MS, type Stage, TENANT } from './stage.ts';

type Way = (stage: Stage) => Promise<unknown>;

interface CuttingOff {
  readonly of: readonly CallerName[];
  /** Whether the client stands all the same, which presents the token. */
  readonly sparesClient?: true;
  readonly happen: Way;
}

const CONFIDENTIAL = ['client', 'admin', 'admin bearer', 'user', 'presented', 'device', 'operator'] as const;
const BEARERS = ['admin bearer', 'user', 'presented', 'device'] as const;
const OF_ANN = ['user', 'presented'] as const;

const by =
  (commandOf: (stage: Stage) => CommandData): Way =>
  (stage) =>
    make(stage.store, commandOf(stage));

function endClient(cause: 'disabled' | 'deleted'): Way {
  return by(({ actor: { clientId, tenantId } }) => {
    return { kind: 'cut_off', tenantId, target: { kind: 'client', id: clientId }, cause };
  });
}

function endUser(cause: 'revoked' | 'disabled' | 'deleted'): Way {
  return by(() => ({ kind: 'cut_off', tenantId: TENANT, target: { kind: 'user', id: ANN }, cause }));
}

/** As after a leak: the others end at once, and every token of the client. */
const resetSecret = by(({ actor: { clientId, tenantId }, clock }) => {
  const secret = { secretId: 'cs_new', digest: random(32), expireTime: null };
  return { kind: 'add_client_secret', tenantId, clientId, secret, othersExpireTime: clock.now, endTokens: true };
});

export const WAYS: Readonly<Record<string, CuttingOff>> = {
  'client disabled': { of: ['public', ...CONFIDENTIAL], happen: endClient('disabled') },
  'client deleted': { of: ['public', ...CONFIDENTIAL], happen: endClient('deleted') },
  'role taken': {
    of: ['admin', 'admin bearer', 'operator'],
    happen: by(({ actor: { clientId, tenantId } }) => ({ kind: 'update_client', tenantId, clientId, roles: [] })),
  },
  'secret reset': { of: CONFIDENTIAL, happen: resetSecret },
  // Nobody writes anything then: time goes by.
  'secret expired': {
    of: ['client', 'admin', 'presented', 'operator'],
    happen: async ({ clock }) => clock.advance(LIFETIME_MS),
  },
  'token expired': { of: BEARERS, happen: async ({ clock }) => clock.advance(LIFETIME_MS) },
  'tenant disabled': {
    of: ['public', ...CONFIDENTIAL],
    happen: by(({ actor: { tenantId } }) => {
      return { kind: 'cut_off', tenantId, target: { kind: 'tenant', id: tenantId }, cause: 'disabled' };
    }),
  },
  'login revoked': {
    of: BEARERS,
    sparesClient: true,
    happen: by(({ actor: { tenantId, familyId = '' } }) => ({ kind: 'revoke', tenantId, familyId })),
  },
  'user disabled': { of: OF_ANN, sparesClient: true, happen: endUser('disabled') },
  'user deleted': { of: OF_ANN, sparesClient: true, happen: endUser('deleted') },
  'all of the user revoked': { of: OF_ANN, sparesClient: true, happen: endUser('revoked') },
  'password changed': {
    of: OF_ANN,
    sparesClient: true,
    happen: by(() => ({ kind: 'change_password', tenantId: TENANT, subjectId: ANN, newHash: 'hash of another' })),
  },
  'device disabled': {
    of: ['device'],
    happen: by(() => ({
      kind: 'cut_off',
      tenantId: TENANT,
      target: { kind: 'device', id: LAMP_ID },
      cause: 'disabled',
    })),
  },
};
