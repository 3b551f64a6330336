import { SymbolonError } from '../errors.ts';
import { isLive, type TokenReading } from '../liveness.ts';
import type { Instant, TokenKind } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { Call } from './authenticate.ts';
import { requireText } from './validate.ts';

export interface IntrospectRequest {
  readonly token: string;
  readonly atLeastRevision?: number;
}

export type Introspection =
  | { readonly active: false; readonly revision: number }
  | {
      readonly active: true;
      readonly revision: number;
      readonly tokenId: string;
      readonly kind: TokenKind;
      readonly tenantId: string;
      readonly clientId: string;
      readonly subjectId: string;
      readonly scopes: readonly string[];
      readonly issueTime: Instant;
      readonly expireTime: Instant;
      readonly familyId: string;
    };

const LONGEST_TOKEN = 4_096;

/** Families whose confirmation is on its way, by store, so that only the first introspection sends one. */
const confirming = new WeakMap<Services['store'], Set<string>>();

/** Tells whether an access token of the caller's tenant is live. Starts from inactive; each check can only let it through. */
export async function introspect(services: Services, call: Call, request: IntrospectRequest): Promise<Introspection> {
  requirePermission(call.caller, 'introspect');
  requireText(request.token, 'token', LONGEST_TOKEN);
  const { reading, revision } = await read(services, call, request.token);
  if (revision < (request.atLeastRevision ?? 0)) {
    throw new SymbolonError('revision_not_reached', `The store is at revision ${revision}`, { retryAfterMs: 1_000 });
  }
  const now = services.clock();
  if (reading === undefined || !isLive(reading, now)) {
    return { active: false, revision };
  }
  if (reading.family.repeatUntil !== null && reading.family.repeatUntil > now) {
    confirm(services, reading);
  }
  return { active: true, revision, ...describe(reading) };
}

/** Rubbish is not looked up; its answer is as of when the caller was read. */
async function read(services: Services, call: Call, token: string) {
  const { tenantId, revision } = call.caller;
  return isToken(token) ? services.store.readToken(tenantId, digestOf(token)) : { reading: undefined, revision };
}

function describe({ token, family }: TokenReading) {
  return {
    tokenId: token.tokenId,
    kind: family.kind,
    tenantId: family.tenantId,
    clientId: family.clientId,
    subjectId: family.subjectId,
    scopes: family.scopes,
    issueTime: token.issueTime,
    expireTime: token.expireTime,
    familyId: family.familyId,
  };
}

/** Tells the writer that a refresh's answer arrived, without waiting. When it is lost, the next introspection tells again. */
function confirm({ store }: Services, { family }: TokenReading): void {
  const pending = confirming.get(store) ?? new Set();
  confirming.set(store, pending);
  const { familyId, generation } = family;
  if (pending.has(familyId)) {
    return;
  }
  pending.add(familyId);
  store
    .execute({ kind: 'confirm', familyId, generation })
    .catch(() => undefined)
    .finally(() => pending.delete(familyId));
}
