import type { Dialect } from '../dialect.ts';
import { resourceFailure } from './resource-errors.ts';
import { registerKiiRoutes, registerThingIfRoutes } from './routes.ts';

/** Kii Cloud itself. The token endpoint alone has another shape of failures, which its routes bring. */
const KII: Dialect = { prefix: '/api/', register: registerKiiRoutes, failure: resourceFailure };

/** Kii's Thing Interaction Framework, of which things are onboarded here. */
const THING_IF: Dialect = { prefix: '/thing-if/', register: registerThingIfRoutes, failure: resourceFailure };

/** What a server of Kii's clients speaks. */
export const KII_DIALECTS: readonly Dialect[] = [KII, THING_IF];
