import type { Dialect } from '../dialect.ts';
import { kiiFailure } from './errors.ts';
import { registerKiiRoutes } from './routes.ts';

export const KII: Dialect = { prefix: '/api/', register: registerKiiRoutes, failure: kiiFailure };
