import { answer, type Decision, drop, refuse, set } from '../changes.ts';
import { INVALID_CODE } from '../errors.ts';
import type { Digest, Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import { refuseGrantType, refuseScopes } from '../rules/authorized.ts';
import { consentChange, consentEntry, consentIdOf } from '../rules/consents.ts';
import { type FailureCounter, lockCounters, readCounters } from '../rules/counters.ts';
import {
  type DeviceCodePayload,
  type DeviceDecision,
  deviceCodePayload,
  userCodePayload,
} from '../rules/device-authorizations.ts';
import { endGuess } from '../rules/guesses.ts';
import { rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { CONSENT } from '../tables/consents.ts';
import { SINGLE_USE, type SingleUse } from '../tables/single-use.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT } from '../tables/tenants.ts';

/** A user approves or denies a device whose code it has typed; approving writes the consent (RFC 8628 section 3.3). */
export interface DecideDeviceAuthorization {
  readonly kind: 'decide_device_authorization';
  readonly tenantId: string;
  /** The user. */
  readonly subjectId: string;
  readonly userDigest: Digest;
  readonly deviceDigest: Digest;
  readonly decision: DeviceDecision;
  /** What the typed code was counted to. */
  readonly counters: readonly FailureCounter[];
}

export const decideDeviceAuthorization = rule<DecideDeviceAuthorization>()({
  kind: 'decide_device_authorization',
  // The tenant: who withdraws the consent meanwhile comes before or after. The device code: so does the device that asks.
  plan: ({ tenantId, subjectId, userDigest, deviceDigest, counters }) => ({
    locks: [
      lockRow(TENANT, { tenantId }),
      lockRow(SINGLE_USE, { digest: deviceDigest }),
      ...lockCounters(tenantId, counters),
    ],
    reads: {
      tenant: one(TENANT, { tenantId }),
      subject: one(SUBJECT, { subjectId }),
      typed: one(SINGLE_USE, { digest: userDigest }),
      device: one(SINGLE_USE, { digest: deviceDigest }),
      failures: readCounters(tenantId, counters),
    },
  }),
  follow: ({ device }, { tenantId, subjectId }) => ({
    client: one(CLIENT, device && { clientId: device.clientId }),
    consent: one(CONSENT, device && { consentId: consentIdOf(tenantId, subjectId, device.clientId) }),
  }),
  decide: (state, command, now): Decision<Record<never, never>> => {
    const { tenant, subject, client, consent, typed, device, failures } = state;
    const { tenantId, subjectId, userDigest, decision, counters } = command;
    if (device === undefined || tenant === undefined || !isOpen(typed, device, command, now)) {
      return refuse(INVALID_CODE);
    }
    if (subject?.tenantId !== tenantId || subject.kind !== 'user' || subject.disabled) {
      return refuse({ code: 'access_denied', message: 'The user may not authorize anybody' });
    }
    const payload = deviceCodePayload(device);
    const { digest, clientId } = device;
    // Right, but not forgotten: who knows a code of its own must not guess others' without an end.
    const done = [
      drop(SINGLE_USE, { digest: userDigest }),
      ...counters.flatMap((counter) => endGuess(tenant, counter, failures, 'given_back', now)),
    ];
    const decided = (fields: Partial<DeviceCodePayload>, ofWhom: string) =>
      set(SINGLE_USE, { digest }, { subjectId: ofWhom, payload: { ...payload, ...fields, decision } });
    if (decision === 'deny') {
      return answer({}, [decided({}, ''), ...done]);
    }
    const refusal = client?.tenantId === tenantId && !client.disabled ? refuseGrantType(client, 'device_code') : GONE;
    const refused = refusal ?? refuseScopes(client, payload.scopes);
    if (refused !== undefined) {
      return refuse(refused);
    }
    const whose = { tenantId, subjectId, clientId };
    const consentId = consentIdOf(tenantId, subjectId, clientId);
    return answer({}, [
      ...consentChange(whose, consent, payload, tenant, now),
      decided({ consentId, issueRevision: tenant.revision }, subjectId),
      ...done,
    ]);
  },
  audit: ({ tenantId, subjectId }, { device }, { changes }) =>
    device !== undefined && changes.some(({ table }) => table.name === CONSENT.name)
      ? consentEntry({ tenantId, subjectId, clientId: device.clientId }, deviceCodePayload(device).scopes)
      : undefined,
});

const GONE = { code: 'unauthorized_client', message: 'The client may not ask for authorization' } as const;

/** Whether the typed code still leads to a device that waits. */
function isOpen(
  typed: SingleUse | undefined,
  device: SingleUse,
  { tenantId, deviceDigest }: DecideDeviceAuthorization,
  now: Instant,
): boolean {
  const isTyped = typed?.purpose === 'user_code' && typed.tenantId === tenantId && typed.expireTime > now;
  const { decideUntil, decision } = deviceCodePayload(device);
  return (
    isTyped &&
    userCodePayload(typed).deviceDigest === Buffer.from(deviceDigest).toString('hex') &&
    device.purpose === 'device_code' &&
    device.tenantId === tenantId &&
    decision === null &&
    decideUntil > now
  );
}
