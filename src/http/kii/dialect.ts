import type { Dialect } from '../dialect.ts';
import { kiiFailure } from './errors.ts';
import { resourceFailure } from './resource-errors.ts';
import { registerKiiRoutes, registerThingIfRoutes } from './routes.ts';

/** Kii Cloud itself. A path that is none is answered as the token endpoint would. */
const KII: Dialect = { prefix: '/api/', register: registerKiiRoutes, failure: kiiFailure };

/** Kii's Thing Interaction Framework, of which things are onboarded here. */
const THING_IF: Dialect = { prefix: '/thing-if/', register: registerThingIfRoutes, failure: resourceFailure };

/** What a server of Kii's clients speaks. */
export const KII_DIALECTS: readonly Dialect[] = [KII, THING_IF];
