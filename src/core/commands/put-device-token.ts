import { answer, type Decision, insert, put, refuse } from '../changes.ts';
import { NEVER } from '../lifetimes.ts';
import { lockRow, one } from '../plan.ts';
import { endDeviceToken, readDeviceToken } from '../rules/device-tokens.ts';
import type { NewTokens } from '../rules/grants.ts';
import { NO_CLIENT } from '../rules/liveness.ts';
import { afterProof, lockProof, type OwnProof, readProof, refuseProof } from '../rules/own-proofs.ts';
import { notFound, unmet } from '../rules/refusals.ts';
import { entry, rule } from '../rules/rule.ts';
import { NOT_OWNER, refuseOwner } from '../rules/targets.ts';
import { DEVICE_TOKEN, type DeviceToken } from '../tables/device-tokens.ts';
import { FAMILY } from '../tables/families.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** Gives a device the token that never expires and belongs to no client. It takes the place of the one before, which ends. */
export interface PutDeviceToken {
  readonly kind: 'put_device_token';
  readonly tenantId: string;
  readonly subjectId: string;
  /** The user who acts as the owner of the device. */
  readonly ownerId?: string | undefined;
  /** The client that asks for it. */
  readonly byClientId: string;
  readonly familyId: string;
  /** The one that it is to take the place of; null: none. Where the device has another by now, nothing is done. Absent: any. */
  readonly replaces?: string | null;
  /** By which its owner asks for it in person. */
  readonly proof?: OwnProof | undefined;
  readonly tokens: Pick<NewTokens, 'keyId' | 'accessDigest'>;
  /** The token under the key of the servers. */
  readonly sealed: Uint8Array;
}

export const putDeviceToken = rule<PutDeviceToken>()({
  kind: 'put_device_token',
  plan: ({ tenantId, subjectId, ownerId, proof }) => ({
    locks: [lockRow(TENANT, { tenantId }), lockRow(SUBJECT, { subjectId }), ...lockProof(tenantId, proof)],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId, tenantId }),
      token: readDeviceToken(tenantId, subjectId),
      owner: one(SUBJECT, ownerId === undefined ? undefined : { subjectId: ownerId, tenantId }),
      ...readProof(tenantId, ownerId ?? subjectId, proof),
    },
  }),
  follow: ({ token }) => ({ family: one(FAMILY, token && { familyId: token.familyId }) }),
  decide: (state, command, now): Decision<{ readonly revision: number }> => {
    const { tenant, subject, token, family, owner } = state;
    const { tenantId, subjectId, ownerId, byClientId, familyId, replaces, proof, tokens, sealed } = command;
    if (tenant === undefined || subject?.kind !== 'device') {
      return refuse(notFound('device', subjectId));
    }
    const refusal = refuseOwner(subject, ownerId);
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    if (ownerId !== undefined && (owner === undefined || owner.disabled)) {
      return refuse(NOT_OWNER);
    }
    // Before all that would tell of the device: who did not prove itself learns nothing.
    const unproven = refuseProof(state, owner ?? subject, proof, now);
    if (unproven !== undefined) {
      return refuse(unproven);
    }
    if (subject.disabled || tenant.disabled) {
      return refuse(unmet('The device is disabled. Enable it before it gets a token'));
    }
    if (replaces !== undefined && (token?.familyId ?? null) !== replaces) {
      return refuse(unmet('The device was given another token meanwhile'));
    }
    const ended = endDeviceToken(tenant, token, family, now);
    const row: DeviceToken = { subjectId, tenantId, familyId, sealed, clientId: byClientId, createTime: now };
    const begun = {
      familyId,
      tenantId,
      clientId: NO_CLIENT,
      refreshClientId: null,
      subjectId,
      kind: 'DEVICE',
      scopes: [],
      generation: 0,
      issueRevision: ended.revision,
      issueTime: now,
      expireTime: null,
      revokedRevision: null,
      audience: null,
      consentId: null,
      ...tokens,
      accessIssueTime: now,
      accessExpireTime: NEVER,
      refresh: null,
      placeAddress: null,
      placeAgent: null,
      visitTime: null,
    } as const;
    return answer({ revision: ended.revision }, [
      ...ended.changes,
      insert(FAMILY, begun),
      put(DEVICE_TOKEN, row),
      ...afterProof(tenantId, state, proof),
    ]);
  },
  audit: ({ tenantId, subjectId, familyId }) => entry(tenantId, 'put_device_token', 'device', subjectId, [familyId]),
});
