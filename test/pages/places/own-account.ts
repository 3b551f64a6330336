/** The pages of My account that ask for a proof. Who is there is new each time: what is done to one account is of no other visit. */
import { totpCode } from '../../../src/core/totp.ts';
import { PASSWORD, TENANT } from '../../http/pages/bed.ts';
import { withFactor } from '../../http/pages/own-account-bed.ts';
import { makeUser } from '../../support.ts';
import { type RealBed, signInAs } from '../bed.ts';
import type { Visit } from '../chromium.ts';
import { type Place, step } from './place.ts';

const ACCOUNT = '/t/acme/account';

let people = 0;

/** Of an account that has an address. Answers its id. */
async function openAs(
  visit: Visit,
  bed: RealBed,
  path: string,
  before?: (id: string) => Promise<unknown>,
): Promise<string> {
  people += 1;
  const id = `maria-${people}`;
  const email = `${id}@example.com`;
  await makeUser(bed.services, TENANT, {
    subjectId: id,
    loginName: id,
    email,
    emailVerified: true,
    password: PASSWORD,
  });
  await signInAs(bed, visit, id);
  await before?.(id);
  await visit.open(bed.origin + ACCOUNT + path);
  return id;
}

const proves = (name: string) => `${name}: fills username and password; saves password of username`;
const CHANGES =
  'change_password: fills username and password; offers a new new_password; saves new_password of username';

const password: readonly Place[] = [
  {
    name: 'password',
    shows: step('change_password'),
    forms: [CHANGES],
    go: async (visit, bed) => {
      await openAs(visit, bed, '/password');
    },
  },
  {
    name: 'password, wrong',
    shows: step('change_password'),
    status: 400,
    focus: 'password',
    forms: [CHANGES],
    go: async (visit, bed) => {
      await openAs(visit, bed, '/password');
      await visit.send({ password: 'wrong', new_password: 'another and better one' });
    },
  },
  {
    name: 'password, with a second factor',
    shows: 'input[name=code]',
    forms: [
      'change_password: fills username and password; offers a new new_password; fills the one-time code code; saves new_password of username',
    ],
    go: async (visit, bed) => {
      await openAs(visit, bed, '/password', (id) => withFactor(bed, { id }));
    },
  },
];

const FACTOR = '/second-factor';

const factor: readonly Place[] = [
  {
    name: 'second factor, off',
    shows: step('enroll_factor'),
    forms: [proves('enroll_factor')],
    go: async (visit, bed) => {
      await openAs(visit, bed, FACTOR);
    },
  },
  {
    name: 'second factor, set up',
    shows: 'svg.qr',
    focus: 'code',
    forms: ['confirm_factor: fills the one-time code code'],
    go: async (visit, bed) => {
      await openAs(visit, bed, FACTOR);
      await visit.send({ password: PASSWORD });
    },
  },
  {
    name: 'second factor, set up, wrong code',
    shows: 'svg.qr',
    status: 400,
    focus: 'code',
    forms: ['confirm_factor: fills the one-time code code'],
    go: async (visit, bed) => {
      await openAs(visit, bed, FACTOR);
      await visit.send({ password: PASSWORD });
      await visit.send({ code: '12345' });
    },
  },
  {
    name: 'second factor, recovery codes',
    shows: '.recovery-codes',
    go: async (visit, bed) => {
      await openAs(visit, bed, FACTOR);
      await visit.send({ password: PASSWORD });
      const secret = (await visit.page.locator('code.code').textContent()) ?? '';
      await visit.send({ code: totpCode(secret.replaceAll(' ', ''), bed.clock.now) });
    },
  },
  {
    name: 'second factor, on',
    shows: step('remove_factor'),
    forms: ['remove_factor: fills the one-time code code'],
    go: async (visit, bed) => {
      await openAs(visit, bed, FACTOR, (id) => withFactor(bed, { id }));
    },
  },
];

const ADDRESSES = '/addresses';

const addresses: readonly Place[] = [
  {
    name: 'addresses',
    shows: 'a[href$="?change=email"]',
    go: async (visit, bed) => {
      await openAs(visit, bed, ADDRESSES);
    },
  },
  {
    name: 'addresses, change',
    shows: step('save_name'),
    forms: [proves('save_name')],
    go: async (visit, bed) => {
      await openAs(visit, bed, `${ADDRESSES}?change=email`);
    },
  },
  {
    name: 'addresses, code',
    shows: step('verify_address'),
    focus: 'code',
    forms: ['verify_address: fills the one-time code code'],
    go: async (visit, bed) => {
      const id = await openAs(visit, bed, `${ADDRESSES}?change=email`);
      await visit.send({ value: `new.${id}@example.com`, password: PASSWORD });
    },
  },
  {
    name: 'addresses, one waits',
    shows: 'a[href$="?verify=email"]',
    go: async (visit, bed) => {
      const id = await openAs(visit, bed, `${ADDRESSES}?change=email`);
      await visit.send({ value: `${'long.'.repeat(11)}${id.slice(-4)}@example.com`, password: PASSWORD });
      await visit.open(bed.origin + ACCOUNT + ADDRESSES);
    },
  },
];

const deletion: readonly Place[] = [
  {
    name: 'delete my account',
    shows: step('delete_account'),
    forms: [proves('delete_account')],
    go: async (visit, bed) => {
      await openAs(visit, bed, '/delete');
    },
  },
  {
    name: 'delete my account, done',
    shows: 'main:not(:has(form)) h1',
    go: async (visit, bed) => {
      await openAs(visit, bed, '/delete');
      await visit.send({ password: PASSWORD });
    },
  },
];

export const OWN_ACCOUNT_PLACES: readonly Place[] = [...password, ...factor, ...addresses, ...deletion];
