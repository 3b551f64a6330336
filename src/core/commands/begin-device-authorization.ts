import { answer, type Decision, insert, put, refuse } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { lockName, one } from '../plan.ts';
import { refuseGrantType, refuseScopes } from '../rules/authorized.ts';
import {
  DEVICE_CODE_LIFETIME_MS,
  type DeviceCodePayload,
  EXPIRED_CODE_MEMORY_MS,
  POLL_INTERVAL_MS,
  type UserCodePayload,
} from '../rules/device-authorizations.ts';
import { knowsScope, refuseAudience } from '../rules/resource-servers.ts';
import { rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { RESOURCE_SERVER } from '../tables/resource-servers.ts';
import { SINGLE_USE } from '../tables/single-use.ts';
import { TENANT } from '../tables/tenants.ts';

/** Gives a device a code to ask with, and one for its user to type (RFC 8628 section 3.1). */
export interface BeginDeviceAuthorization {
  readonly kind: 'begin_device_authorization';
  readonly tenantId: string;
  /** The caller. */
  readonly clientId: string;
  /** Empty: all that the client registered. */
  readonly scopes: readonly string[];
  readonly resource?: string | undefined;
  readonly deviceDigest: Digest;
  readonly userDigest: Digest;
}

export interface DeviceAuthorization {
  readonly expireTime: Instant;
  readonly intervalMs: number;
}

export const beginDeviceAuthorization = rule<BeginDeviceAuthorization>()({
  kind: 'begin_device_authorization',
  // The user code, which may be that of a device before: of two that take it at once, one is told to take another.
  plan: ({ tenantId, clientId, resource, userDigest }) => ({
    locks: [lockName(`user code ${hexOf(userDigest)}`)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      client: one(CLIENT, { clientId, tenantId }),
      server: one(RESOURCE_SERVER, resource === undefined ? undefined : { tenantId, resourceServerId: resource }),
      taken: one(SINGLE_USE, { digest: userDigest }),
    },
  }),
  decide: ({ tenant, client, server, taken }, command, now): Decision<DeviceAuthorization> => {
    const { tenantId, clientId, resource, deviceDigest: digest, userDigest } = command;
    const refusal = refuseGrantType(client, 'device_code');
    if (refusal !== undefined || tenant === undefined || tenant.disabled || client === undefined || client.disabled) {
      return refuse(refusal ?? GONE);
    }
    const all = server === undefined ? client.scopes : client.scopes.filter((scope) => knowsScope(server, scope));
    const scopes = command.scopes.length === 0 ? all : command.scopes;
    const refused = refuseScopes(client, scopes);
    if (refused !== undefined) {
      return refuse(refused);
    }
    const untargeted = refuseAudience({ audience: resource, scopes }, server);
    if (untargeted !== undefined) {
      return refuse(untargeted);
    }
    if (taken !== undefined && taken.expireTime > now) {
      return refuse(USER_CODE_TAKEN);
    }
    const decideUntil = now + DEVICE_CODE_LIFETIME_MS;
    const payload: DeviceCodePayload = {
      scopes,
      audience: resource ?? null,
      decideUntil,
      intervalMs: POLL_INTERVAL_MS,
      pollTime: null,
      decision: null,
      consentId: null,
      issueRevision: 0,
    };
    const toDevice: UserCodePayload = { deviceDigest: hexOf(digest) };
    // Nobody's until a user approves it.
    const row = { tenantId, subjectId: '', clientId, familyId: null };
    const ofDevice = { ...row, digest, payload: { ...payload }, expireTime: decideUntil + EXPIRED_CODE_MEMORY_MS };
    const ofUser = { ...row, digest: userDigest, payload: { ...toDevice }, expireTime: decideUntil };
    return answer({ expireTime: decideUntil, intervalMs: POLL_INTERVAL_MS }, [
      insert(SINGLE_USE, { ...ofDevice, purpose: 'device_code' }),
      put(SINGLE_USE, { ...ofUser, purpose: 'user_code' }),
    ]);
  },
});

function hexOf(digest: Digest): string {
  return Buffer.from(digest).toString('hex');
}

const GONE: Refusal = { code: 'unauthorized_client', message: 'The client may not ask for authorization' };

/** One of 25 billion: another is taken then. */
export const USER_CODE_TAKEN: Refusal = { code: 'already_exists', message: 'The user code is taken' };
