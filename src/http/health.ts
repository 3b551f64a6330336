/** GET /health, for load balancers and people. */
import type { FastifyInstance } from 'fastify';
import { jsonAnswer, sendAnswer } from './answer.ts';
import type { HttpContext } from './dialect.ts';

/** The name of the route in the log. */
export const HEALTH = 'health';

export interface ServingState {
  /** What health says. */
  isServing: boolean;
  /** Whether new requests are refused. */
  isDraining: boolean;
}

/** A store that can't be written does not take the server out of service: Introspect goes on, and `writable` says so. */
export function registerHealth(instance: FastifyInstance, { services }: HttpContext, state: ServingState): void {
  instance.get('/health', { config: { operation: HEALTH, isQuiet: true } }, (_request, reply) => {
    const status = state.isServing ? 'SERVING' : 'NOT_SERVING';
    const store = { writable: services.store.isWritable() };
    return sendAnswer(reply, jsonAnswer(state.isServing ? 200 : 503, { status, store }));
  });
}
