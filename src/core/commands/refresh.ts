import { timingSafeEqual } from 'node:crypto';
import { answer, type Decision, refuse, set } from '../changes.ts';
import { INVALID_REFRESH_TOKEN, REFRESH_REUSE, type Refusal, TAG_KEY_CLOSED } from '../errors.ts';
import { accessExpiry, mayBeRefreshed } from '../lifetimes.ts';
import type { Digest, Instant } from '../model.ts';
import { all, lockRow, one } from '../plan.ts';
import { refuseGrantType } from '../rules/authorized.ts';
import { type Issued, issuedOf, type NewTokens, PRESENTED_BYTES } from '../rules/grants.ts';
import { isFamilyLive, readConsentOf } from '../rules/liveness.ts';
import { OTHER_TARGET } from '../rules/resource-servers.ts';
import { endFamily } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { END_NODE_LOGIN, type EndNodeLogin } from '../tables/end-nodes.ts';
import { FAMILY, type Family, type RefreshState, subjectKindOf } from '../tables/families.ts';
import { SUBJECT } from '../tables/subjects.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { MAX_GENERATION } from '../token-form.ts';

/**
 * What a token's tag says. `genuine`: we made it. `unproven`: its key is lost or leaked, so only its digest counts. `unreadable`: this
 * server can't open its key.
 */
export type TagVerdict = 'genuine' | 'unproven' | 'unreadable';

export interface Refresh {
  readonly kind: 'refresh';
  readonly tenantId: string;
  /** The caller. */
  readonly clientId: string;
  readonly familyId: string;
  /** Of the presented token: what it says of itself, its digest, and what its tag says. */
  readonly generation: number;
  readonly digest: Digest;
  readonly tag: TagVerdict;
  readonly expireTime?: Instant | undefined;
  /** The resource server that is asked for: that of the family, or none (RFC 8707 section 2.2). */
  readonly resource?: string | undefined;
  readonly tokens: NewTokens;
  /** The randoms of the new pair, sealed under the presented token. */
  readonly box: Uint8Array;
}

export type RefreshAnswer =
  | { readonly issued: Issued }
  /** The answer was lost: the same pair once more, which the box, the presented token and these yield. */
  | { readonly repeated: Issued; readonly pair: SealedPair };

export interface SealedPair {
  readonly generation: number;
  readonly keyId: string;
  readonly accessDigest: Digest;
  readonly refreshDigest: Digest;
  readonly box: Uint8Array;
}

/** Compare-and-set on the family's generation. Generations order refreshes, times order nothing. */
export const refresh = rule<Refresh>()({
  kind: 'refresh',
  // The tenant is changed only when reuse is detected: all refreshes of a tenant would wait for each other.
  plan: ({ tenantId, familyId }) => ({
    locks: [lockRow(FAMILY, { familyId })],
    reads: { tenant: one(TENANT, { tenantId }), family: one(FAMILY, { familyId }) },
  }),
  follow: ({ family }, { digest }) => ({
    // Of a token that is not the current one, which may be an old one: what its theft ends too.
    endNodes: all(
      END_NODE_LOGIN,
      family?.refresh && !timingSafeEqual(digest, family.refresh.digest) ? { familyId: family.familyId } : undefined,
    ),
    consent: readConsentOf(family),
    client: one(CLIENT, family && { clientId: family.clientId }),
    subject: one(
      SUBJECT,
      family && subjectKindOf(family.kind) !== 'client' ? { subjectId: family.subjectId } : undefined,
    ),
  }),
  decide: ({ tenant, client, subject, consent, family, endNodes }, command, now): Decision<RefreshAnswer> => {
    if (tenant === undefined || family?.tenantId !== command.tenantId || !isBoundTo(family, command.clientId)) {
      return refuse(INVALID_REFRESH_TOKEN);
    }
    if (!mayBeRefreshed(tenant.policy, family) || !isFamilyLive({ family, tenant, client, subject, consent }, now)) {
      return refuse(INVALID_REFRESH_TOKEN);
    }
    const { refresh: last } = family;
    if (last === null) {
      return refuse(INVALID_REFRESH_TOKEN);
    }
    const decision = decideByToken(tenant, family, last, command, now, endNodes);
    // Of what came by consent the client may have lost the grant since. Theft is theft all the same.
    const refusal = family.consentId === null ? undefined : refuseGrantType(client, 'refresh_token');
    return refusal !== undefined && 'answer' in decision.outcome ? refuse(refusal) : decision;
  },
  audit: ({ tenantId, familyId }, _state, { outcome }) =>
    'refusal' in outcome ? entry(tenantId, 'refresh_reuse', 'family', familyId) : undefined,
});

