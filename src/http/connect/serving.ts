/** How the methods are served: what is refused before a body is read, the message to a call and back, and nothing else at other paths. */
import { fastifyCors } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type CallContext, carryOut } from '../../calls/run.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { Call } from '../../core/operations/authenticate.ts';
import { Malformed } from '../../grpc/messages/decode.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import { HttpError } from '../failure.ts';
import { refuseOthers } from '../methods.ts';
import { successAnswer } from './answers.ts';
import { HttpCall } from './call.ts';
import { readMessage } from './frames.ts';
import { CORS } from './headers.ts';
import type { JsonForms } from './json.ts';
import { SERVED, type ServedMethod } from './served.ts';
import { CONTENT_TYPES, DEFAULT, spokenOf } from './spoken.ts';

/** As over gRPC: attributes of 64 KiB as a google.protobuf.Struct. */
const MAX_BODY = 192 * 1_024;

export async function registerConnectRoutes(scope: FastifyInstance, context: CallContext): Promise<void> {
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await scope.register(fastifyCors, CORS);
  for (const method of SERVED) {
    serveMethod(scope, context, method);
  }
  serveNothingElse(scope);
}

function serveMethod(scope: FastifyInstance, context: CallContext, method: ServedMethod): void {
  const url = method.path.slice(scope.prefix.length - 1);
  const config = { operation: method.name, isQuiet: method.logLevel === 'debug' };
  scope.post(url, { config, bodyLimit: MAX_BODY, onRequest: requireReadable }, async (request, reply) =>
    sendAnswer(reply, await answer(context, method, request)),
  );
  refuseOthers(scope, url, config, ['POST', 'OPTIONS']);
}

/** Before the body is read, which would be of no use. */
async function requireReadable({ headers }: FastifyRequest): Promise<void> {
  const spoken = spokenOf(headers['content-type']);
  if (spoken === undefined) {
    throw new HttpError('unsupported_media_type', `The Content-Type must be one of ${CONTENT_TYPES.join(', ')}`, {
      'Accept-Post': CONTENT_TYPES.join(', '),
    });
  }
  // What is small here could be large there, and no browser compresses what it sends.
  const isEncoded = ['content-encoding', 'grpc-encoding'].some((name) => (headers[name] ?? 'identity') !== 'identity');
  if (isEncoded) {
    throw new HttpError('unsupported_media_type', 'Compressed messages are not read here. Send identity', {
      'Accept-Encoding': 'identity',
      'Grpc-Accept-Encoding': 'identity',
    });
  }
}

async function answer(context: CallContext, method: ServedMethod, request: FastifyRequest): Promise<Answer> {
  const spoken = spokenOf(request.headers['content-type']) ?? DEFAULT;
  const json = spoken.format === 'json' ? (await loadJsonForms())(method.path) : undefined;
  const call = new HttpCall(request, spoken, (body) => {
    const message = spoken.protocol === 'connect' ? body : readMessage(body, spoken.isText);
    const decoded = method.decode(json?.request.toBytes(message) ?? message);
    if (decoded instanceof Malformed) {
      throw new SymbolonError('invalid_argument', decoded.message);
    }
    return decoded;
  });
  const run: ServedMethod['run'] = (services, received, message) =>
    method.run(services, withoutRoles(received), message);
  const bytes = method.encode(await carryOut(context, { ...method, run }, call));
  return successAnswer(spoken, json === undefined ? bytes : Buffer.from(json.response.toText(bytes)));
}

/** A client's roles are for servers (decision 0106): whatever is served here, nobody does it to others. */
function withoutRoles(call: Call): Call {
  const { caller } = call;
  const standings = caller.standings.filter((standing) => standing === 'public' || standing === 'client');
  return { ...call, caller: { ...caller, standings } };
}

let loading: Promise<JsonForms> | undefined;

function loadJsonForms(): Promise<JsonForms> {
  loading ??= import('./json.ts').then(({ jsonFormsOf }) => jsonFormsOf);
  return loading;
}

/** The same for methods of the contract that are not served here and for those that nobody has. */
function serveNothingElse(scope: FastifyInstance): void {
  const refuse = async () => {
    throw new HttpError('route_not_found', 'This method is not served here. Call it over gRPC');
  };
  const methods = scope.supportedMethods.filter((method) => method !== 'OPTIONS');
  scope.route({ method: methods, url: '*', config: { operation: 'connect' }, onRequest: refuse, handler: refuse });
}
