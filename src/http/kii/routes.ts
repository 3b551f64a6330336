/** The token endpoint at its two paths, with one behaviour. */
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Instant } from '../../core/model.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { issue } from '../../core/operations/issue.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import { refresh } from '../../core/operations/refresh.ts';
import type { Services } from '../../core/services.ts';
import { newDeadline, within } from '../../wire/deadline.ts';
import { peerAddress } from '../../wire/peer.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import type { HttpContext } from '../dialect.ts';
import { HttpError } from '../failure.ts';
import { appCaller, clientCaller, namedApp } from './app.ts';
import { fieldsOf } from './fields.ts';
import { CORS } from './headers.ts';
import { type TokenRequest, tokenRequestOf } from './token-request.ts';
import { tokenAnswer } from './token-response.ts';

const TOKEN_PATHS = ['/oauth2/token', '/apps/:appId/oauth2/token'];

export async function registerKiiRoutes(scope: FastifyInstance, { services }: HttpContext): Promise<void> {
  // Whatever the content type says, the bytes come here as they are.
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await scope.register(fastifyCors, CORS);
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
  const others = scope.supportedMethods.filter((method) => method !== 'POST' && method !== 'OPTIONS');
  scope.route({ method: others, url, config, onRequest: refuseMethod, handler: refuseMethod });
}

/** Before the body is read: it is of no use. */
async function refuseMethod(): Promise<never> {
  throw new HttpError('method_not_allowed', 'A token is asked for by POST', { Allow: 'POST, OPTIONS' });
}

/** The app comes first: whoever names none learns nothing about the request. */
async function token(services: Services, request: FastifyRequest, deadline: Instant): Promise<Answer> {
  const { appId: pathAppId } = request.params as { appId?: string };
  const app = await appCaller(services, namedApp(pathAppId, request.headers));
  request.record.tenantId = app.tenantId;
  const asked = tokenRequestOf(fieldsOf(request.body, request.headers['content-type']), app.clientId);
  const call = { caller: app, deadline, address: peerAddress(request.socket.remoteAddress) };
  const issued = await perform(services, call, asked);
  return tokenAnswer(issued, services.clock());
}

async function perform(services: Services, call: Call, asked: TokenRequest): Promise<IssuedTokens> {
  if (asked.operation === 'issue') {
    return issue(services, call, asked.request);
  }
  const { client, request } = asked;
  const caller = client === undefined ? call.caller : await clientCaller(services, call.caller, client);
  return refresh(services, { ...call, caller }, request);
}
