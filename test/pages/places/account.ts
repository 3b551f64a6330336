/** My account. */
import { PASSWORD } from '../../http/pages/bed.ts';
import { type RealBed, signInAs } from '../bed.ts';
import type { Visit } from '../chromium.ts';
import { HANAKO, signInElsewhere } from '../household.ts';
import { type Place, step } from './place.ts';

const ACCOUNT = '/t/acme/account';

/** A section as somebody with nothing in it sees it, and as somebody with much does. */
async function open(visit: Visit, bed: RealBed, section: string, username = HANAKO): Promise<void> {
  await signInAs(bed, visit, username);
  await visit.open(bed.origin + ACCOUNT + section);
}

const section = (name: string, path: string, username: string, shows: string): Place => ({
  name: `my account, ${name}`,
  shows: `.sections a[aria-current=page][href="${ACCOUNT}${path}"]`,
  go: async (visit, bed) => {
    await open(visit, bed, path, username);
    await visit.page.locator(shows).first().waitFor({ state: 'attached' });
  },
});

export const ACCOUNT_PLACES: readonly Place[] = [
  {
    name: 'my account',
    shows: 'main ul.cards',
    go: (visit, bed) => open(visit, bed, ''),
  },
  {
    name: 'my account, of somebody new',
    shows: 'main ul.cards',
    go: (visit, bed) => open(visit, bed, '', 'bob'),
  },
  section('applications', '/applications', HANAKO, 'main a[href*="withdraw="]'),
  section('no applications', '/applications', 'bob', 'main .empty'),
  {
    name: 'my account, withdraw an application',
    shows: step('withdraw'),
    go: async (visit, bed) => {
      await open(visit, bed, '/applications');
      await visit.press('main a[href*="withdraw="]');
    },
  },
  section('devices', '/devices', HANAKO, 'main a[href*="generate="]'),
  section('no devices', '/devices', 'bob', 'main .empty'),
  {
    name: 'my account, generate the token of a device',
    shows: step('generate'),
    forms: ['generate: fills username and password; saves password of username'],
    go: async (visit, bed) => {
      await open(visit, bed, '/devices');
      await visit.press('main a[href*="generate="]');
    },
  },
  {
    name: 'my account, the token of a device',
    shows: 'main textarea[readonly], main [readonly]',
    go: async (visit, bed) => {
      await open(visit, bed, '/devices');
      await visit.press('main a[href*="generate="]');
      await visit.page.fill('[name=password]', PASSWORD);
      await visit.press(`main form:has(${step('generate')}) button[type=submit]`);
    },
  },
  {
    name: 'my account, places',
    shows: `${step('sign_out_there')}, ${step('sign_out_others')}`,
    go: async (visit, bed) => {
      await signInElsewhere(bed);
      await open(visit, bed, '/places');
    },
  },
];
