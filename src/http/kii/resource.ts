/** A request to anything but the token endpoint: who calls, with which body; and what is answered. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isOver } from '../../calls/deadline.ts';
import { peerAddress } from '../../calls/peer.ts';
import { timedServices } from '../../calls/timed-services.ts';
import type { CallNotes } from '../../core/call-notes.ts';
import type { Instant } from '../../core/model.ts';
import { authenticateTokenHolder, type Call, type Caller } from '../../core/operations/authenticate.ts';
import { isPermitted } from '../../core/permissions.ts';
import type { Services } from '../../core/services/services.ts';
import type { Answer } from '../answer.ts';
import { HttpError } from '../failure.ts';
import { type AppCallers, appCallers, bearerToken } from './app.ts';
import { type Fields, jsonFields, textOfBody } from './fields.ts';
import { kiiBody, kiiHeaders } from './headers.ts';
import { type ErrorContext, ResourceError, unauthorized } from './resource-errors.ts';

/**
 * `token`: the holder of a live token. `app`: the app itself, a client of it by Basic, or its admin. `either`: the holder of the token
 * where there is one, else as `app`.
 */
export type CallerKind = 'token' | 'app' | 'either';

export interface ResourceRequest {
  readonly services: Services;
  readonly call: Call;
  /** The call as the app's own, as it logs things in. */
  readonly appCall: Call;
  readonly context: ErrorContext;
  readonly params: Readonly<Record<string, string>>;
  /** Of what is given twice, nothing. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export async function resourceRequestOf(
  given: Services,
  request: FastifyRequest,
  kind: CallerKind,
  deadline: Instant,
): Promise<ResourceRequest> {
  const params = request.params as Record<string, string>;
  const { headers, body } = request;
  const { record } = request;
  const services = timedServices(given, record);
  const callers = await appCallers(services, params.appId, headers, record);
  const { app } = callers;
  record.caller = app;
  const caller = await callerOf(services, callers, headers.authorization, kind, record);
  record.caller = caller;
  const about = {
    deadline,
    notes: record,
    isAbandoned: () => request.socket.destroyed || isOver(deadline),
    address: peerAddress(request.socket.remoteAddress),
    agent: headers['user-agent'],
    requestId: request.id,
  };
  const principalID = caller === app ? undefined : (caller.subject?.id ?? caller.clientId);
  return {
    services,
    call: { caller, ...about },
    appCall: { caller: app, ...about },
    context: { appID: app.tenantId, ...(principalID === undefined ? {} : { principalID }) },
    params,
    query: onceOnly(request.query),
    headers,
    body,
  };
}

function onceOnly(query: unknown): Record<string, string> {
  const entries = Object.entries(query as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

async function callerOf(
  services: Services,
  { app, client }: AppCallers,
  authorization: string | undefined,
  kind: CallerKind,
  notes: CallNotes,
): Promise<Caller> {
  const appID = app.tenantId;
  const accessToken = bearerToken(authorization);
  if (accessToken === undefined) {
    if (kind === 'token') {
      throw unauthorized({ appID }, 'The request has no access token. Send Authorization: Bearer');
    }
    return client?.caller ?? app;
  }
  const bearer = await authenticateTokenHolder(services, appID, accessToken, notes);
  if (bearer === undefined) {
    throw new ResourceError('WRONG_TOKEN', 'The provided token is not valid', { appID, accessToken });
  }
  return kind === 'app' && !isPermitted(bearer, 'manage_subjects') ? app : bearer;
}

/** docs/kii-wire.md sections 5 and 7: `me` is the user whose token it is, and nobody else. */
export function unsupportedMe({ context }: ResourceRequest): ResourceError {
  return unauthorized(context, 'Only a user’s own token can say “me”. Name the user by its id');
}

export function isAdmin({ call }: ResourceRequest): boolean {
  return isPermitted(call.caller, 'manage_subjects');
}

/**
 * The fields of the body, and which of the media types `application/vnd.kii.<type>+json` it has: undefined for application/json, and
 * where there is no content type.
 */
export function jsonBody(
  { headers, body }: ResourceRequest,
  types: readonly string[],
): { type: string | undefined; fields: Fields } {
  const mediaType = mediaTypeOf(headers);
  const type = types.find((each) => `application/vnd.kii.${each}+json`.toLowerCase() === mediaType);
  if (type === undefined && mediaType !== undefined && mediaType !== 'application/json') {
    throw unsupportedMediaType('application/json');
  }
  try {
    return { type, fields: jsonFields(textOfBody(body)) };
  } catch (error) {
    throw error instanceof Error ? new ResourceError('INVALID_JSON', error.message) : error;
  }
}

/** Whether there is no body at all. */
export function isEmpty({ body }: ResourceRequest): boolean {
  return !Buffer.isBuffer(body) || body.length === 0;
}

/** The body of `text/plain`. */
export function textBody({ headers, body }: ResourceRequest): string {
  const mediaType = mediaTypeOf(headers);
  if (mediaType !== undefined && mediaType !== 'text/plain') {
    throw unsupportedMediaType('text/plain');
  }
  return textOfBody(body);
}

function mediaTypeOf(headers: IncomingHttpHeaders): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
}

export function unsupportedMediaType(supported: string): HttpError {
  return new HttpError('unsupported_media_type', `The Content-Type is not supported. Send ${supported}`);
}

/** `type` as in `application/vnd.kii.<type>+json`; undefined: application/json. */
export function answer(
  status: number,
  type: string | undefined,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const mediaType = type === undefined ? 'application/json' : `application/vnd.kii.${type}+json`;
  return {
    status,
    headers: { ...kiiHeaders(status), ...headers, 'Content-Type': `${mediaType};charset=UTF-8` },
    body: kiiBody(body),
  };
}

export function textAnswer(body: string): Answer {
  return { status: 200, headers: { ...kiiHeaders(200), 'Content-Type': 'text/plain;charset=UTF-8' }, body };
}

export function noContent(): Answer {
  const { 'Content-Type': _none, ...headers } = kiiHeaders(204);
  return { status: 204, headers, body: '' };
}
