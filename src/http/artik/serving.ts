/** How a path is served: in time, with the tenant's own call, and with failures in the shape of its host. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { isOver, newDeadline, within } from '../../calls/deadline.ts';
import { peerAddress } from '../../calls/peer.ts';
import { timedServices } from '../../calls/timed-services.ts';
import type { CallNotes } from '../../core/call-notes.ts';
import type { Instant } from '../../core/model.ts';
import type { Call, Caller } from '../../core/operations/authenticate.ts';
import type { Services } from '../../core/services/services.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import { refuseOthers } from '../methods.ts';
import { artikFailure, type Shape } from './errors.ts';

/** A request to the one tenant that clients of ARTIK are served by. */
export interface ArtikRequest {
  readonly services: Services;
  readonly tenantId: string;
  /** With its query, as it was sent. */
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** `http` or `https`, as it came to this server. */
  readonly protocol: string;
  readonly body: unknown;
  readonly notes: CallNotes;
  readonly address: string | undefined;
  /** SHA-256 of the public key in the device's certificate, in hexadecimal; undefined where none is asked for. */
  readonly certificate: string | undefined;
  /** The call as a caller's own; the record of the request knows the caller from then on. */
  readonly callAs: (caller: Caller) => Call;
}

type Run = (request: ArtikRequest) => Promise<Answer>;

export interface Route {
  readonly url: string;
  /** In the log. */
  readonly name: string;
  readonly shape: Shape;
  /** An authorization endpoint, to which people are sent: no script of another origin may call it (RFC 9700 section 2.6). */
  readonly isClosedToScripts?: boolean;
  readonly methods: Readonly<Partial<Record<HTTPMethods, Run>>>;
}

export function serveRoute(scope: FastifyInstance, services: Services, tenantId: string, route: Route): void {
  const { url, name, shape, methods } = route;
  const failure = artikFailure(shape);
  for (const [method, run] of Object.entries(methods) as [string, Run][]) {
    const config = { operation: `${name}.${method.toLowerCase()}`, failure };
    scope.route({
      method: method as HTTPMethods,
      url,
      config,
      handler: async (request, reply) => {
        const deadline = newDeadline();
        return sendAnswer(reply, await within(deadline, run(requestOf(services, tenantId, request, deadline))));
      },
    });
  }
  const allowed = [...Object.keys(methods), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS'];
  refuseOthers(scope, url, { operation: name, failure }, allowed);
}

function requestOf(given: Services, tenantId: string, request: FastifyRequest, deadline: Instant): ArtikRequest {
  const { record, headers, body } = request;
  return {
    services: timedServices(given, record),
    tenantId,
    url: request.raw.url ?? '',
    params: request.params as Record<string, string>,
    headers,
    protocol: request.protocol,
    body,
    notes: record,
    address: peerAddress(request.socket.remoteAddress),
    certificate: certificateOf(request),
    callAs: (caller) => {
      record.caller = caller;
      return {
        caller,
        deadline,
        notes: record,
        isAbandoned: () => request.socket.destroyed || isOver(deadline),
        address: peerAddress(request.socket.remoteAddress),
        agent: headers['user-agent'],
        requestId: request.id,
      };
    },
  };
}

/** Of the key and not of the certificate: one that is renewed for the same key is the same device's. */
function certificateOf({ socket }: FastifyRequest): string | undefined {
  const shown = socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const key = shown?.publicKey.export({ type: 'spki', format: 'der' });
  return key === undefined ? undefined : createHash('sha256').update(key).digest('hex');
}
