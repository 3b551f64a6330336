/** Somebody with much in her account: applications, devices and places, more than fit on one page. */
import type { Call } from '../../src/core/operations/authenticate.ts';
import { registerDevice } from '../../src/core/operations/devices.ts';
import {
  authorizeUrl,
  makeAppClient,
  PASSWORD,
  type PagesBed,
  queryOf,
  signIn,
  TENANT,
  VERIFIER,
  WEB,
} from '../http/pages/bed.ts';
import { callerOf, make, makeClient, makeUser } from '../support.ts';

export const HANAKO = 'hanako';

const APPLICATIONS = [
  ...[
    'Photo Frame',
    'Weather Station',
    'Print Shop',
    '電気ポットの見守り',
    'Haushaltsgerätefernsteuerung für Fortgeschrittene',
  ],
  ...Array.from({ length: 35 }, (_, index) => `App ${index + 6}`),
];

const DEVICES = [
  { displayName: '居間の照明', type: 'com.example.light', vendorId: 'LAMP-0001' },
  { displayName: 'Thermometer im Kinderzimmer', type: 'com.example.thermometer', vendorId: 'TH-88-1203' },
  {
    displayName: 'Washing machine',
    type: '',
    vendorId: 'a-vendor-id-that-is-as-long-as-vendor-ids-of-some-vendors-are-0000001',
  },
];

export async function makeHousehold(bed: PagesBed): Promise<void> {
  const { services, store } = bed;
  await makeUser(services, TENANT, {
    subjectId: HANAKO,
    loginName: HANAKO,
    password: PASSWORD,
    email: 'hanako@example.com',
    emailVerified: true,
    phone: '+4915112345678',
  });
  const of = { tenantId: TENANT, subjectKind: 'user', subjectId: HANAKO } as const;
  await make(store, { kind: 'update_subject', ...of, set: { displayName: 'Hanako 花子 Schmidt' } });
  await allowAll(bed);
  const caller = await callerOf(services, 'household', await makeClient(store, TENANT, 'household', ['admin']));
  const admin: Call = { caller };
  for (const { type, ...device } of DEVICES) {
    const attributes = type === '' ? {} : { attributes: JSON.stringify({ _thingType: type }) };
    await registerDevice(services, admin, { ...device, password: PASSWORD, ownerIds: [HANAKO], ...attributes });
  }
}

/** As people do: on the pages. */
async function allowAll(bed: PagesBed): Promise<void> {
  const browser = bed.newBrowser();
  await signIn(browser, `/t/${TENANT}/device`, HANAKO);
  const registration = { grants: ['authorization_code'], redirectUris: ['https://app.example/back'] } as const;
  for (const [index, displayName] of APPLICATIONS.entries()) {
    const client_id = `household-${index}`;
    await makeAppClient(bed, client_id, registration, { displayName });
    bed.clock.advance(10 * 60_000);
    const scope = index % 2 === 0 ? 'read' : 'read write profile.read';
    await browser.submit(await browser.get(authorizeUrl({ client_id, scope })), { decision: 'allow' });
  }
}

const TABLET =
  'Mozilla/5.0 (iPad; CPU OS 26_1 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 Mobile/15E148 Safari/604.1';

/** She is signed in with another browser and an app, too. */
export async function signInElsewhere(bed: PagesBed): Promise<void> {
  const browser = bed.newBrowser();
  browser.headers = { 'user-agent': TABLET };
  await signIn(browser, `/t/${TENANT}/device`, HANAKO);
  const asked = await browser.get(authorizeUrl({ client_id: 'spa', redirect_uri: WEB }));
  const { location } = asked.location === undefined ? await browser.submit(asked, { decision: 'allow' }) : asked;
  const code = queryOf(location).code ?? '';
  const fields = { grant_type: 'authorization_code', code, client_id: 'spa', redirect_uri: WEB };
  const { status } = await browser.post(`/t/${TENANT}/oauth2/token`, { ...fields, code_verifier: VERIFIER });
  if (status !== 200) {
    throw new Error(`the app got no token: ${status}`);
  }
}
