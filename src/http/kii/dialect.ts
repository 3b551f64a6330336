import type { Dialect } from '../dialect.ts';
import { kiiFailure } from './errors.ts';
import { resourceFailure } from './resource-errors.ts';
import { registerKiiRoutes, registerThingIfRoutes } from './routes.ts';

const TOKEN_PATH = /^[^?]*\/oauth2\/token\/?(?:\?|$)/;

/** Kii Cloud itself. The token endpoint alone has another shape of failures. */
const KII: Dialect = {
  prefix: '/api/',
  register: registerKiiRoutes,
  failure: (failure, path) => (TOKEN_PATH.test(path) ? kiiFailure(failure) : resourceFailure(failure)),
};

/** Kii's Thing Interaction Framework, of which things are onboarded here. */
const THING_IF: Dialect = { prefix: '/thing-if/', register: registerThingIfRoutes, failure: resourceFailure };

/** What a server of Kii's clients speaks. */
export const KII_DIALECTS: readonly Dialect[] = [KII, THING_IF];
