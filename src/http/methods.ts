/** Methods that no handler is for: what is allowed at a path, and refusals (RFC 9110 sections 9.1, 9.3.7 and 15.5.6). */
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { plainBody, rawAnswer } from './answer.ts';
import { HttpError } from './failure.ts';

const SERVED_METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ALL_METHODS = SERVED_METHODS.join(', ');

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What Allow says of the path: methods, by commas. */
    allow?: string;
  }
}

/**
 * Node reads methods that Fastify has no routes for (PROPFIND). They are routed as one that is refused wherever there is something, and
 * that nobody serves.
 */
export function withKnownMethods(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (!SERVED_METHODS.includes(request.method ?? '')) {
      request.method = 'TRACE';
    }
    listener(request, response);
  };
}

/** Node takes the connection for a tunnel, and would close it without a word. */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_request, socket: Socket) => {
    const body = plainBody('method_not_allowed', 'This server is not a proxy');
    socket.end(rawAnswer(405, body, [`Allow: ${ALL_METHODS}`]));
  });
}

/** OPTIONS is answered everywhere: it changes nothing, and browsers, proxies and monitors ask. */
export function answerOptions(instance: FastifyInstance): void {
  instance.addHook('onRequest', async (request, reply) => {
    if (request.method === 'OPTIONS') {
      reply.header('Allow', request.routeOptions.config?.allow ?? ALL_METHODS);
    }
  });
  instance.options('*', (_request, reply) => reply.code(204).send());
}

/**
 * Says at a path what is allowed there. What else was asked is refused before the body is read: it is of no use. Methods in `otherwise`
 * have a route that refuses them where it must, by what is returned.
 */
export function refuseOthers(
  instance: FastifyInstance,
  url: string,
  config: FastifyContextConfig,
  allowed: readonly string[],
  otherwise: readonly string[] = [],
): () => Promise<never> {
  const allow = allowed.join(', ');
  const refuse = async () => {
    const message = allowed.length === 2 ? `Only ${allowed[0]} is allowed here` : `The method must be one of ${allow}`;
    throw new HttpError('method_not_allowed', message, { Allow: allow });
  };
  const others = instance.supportedMethods.filter((method) => ![...allowed, ...otherwise].includes(method));
  instance.options(url, { config: { allow } }, (_request, reply) => reply.code(204).send());
  instance.route({ method: others, url, config, onRequest: refuse, handler: refuse });
  return refuse;
}
