/** From the messages of the contract to plain values. */
import type { Duration } from '../../../../gen/ts/google/protobuf/duration.ts';
import type { Timestamp } from '../../../../gen/ts/google/protobuf/timestamp.ts';
import { type CheckResponse, AccessReason as Reasons } from '../../../../gen/ts/symbolon/v1/access_service.ts';
import {
  type IntrospectResponse,
  type RevocationEvent,
  TokenKind,
  type WatchRevocationsResponse,
} from '../../../../gen/ts/symbolon/v1/token_service.ts';
import type { Access, AccessReason } from './access.ts';
import type { Caller, CallerKind } from './caller.ts';
import type { AccessAnswer, Answer, Message, Target } from './core/protocol.ts';

const KINDS: ReadonlyMap<number, CallerKind> = new Map([
  [TokenKind.USER, 'user'],
  [TokenKind.DEVICE, 'device'],
  [TokenKind.APPLICATION, 'application'],
  [TokenKind.ADMIN, 'admin'],
  [TokenKind.ANONYMOUS, 'anonymous'],
]);

export function toMessage(response: WatchRevocationsResponse): Message {
  const { previousRevision, events, revision, heartbeat, afresh, longestBound } = response;
  return {
    ...{ previousRevision, revision, heartbeat, isAfresh: afresh },
    events: events.map((event) => ({ revision: event.revision, target: toTarget(event.target) })),
    longestBoundMs: longestBound === undefined ? undefined : toMilliseconds(longestBound),
  };
}

/** Undefined for a target that is newer than these stubs. */
function toTarget(target: RevocationEvent['target']): Target {
  switch (target?.$case) {
    case 'familyId':
      return { kind: 'family', id: target.value };
    case 'subjectId':
      return { kind: 'subject', id: target.value };
    case 'clientId':
      return { kind: 'client', id: target.value };
    case 'consent':
      return { kind: 'consent', ...target.value };
    case 'allOfTenant':
      return { kind: 'tenant' };
    default:
      return undefined;
  }
}

export function toAnswer(response: IntrospectResponse): Answer<Caller> {
  const { revision, active, timeToLive } = response;
  if (!active) {
    return { revision, live: undefined };
  }
  // Of a server that does not say what is left, nothing is kept.
  return { revision, live: { caller: toCaller(response), timeToLiveMs: toMilliseconds(timeToLive) } };
}

/** The answer as it is kept, and as a service is told it. */
export function toAccess(response: CheckResponse): AccessAnswer<Caller> & { readonly access: Access } {
  const { allowed, reason, token, userId, timeToLive } = response;
  const revision = token?.revision ?? 0;
  const caller = token?.active ? toCaller(token) : undefined;
  const isAllowed = allowed && caller !== undefined;
  const access = Object.freeze({ allowed: isAllowed, reason: reasonOf(reason), caller, userId });
  const kept = isAllowed ? { caller, userId, timeToLiveMs: toMilliseconds(timeToLive) } : undefined;
  return { revision, allowed: kept, access };
}

function reasonOf(reason: number): AccessReason {
  const [name] = Object.entries(Reasons).find(([, value]) => value === reason) ?? [];
  return name === undefined || name === 'UNRECOGNIZED' ? 'UNSPECIFIED' : (name as AccessReason);
}

function toCaller(response: IntrospectResponse): Caller {
  const { kind, subjectId, clientId, tenantId, scopes, tokenId, familyId, issueTime, expireTime, audience } = response;
  return Object.freeze({
    kind: KINDS.get(kind) ?? 'unknown',
    ...{ subjectId, clientId, tenantId, scopes: Object.freeze(scopes), tokenId, familyId },
    issueTime: toDate(issueTime),
    expireTime: toDate(expireTime),
    audience: audience === '' ? undefined : audience,
  });
}

function toDate(timestamp: Timestamp | undefined): Date {
  return new Date(toMilliseconds(timestamp));
}

function toMilliseconds(span: Duration | Timestamp | undefined): number {
  return span === undefined ? 0 : span.seconds * 1_000 + span.nanos / 1_000_000;
}
