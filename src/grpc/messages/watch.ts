/** The messages of WatchRevocations. What many watchers are sent alike is written out once. */
import {
  RevocationCause as CauseMessage,
  type RevocationEvent as EventMessage,
  type WatchRevocationsRequest,
  WatchRevocationsResponse,
} from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { RevocationCause } from '../../core/model.ts';
import { consentPairOf, type RevocationEvent } from '../../core/tables/revocations.ts';
import { MAX_BOUND_MS } from '../../core/verifiers.ts';
import type { Step } from '../../watch/log-tail.ts';
import type { WatchMessage, WatchRequest } from '../../watch/watch-stream.ts';
import { missing } from './fields.ts';
import { toDuration, toTimestamp } from './time.ts';

const CAUSES: Readonly<Record<RevocationCause, CauseMessage>> = {
  revoked: CauseMessage.REVOKED,
  refresh_reuse: CauseMessage.REFRESH_REUSE,
  code_reuse: CauseMessage.CODE_REUSE,
  disabled: CauseMessage.DISABLED,
  deleted: CauseMessage.DELETED,
  restored: CauseMessage.RESTORED,
  password_changed: CauseMessage.PASSWORD_CHANGED,
  consent_withdrawn: CauseMessage.CONSENT_WITHDRAWN,
  secret_reset: CauseMessage.SECRET_RESET,
};

/** 16 bytes in base64url: the last of 22 characters has two bits. */
const VERIFIER_ID = /^[A-Za-z0-9_-]{21}[AQgw]$/;

export interface WatchStartFields {
  readonly verifierId: string;
  /** Undefined: afresh. */
  readonly resumeRevision: number | undefined;
  readonly heartbeat: number;
}

/** Of the first request. */
export function parseWatchStart(request: WatchRevocationsRequest): WatchStartFields {
  const { start, heartbeat, acknowledgedRevision } = request;
  if (start === undefined) {
    throw missing('start, which must be in the first request,');
  }
  const { verifierId, resumeRevision } = start;
  if (!VERIFIER_ID.test(verifierId)) {
    throw invalid('start.verifier_id must be 16 random bytes in base64url without padding: 22 characters');
  }
  if (acknowledgedRevision > (resumeRevision ?? 0)) {
    throw invalid('acknowledged_revision is more than this stream was sent. Acknowledge what was applied');
  }
  return { verifierId, resumeRevision, heartbeat };
}

/** Of a later one. */
export function parseWatchRequest({ start, heartbeat, acknowledgedRevision }: WatchRevocationsRequest): WatchRequest {
  if (start !== undefined) {
    throw invalid('start came a second time. It belongs into the first request alone');
  }
  return { heartbeat, acknowledgedRevision };
}

/** As bytes: of what is merged, the fields of all parts count (protobuf, "last one wins"; repeated ones are joined). */
export function toWatchBytes({ step, heartbeat, isAfresh, isFirst, acknowledgeNow }: WatchMessage): Buffer {
  const shared = bytesOf(step);
  if (heartbeat === 0 && !isFirst && !acknowledgeNow) {
    return shared;
  }
  const own = WatchRevocationsResponse.encode({
    ...{ previousRevision: 0, events: [], revision: 0, heartbeat, afresh: isAfresh, acknowledgeNow },
    longestBound: isFirst ? toDuration(MAX_BOUND_MS) : undefined,
  }).finish();
  return Buffer.concat([shared, own]);
}

const written = new WeakMap<Step, Buffer>();

function bytesOf(step: Step): Buffer {
  const known = written.get(step);
  if (known !== undefined) {
    return known;
  }
  const { previous, events, revision } = step;
  const message = WatchRevocationsResponse.fromPartial({
    previousRevision: previous,
    events: events.map(toEventMessage),
    revision,
  });
  const bytes = Buffer.from(WatchRevocationsResponse.encode(message).finish());
  written.set(step, bytes);
  return bytes;
}

function toEventMessage({ revision, scope, key, cause, eventTime }: RevocationEvent): EventMessage {
  return { revision, target: targetOf(scope, key), cause: CAUSES[cause], eventTime: toTimestamp(eventTime) };
}

function targetOf(scope: RevocationEvent['scope'], key: string): EventMessage['target'] {
  switch (scope) {
    case 'family':
      return { $case: 'familyId', value: key };
    case 'user':
    case 'device':
      return { $case: 'subjectId', value: key };
    case 'client':
      return { $case: 'clientId', value: key };
    case 'consent':
      return { $case: 'consent', value: consentPairOf(key) };
    case 'tenant':
      return { $case: 'allOfTenant', value: {} };
  }
}

function invalid(message: string): SymbolonError {
  return new SymbolonError('invalid_argument', message);
}
