/** GET /health, for load balancers and people. */
import type { FastifyInstance } from 'fastify';
import { jsonAnswer, sendAnswer } from './answer.ts';
import type { HttpContext } from './dialect.ts';
import { refuseOthers } from './methods.ts';

/** The name of the route in the log. */
export const HEALTH = 'health';

export interface ServingState {
  /** What health says. */
  isServing: boolean;
  /** Whether new requests are refused. */
  isDraining: boolean;
}

/**
 * A store that can't be written does not take the server out of service: Introspect goes on, and `writable` says so. One that can't be
 * read does, so that callers are sent to another node.
 */
export function registerHealth(instance: FastifyInstance, { services }: HttpContext, state: ServingState): void {
  instance.get('/health', { config: { operation: HEALTH, isQuiet: true } }, (_request, reply) => {
    const isServing = state.isServing && services.store.isReadable();
    const store = { writable: services.store.isWritable() };
    return sendAnswer(
      reply,
      jsonAnswer(isServing ? 200 : 503, { status: isServing ? 'SERVING' : 'NOT_SERVING', store }),
    );
  });
  refuseOthers(instance, '/health', { operation: HEALTH }, ['GET', 'HEAD', 'OPTIONS']);
}
