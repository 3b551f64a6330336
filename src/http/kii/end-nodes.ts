/** Things behind a gateway: attaching them, and the tokens that the gateway gets for them (docs/kii-wire.md section 6). */
import { SymbolonError } from '../../core/errors.ts';
import { type DeviceRef, requireDevice } from '../../core/operations/access.ts';
import { attachEndNode, detachEndNode, listEndNodes } from '../../core/operations/end-nodes.ts';
import { issueForEndNode } from '../../core/operations/issue-for-end-node.ts';
import type { Answer } from '../answer.ts';
import { refOf, thingRefOf } from './devices.ts';
import type { Fields } from './fields.ts';
import { answer, isEmpty, jsonBody, noContent, type ResourceRequest } from './resource.ts';
import { invalidInput, ResourceError, unauthorized } from './resource-errors.ts';
import { tokenAnswer } from './token-response.ts';

const MAX_PAGE = 1_000;
const SECOND_MS = 1_000;
/** 285 years: what a clock and this make is still exact. */
const MAX_SECONDS = 9_000_000_000;

/** kii_go sends application/json and no body. */
export async function addEndNode(request: ResourceRequest): Promise<Answer> {
  const { services, call } = request;
  await attachEndNode(services, call, thingRefOf(request), endNodeRefOf(request)).catch(asNotAllowed);
  return noContent();
}

/** Where the two are, and not who they are, keeps them apart. */
export function asNotAllowed(error: unknown): never {
  throw error instanceof SymbolonError && error.code === 'precondition_failed'
    ? new ResourceError('OPERATION_NOT_ALLOWED', error.message)
    : error;
}

export async function removeEndNode(request: ResourceRequest): Promise<Answer> {
  await detachEndNode(request.services, request.call, thingRefOf(request), endNodeRefOf(request));
  return noContent();
}

/** With the gateway's own token. */
export async function issueEndNodeToken(request: ResourceRequest): Promise<Answer> {
  const { services, call, appCall, context } = request;
  const { subject: gateway } = await requireDevice(services, call, thingRefOf(request));
  const { subject } = call.caller;
  if (subject?.kind !== 'device' || subject.id !== gateway.subjectId) {
    throw unauthorized(context, 'Only the gateway’s own token can ask for tokens of its end nodes');
  }
  const fields: Fields = isEmpty(request) ? new Map() : jsonBody(request, ['EndNodeTokenRequest']).fields;
  const lifetimeMs = lifetimeOf(fields);
  const expireTime = lifetimeMs === undefined ? undefined : services.clock() + lifetimeMs;
  const { clientId } = appCall.caller;
  const issued = await issueForEndNode(services, call, endNodeRefOf(request), clientId, { expireTime });
  return tokenAnswer(issued, services.clock());
}

/** `expires_in`: seconds, which kii_go writes as a text. */
function lifetimeOf(fields: Fields): number | undefined {
  const given = fields.get('expires_in') ?? undefined;
  if (given === undefined || given === '') {
    return undefined;
  }
  const seconds = typeof given === 'string' && /^[0-9]{1,15}$/.test(given) ? Number(given) : given;
  if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds <= 0 || seconds > MAX_SECONDS) {
    throw invalidInput('expires_in', 'expires_in must be a whole number of seconds, 1 or more');
  }
  return seconds * SECOND_MS;
}

/** In pages, as kii_go reads them: `bestEffortLimit` is the most that are answered. */
export async function readEndNodes(request: ResourceRequest): Promise<Answer> {
  const { services, call, query } = request;
  const { bestEffortLimit: limit = '', nextPaginationKey: pageToken = '' } = query;
  const pageSize = limit === '' ? 0 : Number(limit);
  if (!Number.isInteger(pageSize) || pageSize < 0) {
    throw invalidInput('bestEffortLimit', 'bestEffortLimit must be a whole number');
  }
  const page = { pageSize: Math.min(pageSize, MAX_PAGE), pageToken };
  const { items, nextPageToken } = await listEndNodes(services, call, thingRefOf(request), page);
  return answer(200, undefined, {
    results: items.map(({ subjectId, vendorId }) => ({ thingID: subjectId, vendorThingID: vendorId })),
    ...(nextPageToken === '' ? {} : { nextPaginationKey: nextPageToken }),
  });
}

function endNodeRefOf({ params }: ResourceRequest): DeviceRef {
  return refOf(params.endNode ?? '');
}
