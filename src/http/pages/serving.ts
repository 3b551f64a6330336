/** How a page is served: its methods, the tenant whose page it is, in time, and with failures as pages. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newDeadline, within } from '../../calls/deadline.ts';
import type { Instant } from '../../core/model.ts';
import type { Services } from '../../core/services/services.ts';
import { type Answer, sendAnswer } from '../answer.ts';
import type { HttpContext } from '../dialect.ts';
import { HttpError } from '../failure.ts';
import type { Issuers } from '../issuers.ts';
import { refuseOthers } from '../methods.ts';
import { pageFailure } from './failures.ts';
import { languageCookie } from './frame.ts';
import { type PageRequest, pageRequestOf } from './page-request.ts';

export type Handler = (request: PageRequest) => Promise<Answer>;

export interface Page {
  /** As routes write it: `/t/:tenant/device`. */
  readonly url: string;
  /** In the log, before the method. */
  readonly name: string;
  readonly get: Handler;
  readonly post: Handler;
}

export function servePage(scope: FastifyInstance, context: HttpContext, issuers: Issuers, page: Page): void {
  const { url, name } = page;
  const serve = (handler: Handler, method: string) => ({
    config: { operation: `${name}.${method}`, failure: pageFailure },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const deadline = newDeadline();
      return sendAnswer(
        reply,
        await within(deadline, run({ services: context.services, issuers, request, reply, deadline }, handler)),
      );
    },
  });
  scope.route({ method: 'GET', url, ...serve(page.get, 'get') });
  scope.route({ method: 'POST', url, onRequest: requireForm, ...serve(page.post, 'post') });
  refuseOthers(scope, url, { operation: name, failure: pageFailure }, ['GET', 'HEAD', 'POST', 'OPTIONS']);
}

interface Served {
  readonly services: Services;
  readonly issuers: Issuers;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deadline: Instant;
}

async function run({ services, issuers, request, reply, deadline }: Served, handler: Handler): Promise<Answer> {
  const page = await pageRequestOf(services, issuers, request, deadline);
  const cookie = languageCookie(request, page.site.isSecure);
  if (cookie !== undefined) {
    // Beside those of the answer: Fastify sends each that is set.
    reply.header('Set-Cookie', cookie);
  }
  return handler(page);
}

/** Before the body is read, which would be of no use. */
async function requireForm({ headers }: FastifyRequest): Promise<void> {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new HttpError('unsupported_media_type', 'Send application/x-www-form-urlencoded, as a form does');
  }
}
