/** Writing operations on clients, tenants and logins. */
import { addClientSecret, expireClientSecret } from '../../../src/core/operations/client-secrets.ts';
import { createClient, enableClient, endClient, updateClient } from '../../../src/core/operations/clients.ts';
import { completePasswordReset, requestPasswordReset } from '../../../src/core/operations/codes.ts';
import { issue } from '../../../src/core/operations/issue.ts';
import { refresh } from '../../../src/core/operations/refresh.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { createTenant, disableTenant, enableTenant, updateTenant } from '../../../src/core/operations/tenants.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { clientCredentialOf, LAMP } from '../fixtures.ts';
import { MANAGERS, type Operations } from './operation.ts';
import {
  ANN_BY_NAME,
  ANN_BY_PASSWORD,
  anotherLogin,
  disabled,
  type Pending,
  pendingLogin,
  resetCode,
} from './preparations.ts';
import { TARGET, TENANT } from './stage.ts';

const CLIENTS = ['public', 'client', ...MANAGERS] as const;
const PROVEN = ['client', ...MANAGERS] as const;
const OVER_TENANTS = ['operator'] as const;

const NEW_CLIENT = { clientId: 'acme.new', displayName: '', confidential: true, roles: [], scopes: [] } as const;
const NEW_TENANT = { tenantId: 'new', displayName: '', profile: 'standard', policy: {}, publicScopes: [] } as const;
const WAIT_LONGER = { loginAttempts: 7 } as const;

export const CLIENT_OPERATIONS: Operations = {
  'issue to a user': {
    by: CLIENTS,
    hashes: true,
    run: ({ services, call }) => issue(services, call, { credential: ANN_BY_PASSWORD }),
  },
  'issue to a user, with a request id': {
    by: CLIENTS,
    hashes: true,
    run: ({ services, call }) => issue(services, call, { credential: ANN_BY_PASSWORD, requestId: 'request-1' }),
  },
  'issue to a device': {
    by: CLIENTS,
    hashes: true,
    run: ({ services, call }) => issue(services, call, { credential: LAMP }),
  },
  'issue to a client': {
    by: ['client', 'admin'],
    run: ({ services, call }) => issue(services, call, { credential: clientCredentialOf(call) }),
  },
  'issue to nobody': {
    by: CLIENTS,
    run: ({ services, call }) => issue(services, call, { credential: { kind: 'anonymous', clientId: TENANT } }),
  },
  'issue, the second step': {
    by: CLIENTS,
    prepare: pendingLogin,
    run: ({ services, call, prepared }) => {
      const { mfaToken, recoveryCode } = JSON.parse(prepared) as Pending;
      const factor = { by: 'recovery_code', code: recoveryCode } as const;
      return issue(services, call, { credential: { kind: 'second_factor', mfaToken, factor } });
    },
  },
  refresh: {
    by: CLIENTS,
    run: ({ services, call, stage }) => refresh(services, call, { refreshToken: stage.tokens.refreshToken ?? '' }),
  },
  'revoke by a token': {
    by: CLIENTS,
    run: ({ services, call, stage }) => revoke(services, call, { by: 'token', token: stage.tokens.accessToken }),
  },
  'revoke by an id': {
    by: PROVEN,
    // An admin’s, of any login.
    needsRole: true,
    run: ({ services, call, stage }) => revoke(services, call, { by: 'family_id', familyId: stage.tokens.familyId }),
  },
  'revoke of a login of one’s own': {
    by: ['presented'],
    tellsOfUser: true,
    prepare: anotherLogin,
    run: ({ services, call, stage, prepared }) =>
      revoke(services, call, { by: 'family_id', familyId: prepared, userAccessToken: stage.tokens.accessToken }),
  },
  'revokeAll of a client': {
    by: MANAGERS,
    run: ({ services, call }) => revokeAll(services, call, { kind: 'client', id: TARGET }),
  },
  'revokeAll of the tenant': {
    by: MANAGERS,
    run: ({ services, call }) => revokeAll(services, call, { kind: 'tenant', id: TENANT }),
  },
  requestPasswordReset: {
    by: CLIENTS,
    run: ({ services, call }) => requestPasswordReset(services, call, ANN_BY_NAME, 'email'),
  },
  completePasswordReset: {
    by: CLIENTS,
    hashes: true,
    prepare: resetCode,
    run: ({ services, call, prepared }) => completePasswordReset(services, call, ANN_BY_NAME, prepared, 'another one'),
  },
  createClient: { by: MANAGERS, run: ({ services, call }) => createClient(services, call, NEW_CLIENT) },
  'createClient in another tenant': {
    by: OVER_TENANTS,
    run: ({ services, call }) => createClient(services, call, { ...NEW_CLIENT, tenantId: TENANT }),
  },
  updateClient: {
    by: MANAGERS,
    run: ({ services, call }) => updateClient(services, call, { clientId: TARGET, displayName: 'x' }),
  },
  addClientSecret: {
    by: MANAGERS,
    run: ({ services, call }) => addClientSecret(services, call, { clientId: TARGET, reset: true }),
  },
  expireClientSecret: {
    by: MANAGERS,
    run: ({ services, call }) => expireClientSecret(services, call, TARGET, `cs_${TARGET}`),
  },
  'endClient, disabled': { by: MANAGERS, run: ({ services, call }) => endClient(services, call, TARGET, 'disabled') },
  'endClient, deleted': { by: MANAGERS, run: ({ services, call }) => endClient(services, call, TARGET, 'deleted') },
  enableClient: {
    by: MANAGERS,
    prepare: disabled('client', TARGET),
    run: ({ services, call }) => enableClient(services, call, TARGET),
  },
  updateTenant: {
    by: MANAGERS,
    run: ({ services, call }) => updateTenant(services, call, { tenantId: TENANT, policy: WAIT_LONGER }),
  },
  'updateTenant, another': {
    by: OVER_TENANTS,
    run: ({ services, call }) => updateTenant(services, call, { tenantId: TENANT, policy: WAIT_LONGER }),
  },
  createTenant: { by: OVER_TENANTS, run: ({ services, call }) => createTenant(services, call, NEW_TENANT) },
  disableTenant: { by: OVER_TENANTS, run: ({ services, call }) => disableTenant(services, call, TENANT) },
  enableTenant: {
    by: OVER_TENANTS,
    prepare: disabled('tenant', TENANT),
    run: ({ services, call }) => enableTenant(services, call, TENANT),
  },
};
