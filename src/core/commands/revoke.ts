import { timingSafeEqual } from 'node:crypto';
import { answer, type Decision, refuse, set } from '../changes.ts';
import { TAG_KEY_CLOSED, TAG_KEY_LOST } from '../errors.ts';
import type { Digest } from '../model.ts';
import { all, lockRow, one } from '../plan.ts';
import { namedClient } from '../rules/clients.ts';
import { forgetEndless } from '../rules/device-tokens.ts';
import { PRESENTED_BYTES } from '../rules/grants.ts';
import { endFamily, type Revoked } from '../rules/revoking.ts';
import { entry, rule } from '../rules/rule.ts';
import { CLIENT } from '../tables/clients.ts';
import { END_NODE_LOGIN } from '../tables/end-nodes.ts';
import { FAMILY, type Family, subjectKindOf } from '../tables/families.ts';
import { TENANT } from '../tables/tenants.ts';
import type { TagVerdict } from './refresh.ts';

/** Revokes a family, live or not. */
export interface Revoke {
  readonly kind: 'revoke';
  readonly tenantId: string;
  readonly familyId: string;
  /** The token that was presented: it must be proven to be of the family. Absent: the family was named by an id. */
  readonly presented?: { readonly digest: Digest; readonly tag: TagVerdict };
  /** The only client whose families may be revoked; absent for those who may revoke any family of the tenant. */
  readonly onlyClientId?: string;
  /** The only user whose logins may be revoked: those of others are as unknown. */
  readonly onlyUserId?: string;
}

/** What is unknown or revoked already is an answer: the purpose is achieved (RFC 7009 section 2.2). */
export const revoke = rule<Revoke>()({
  kind: 'revoke',
  plan: ({ tenantId, familyId }) => ({
    locks: [lockRow(FAMILY, { familyId }), lockRow(TENANT, { tenantId })],
    reads: {
      tenant: one(TENANT, { tenantId }),
      family: one(FAMILY, { familyId }),
      endNodes: all(END_NODE_LOGIN, { familyId }),
    },
  }),
  follow: ({ family }) => ({ client: one(CLIENT, family && { clientId: family.clientId }) }),
  decide: ({ tenant, family, endNodes }, command, now): Decision<Revoked> => {
    const { tenantId, presented, onlyClientId, onlyUserId } = command;
    if (tenant === undefined) {
      return refuse({ code: 'not_found', message: 'There is no such tenant' });
    }
    const isMeant = onlyUserId === undefined || (family?.kind === 'USER' && family.subjectId === onlyUserId);
    if (family?.tenantId !== tenantId || !isMeant) {
      return answer({ revision: tenant.revision, revoked: false });
    }
    if (onlyClientId !== undefined && family.clientId !== onlyClientId && family.refreshClientId !== onlyClientId) {
      return refuse({ code: 'permission_denied', message: 'The caller may revoke only tokens that were issued to it' });
    }
    if (presented !== undefined && presented.tag !== 'genuine' && !isKnown(family, presented.digest)) {
      // "Done" would be untrue: the token may be an old one of this very login.
      return refuse(presented.tag === 'unreadable' ? TAG_KEY_CLOSED : TAG_KEY_LOST);
    }
    const { familyId, revokedRevision } = family;
    if (revokedRevision !== null) {
      // Written again, so that this answer too waits for replication: the first one may not have got there.
      const again = set(FAMILY, { familyId }, { revokedRevision });
      return answer({ revision: tenant.revision, revoked: false }, [again]);
    }
    const ended = endFamily(tenant, familyId, 'revoked', now, endNodes);
    return answer({ revision: ended.revision, revoked: true }, [...ended.changes, ...forgetEndless(family, now)]);
  },
  // By an id; who holds a token may end it (RFC 7009 section 2.1). A user's login is the user's, whichever client it came by; and a user is
  // told of none but its own, so not which are an operator's either.
  touches: (state, command) => {
    const { presented, onlyUserId } = command;
    const isById = presented === undefined && onlyUserId === undefined;
    return isById && state.family !== undefined && subjectKindOf(state.family.kind) === 'client'
      ? namedClient(state, command)
      : [];
  },
  // What was revoked before, or is unknown, is no change.
  audit: ({ tenantId, familyId }, _state, { outcome }) =>
    'answer' in outcome && !outcome.answer.revoked ? undefined : entry(tenantId, 'revoke', 'family', familyId),
});

/** By its digest: of the current pair, or presented last. */
export function isKnown({ accessDigest, refresh }: Family, digest: Digest): boolean {
  return (
    timingSafeEqual(digest, accessDigest) ||
    (refresh !== null &&
      (timingSafeEqual(digest, refresh.digest) ||
        timingSafeEqual(digest.subarray(0, PRESENTED_BYTES), refresh.presented)))
  );
}
