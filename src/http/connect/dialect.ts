/** Connect and gRPC-Web as a dialect of the HTTP server. */
import type { Dialect } from '../dialect.ts';
import { failureAnswer } from './answers.ts';
import { registerConnectRoutes } from './serving.ts';
import { DEFAULT, spokenOf } from './spoken.ts';

/** What browsers call the contract by. */
export const CONNECT_DIALECTS: readonly Dialect[] = [
  {
    prefix: '/symbolon.v1.',
    register: registerConnectRoutes,
    failure: (failure, _path, { id, headers }) =>
      failureAnswer(spokenOf(headers['content-type']) ?? DEFAULT, failure, id),
  },
];