/**
 * The five cases of decision 0045: the digest decides what is live, and the tag alone proves what is old. A token of no case is
 * of another history: the store went back, or a key leaked. It ends nothing.
 */
function decideByToken(
  tenant: Tenant,
  family: Family,
  last: RefreshState,
  command: Refresh,
  now: Instant,
  endNodes: readonly EndNodeLogin[],
): Decision<RefreshAnswer> {
  const { digest, generation, tag, resource } = command;
  const isOther = resource !== undefined && resource !== family.audience;
  if (timingSafeEqual(digest, last.digest)) {
    return isOther ? refuse(OTHER_TARGET) : rotate(tenant, family, command, now);
  }
  const isOpen = last.repeatUntil > now;
  if (timingSafeEqual(digest.subarray(0, PRESENTED_BYTES), last.presented)) {
    // RFC 9700 section 4.14.2: an old refresh token came back, so one of its two holders is a thief.
    if (isOpen) {
      return isOther ? refuse(OTHER_TARGET) : repeat(family, last);
    }
    return theft(tenant, family, now, endNodes);
  }
  if (tag === 'unreadable') {
    return refuse(TAG_KEY_CLOSED);
  }
  const isOld = generation < family.generation && !(isOpen && generation === family.generation - 1);
  return tag === 'genuine' && isOld ? theft(tenant, family, now, endNodes) : refuse(OTHER_HISTORY);
}

/** Told apart in the log alone. */
const OTHER_HISTORY: Refusal = {
  ...INVALID_REFRESH_TOKEN,
  cause: 'a token of another history: the store went back, or a key leaked',
};

/**
 * RFC 6749 section 6: a refresh token is bound to the client that it was issued to. Where a public client presented another's
 * secret, that other has proven itself when it comes in person.
 */
export function isBoundTo({ clientId, refreshClientId }: Family, caller: string): boolean {
  return clientId === caller || refreshClientId === caller;
}

function rotate(tenant: Tenant, family: Family, command: Refresh, now: Instant): Decision<RefreshAnswer> {
  const { familyId, generation } = family;
  if (generation >= MAX_GENERATION) {
    return refuse(INVALID_REFRESH_TOKEN);
  }
  const expiry = accessExpiry(tenant.policy, family, command.expireTime, now);
  if ('refusal' in expiry) {
    return refuse(expiry.refusal);
  }
  const { keyId, accessDigest, refreshDigest } = command.tokens;
  const next = {
    generation: generation + 1,
    keyId,
    accessDigest,
    accessIssueTime: now,
    accessExpireTime: Math.min(expiry.expireTime, family.expireTime ?? Number.POSITIVE_INFINITY),
    refresh: {
      digest: refreshDigest,
      presented: command.digest.slice(0, PRESENTED_BYTES),
      repeatUntil: now + tenant.policy.refreshRepeatWindowMs,
      box: command.box,
    },
  };
  return answer({ issued: issuedOf({ ...family, ...next }) }, [set(FAMILY, { familyId }, next)]);
}

function repeat(family: Family, last: RefreshState): Decision<RefreshAnswer> {
  const { familyId, generation, keyId, accessDigest } = family;
  const { box, digest: refreshDigest } = last;
  const pair = { generation, keyId, accessDigest, refreshDigest, box };
  // Written again as it is, so that the repeated answer too waits for replication.
  return answer({ repeated: issuedOf(family), pair }, [set(FAMILY, { familyId }, { generation })]);
}

function theft(
  tenant: Tenant,
  { familyId }: Family,
  now: Instant,
  endNodes: readonly EndNodeLogin[],
): Decision<RefreshAnswer> {
  return refuse(REFRESH_REUSE, endFamily(tenant, familyId, 'refresh_reuse', now, endNodes).changes);
}
