/** Where people arrive who know a server's address and nothing more: they go on to My account. */
import type { FastifyInstance } from 'fastify';
import { sendAnswer } from '../answer.ts';
import type { Issuers } from '../issuers.ts';
import { refuseOthers } from '../methods.ts';
import { seeOther } from './answers.ts';
import { pageFailure } from './failures.ts';
import { ACCOUNT_PATH } from './place.ts';

export function serveHome(scope: FastifyInstance, issuers: Issuers, url: string): void {
  const config = { operation: 'pages.home', failure: pageFailure };
  scope.get(url, { config }, (request, reply) =>
    sendAnswer(reply, seeOther(issuers.at(request.params).path + ACCOUNT_PATH)),
  );
  refuseOthers(scope, url, config, ['GET', 'HEAD', 'OPTIONS']);
}
