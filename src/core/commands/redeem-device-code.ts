import { answer, type Decision, refuse, set } from '../changes.ts';
import { CODE_REUSE, INVALID_GRANT } from '../errors.ts';
import { USED_CODE_MEMORY_MS } from '../lifetimes.ts';
import type { Instant } from '../model.ts';
import { lockRow, one } from '../plan.ts';
import {
  type Authorized,
  beginAuthorized,
  type Redeeming,
  readAuthorized,
  readServer,
  refuseGrantType,
  refuseReplay,
} from '../rules/authorized.ts';
import {
  DENIED,
  DEVICE_CODE_LIFETIME_MS,
  deviceCodePayload,
  EXPIRED,
  EXPIRED_CODE_MEMORY_MS,
  polled,
} from '../rules/device-authorizations.ts';
import type { Issued } from '../rules/grants.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { SINGLE_USE, type SingleUse } from '../tables/single-use.ts';
import { TENANT } from '../tables/tenants.ts';
import { beganInFuture } from '../wrong-clock.ts';

/** A device asks whether its user has approved it, and gets its tokens then, once (RFC 8628 section 3.4). */
export interface RedeemDeviceCode extends Redeeming {
  readonly kind: 'redeem_device_code';
}

export const redeemDeviceCode = rule<RedeemDeviceCode>()({
  kind: 'redeem_device_code',
  // The code: of two that bring it, the second is a replay. The tenant is read before what may be cut off, as Issue does.
  plan: (command) => ({
    locks: [lockRow(SINGLE_USE, { digest: command.digest })],
    reads: {
      tenant: one(TENANT, { tenantId: command.tenantId }),
      code: one(SINGLE_USE, { digest: command.digest }),
      client: one(CLIENT, { clientId: command.clientId }),
      server: readServer(command),
    },
  }),
  follow: ({ code }) => readAuthorized(code, code && authorizedOf(code)),
  decide: (state, command, now): Decision<{ readonly issued: Issued }> => {
    const { code } = state;
    if (code === undefined || !isBound(code, command)) {
      return refuse(INVALID_GRANT);
    }
    if (code.familyId !== null) {
      return refuseReplay(state, now);
    }
    const refusal = refuseGrantType(state.client, 'device_code');
    if (refusal !== undefined) {
      return refuse(refusal);
    }
    const payload = deviceCodePayload(code);
    if (payload.decideUntil <= now || beganInFuture(code.expireTime, LONGEST_MS, now)) {
      return refuse(EXPIRED);
    }
    if (payload.decision === null) {
      const told = polled(payload, now);
      return refuse(told.refusal, [set(SINGLE_USE, { digest: command.digest }, { payload: { ...told.payload } })]);
    }
    const authorized = authorizedOf(code);
    return payload.decision === 'deny' || authorized === undefined
      ? refuse(DENIED)
      : withMemory(command, beginAuthorized(code, authorized, state, command, now), now);
  },
  audit: ({ tenantId }, { code }, { outcome }) =>
    'refusal' in outcome && outcome.refusal.cause === CODE_REUSE.cause
      ? entry(tenantId, 'code_reuse', 'family', code?.familyId ?? '')
      : undefined,
});

const LONGEST_MS = DEVICE_CODE_LIFETIME_MS + EXPIRED_CODE_MEMORY_MS;

/** A used code is known for longer than one that nobody wanted. */
function withMemory(
  { digest }: RedeemDeviceCode,
  begun: Decision<{ readonly issued: Issued }>,
  now: Instant,
): Decision<{ readonly issued: Issued }> {
  return 'refusal' in begun.outcome
    ? begun
    : answer(begun.outcome.answer, [
        ...begun.changes,
        set(SINGLE_USE, { digest }, { expireTime: now + USED_CODE_MEMORY_MS }),
      ]);
}

/** Undefined before somebody approved it. */
function authorizedOf(code: SingleUse): Authorized | undefined {
  const { scopes, audience, consentId, issueRevision } = deviceCodePayload(code);
  return consentId === null || consentId === undefined ? undefined : { scopes, audience, consentId, issueRevision };
}

function isBound({ purpose, tenantId, clientId }: SingleUse, command: RedeemDeviceCode): boolean {
  return purpose === 'device_code' && tenantId === command.tenantId && clientId === command.clientId;
}
