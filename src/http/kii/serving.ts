/** How a resource is served: its methods, the others refused, in time, and with errors in Kii's words. */
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { newDeadline, within } from '../../calls/deadline.ts';
import type { Instant } from '../../core/model.ts';
import type { Services } from '../../core/services/services.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import { HttpError } from '../failure.ts';
import { refuseOthers } from '../methods.ts';
import { type CallerKind, type ResourceRequest, resourceRequestOf } from './resource.ts';
import { inKiiWords, NOT_SERVED, resourceFailure } from './resource-errors.ts';
import type { Words } from './words.ts';

export interface Method {
  readonly by: CallerKind;
  readonly run: (request: ResourceRequest) => Promise<Answer>;
}

export interface Resource {
  readonly url: string;
  /** In the log, before the method. */
  readonly name: string;
  /** Bytes; undefined where the server's own limit holds. */
  readonly maxBody?: number;
  /** What its bodies call fields of the core, where another request calls them otherwise. */
  readonly words?: Words;
  readonly methods: Partial<Record<HTTPMethods, Method>>;
}

export function serveResource(
  scope: FastifyInstance,
  services: Services,
  { url, name, maxBody, words, methods }: Resource,
): void {
  // Fastify answers HEAD wherever there is a GET.
  const allowed = [...Object.keys(methods), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS'];
  const { PATCH: patch, POST: post } = methods;
  // Java's own HTTP client knows no PATCH, so kii-rest-client4j sends a POST that says it is one.
  const served: Resource['methods'] = patch === undefined ? methods : { ...methods, POST: post ?? patch };
  const otherwise = Object.keys(served).filter((method) => !allowed.includes(method));
  const refuse = refuseOthers(scope, url, configOf(name), allowed, otherwise);
  for (const [method, standard] of Object.entries(served) as [string, Method][]) {
    const isPosted = method === 'POST' && patch !== undefined;
    scope.route({
      method: method as HTTPMethods,
      url,
      config: configOf(`${name}.${method.toLowerCase()}`),
      ...(maxBody === undefined ? {} : { bodyLimit: maxBody }),
      ...(isPosted && post === undefined
        ? { onRequest: async ({ headers }: FastifyRequest) => (saysPatch(headers) ? undefined : refuse()) }
        : {}),
      handler: async (request, reply) => {
        const deadline = newDeadline();
        const chosen = isPosted && saysPatch(request.headers) ? patch : standard;
        return sendAnswer(reply, await within(deadline, serve(services, request, chosen, words, deadline)));
      },
    });
  }
}

function saysPatch(headers: FastifyRequest['headers']): boolean {
  return String(headers['x-http-method-override']).toUpperCase() === 'PATCH';
}

function configOf(operation: string) {
  return { operation, failure: resourceFailure };
}

async function serve(
  services: Services,
  request: FastifyRequest,
  { by, run }: Method,
  words: Words | undefined,
  deadline: Instant,
): Promise<Answer> {
  const resource = await resourceRequestOf(services, request, by, deadline);
  try {
    return await run(resource);
  } catch (error) {
    throw inKiiWords(error, resource.context, words);
  }
}

/** Refuses whatever is asked at a path. */
export function serveNothing(scope: FastifyInstance, url: string): void {
  const refuse = async () => {
    throw new HttpError('route_not_found', NOT_SERVED);
  };
  const methods = scope.supportedMethods.filter((method) => method !== 'OPTIONS');
  scope.route({ method: methods, url, config: configOf('kii.not-served'), onRequest: refuse, handler: refuse });
}
