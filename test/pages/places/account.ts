import { signInAs } from '../bed.ts';
import type { Place } from './place.ts';

const ACCOUNT = '/t/acme/account';
export const ACCOUNT_PLACES: readonly Place[] = [
  {
    name: 'my account',
    shows: 'main ul.cards',
    go: async (visit, bed) => {
      await signInAs(bed, visit);
      await visit.open(`${bed.origin}${ACCOUNT}`);
    },
  },
];
