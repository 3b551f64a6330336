/** Pages that say why it can't be done. */
import { PASSWORD } from '../../http/pages/bed.ts';
import { askUrl } from '../bed.ts';
import type { Place } from './place.ts';

export const ERRORS: readonly Place[] = [
  {
    name: 'error, a link that can’t be used',
    shows: 'h1',
    status: 400,
    go: (visit, bed) => visit.open(askUrl(bed, { redirect_uri: 'https://evil.example/' })),
  },
  {
    name: 'error, open for too long',
    shows: 'h1',
    status: 400,
    go: async (visit, bed) => {
      await visit.open(askUrl(bed));
      bed.clock.advance(2 * 60 * 60_000);
      await visit.send({ username: 'ann', password: PASSWORD });
    },
  },
  {
    name: 'error, no such tenant',
    shows: 'h1',
    status: 404,
    go: (visit, bed) => visit.open(`${bed.origin}/t/nobody/device`),
  },
];
