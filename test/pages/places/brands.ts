import { askUrl, signInAs } from '../bed.ts';
import type { Visit } from '../chromium.ts';
import { LOGO, MANY } from '../looks.ts';
import { type Place, step } from './place.ts';

const brand = (name: string, client_id: string): Place => ({
  name: `consent, ${name}`,
  shows: step('consent'),
  go: async (visit, bed) => {
    await serveLogo(visit);
    await signInAs(bed, visit);
    await visit.open(askUrl(bed, { client_id, scope: MANY.join(' ') }));
  },
});

export const BRAND_PLACES: readonly Place[] = [
  brand('a pale colour', 'pale'),
  brand('a deep colour', 'deep'),
  brand('a logo', 'logo'),
  brand('a long name', 'long'),
  brand('a name in Japanese', 'kanji'),
  {
    name: 'consent, nothing but who you are',
    shows: step('consent'),
    go: async (visit, bed) => {
      await signInAs(bed, visit);
      await visit.open(askUrl(bed, { client_id: 'pale', scope: '' }));
    },
  },
];

async function serveLogo(visit: Visit): Promise<void> {
  const circle =
    '<circle cx="32" cy="32" r="30" fill="#c2185b"/><path d="M16 40h32M22 28h20" stroke="#fff" stroke-width="6"/>';
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${circle}</svg>`;
  await visit.context.route(LOGO, (route) => route.fulfill({ contentType: 'image/svg+xml', body }));
}
