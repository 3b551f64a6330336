/** The token endpoint at its two paths, with one behaviour. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isOver, newDeadline, within } from '../../calls/deadline.ts';
import { peerAddress } from '../../calls/peer.ts';
import { timedServices } from '../../calls/timed-services.ts';
import type { CallNotes } from '../../core/call-notes.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Instant } from '../../core/model.ts';
import type { Call, Caller } from '../../core/operations/authenticate.ts';
import { issue, type PendingLogin } from '../../core/operations/issue.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import { refresh } from '../../core/operations/refresh.ts';
import type { Services } from '../../core/services/services.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import { refuseOthers } from '../methods.ts';
import { type AppCallers, appCallers, bearerToken, clientCaller } from './app.ts';
import { fieldsOf } from './fields.ts';
import { type TokenRequest, tokenRequestOf } from './token-request.ts';
import { tokenAnswer } from './token-response.ts';

const TOKEN_PATHS = ['/oauth2/token', '/apps/:appId/oauth2/token'];

export function registerTokenRoutes(scope: FastifyInstance, services: Services): void {
  for (const url of TOKEN_PATHS) {
    tokenRoute(scope, services, url);
  }
}

function tokenRoute(scope: FastifyInstance, services: Services, url: string): void {
  const config = { operation: 'kii.token' };
  scope.post(url, { config }, async (request, reply) => {
    const deadline = newDeadline();
    return sendAnswer(reply, await within(deadline, token(services, request, deadline)));
  });
  refuseOthers(scope, url, config, ['POST', 'OPTIONS']);
}

/** The app comes first: who names none learns nothing about the request. */
async function token(given: Services, request: FastifyRequest, deadline: Instant): Promise<Answer> {
  const { appId: pathAppId } = request.params as { appId?: string };
  const { headers, body } = request;
  const { record } = request;
  const services = timedServices(given, record);
  const callers = await appCallers(services, pathAppId, headers, record);
  const { app } = callers;
  record.caller = callers.client?.caller ?? app;
  const fields = fieldsOf(body, headers['content-type']);
  const bearer = bearerToken(headers.authorization);
  const asked = tokenRequestOf(fields, app.clientId, { bearer, basic: callers.client?.pair });
  record.caller = await callerOf(services, callers, asked, record);
  const call = {
    caller: record.caller,
    deadline,
    notes: record,
    isAbandoned: () => request.socket.destroyed || isOver(deadline),
    address: peerAddress(request.socket.remoteAddress),
    agent: headers['user-agent'],
    requestId: request.id,
  };
  const issued = await issueOrRefresh(services, call, asked);
  return tokenAnswer(issued, services.clock());
}

/** The client that Basic or the body names, else the app. */
async function callerOf(
  services: Services,
  { app, client }: AppCallers,
  { client: pair }: TokenRequest,
  notes: CallNotes,
): Promise<Caller> {
  if (pair === undefined || pair.clientId === client?.pair.clientId) {
    return client?.caller ?? app;
  }
  if (client !== undefined) {
    // RFC 6749 section 2.3: one way to prove itself, and no more.
    throw new SymbolonError('invalid_argument', 'client_id and the Authorization header name different clients');
  }
  return clientCaller(services, app, pair, notes);
}

function issueOrRefresh(services: Services, call: Call, asked: TokenRequest): Promise<IssuedTokens | PendingLogin> {
  return asked.operation === 'issue' ? issue(services, call, asked.request) : refresh(services, call, asked.request);
}
