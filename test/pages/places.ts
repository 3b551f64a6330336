/** Every page, and how one gets there. */
import { PASSWORD } from '../http/pages/bed.ts';
import { askUrl, beginDevice, type RealBed, signInAs } from './bed.ts';
import type { Visit } from './chromium.ts';

export interface Place {
  readonly name: string;
  /** What is on this page and on no other. */
  readonly shows: string;
  /** What the page itself came with; absent: 200. */
  readonly status?: number;
  /** The field that has the focus; absent: that is not said. */
  readonly focus?: string;
  /** What a password manager would do with its forms, as password-manager.ts says it; absent: nothing. */
  readonly forms?: readonly string[];
  readonly go: (visit: Visit, bed: RealBed) => Promise<void>;
}

const step = (name: string) => `input[name=step][value=${name}]`;
const DEVICE = '/t/acme/device';
const ACCOUNT = '/t/acme/account';
const SIGN_OUT = '/t/acme/sign-out';

const SIGN_IN_FORM = ['sign_in: fills username and password; saves password of username'];
/** A code from an app may be filled in; a recovery code is nobody's user name and no password. */
const SECOND_FACTOR_FORM = ['second_factor: fills the one-time code code'];

const signIn: readonly Place[] = [
  {
    name: 'sign in',
    shows: step('sign_in'),
    focus: 'username',
    forms: SIGN_IN_FORM,
    go: (visit, bed) => visit.open(askUrl(bed)),
  },
  {
    name: 'sign in, wrong password',
    shows: `${step('sign_in')} ~ [role=alert], [role=alert]`,
    status: 400,
    focus: 'password',
    forms: SIGN_IN_FORM,
    go: async (visit, bed) => {
      await visit.open(askUrl(bed));
      await visit.send({ username: 'ann', password: 'wrong' });
    },
  },
  {
    name: 'second factor',
    shows: step('second_factor'),
    focus: 'code',
    forms: SECOND_FACTOR_FORM,
    go: toSecondFactor,
  },
  {
    name: 'second factor, wrong code',
    shows: step('second_factor'),
    status: 400,
    focus: 'code',
    forms: SECOND_FACTOR_FORM,
    go: async (visit, bed) => {
      await toSecondFactor(visit, bed);
      await visit.send({ code: '12345' });
    },
  },
];

async function toSecondFactor(visit: Visit, bed: RealBed): Promise<void> {
  await visit.open(askUrl(bed));
  await visit.send({ username: bed.factor.username, password: PASSWORD });
}

const consent: readonly Place[] = [
  {
    name: 'consent',
    shows: step('consent'),
    go: async (visit, bed) => {
      await signInAs(bed, visit);
      await visit.open(askUrl(bed, { scope: 'read write profile.read' }));
    },
  },
];

const device: readonly Place[] = [
  {
    name: 'device',
    shows: step('enter_code'),
    focus: 'user_code',
    go: toDevice,
  },
  {
    name: 'device, wrong code',
    shows: step('enter_code'),
    status: 400,
    focus: 'user_code',
    go: async (visit, bed) => {
      await toDevice(visit, bed);
      await visit.send({ user_code: 'BBBB-BBBB' });
    },
  },
  {
    name: 'device, confirm',
    shows: step('decide'),
    go: async (visit, bed) => {
      await toDevice(visit, bed);
      await visit.send({ user_code: (await beginDevice(bed)).userCode });
    },
  },
  {
    name: 'device, connected',
    shows: 'h1',
    go: (visit, bed) => visit.open(`${bed.origin}${DEVICE}?done=allowed`),
  },
  {
    name: 'device, denied',
    shows: 'h1',
    go: (visit, bed) => visit.open(`${bed.origin}${DEVICE}?done=denied`),
  },
];

async function toDevice(visit: Visit, bed: RealBed): Promise<void> {
  await signInAs(bed, visit);
  await visit.open(bed.origin + DEVICE);
}

const signOut: readonly Place[] = [
  {
    name: 'sign out',
    shows: step('sign_out'),
    go: async (visit, bed) => {
      await signInAs(bed, visit);
      await visit.open(bed.origin + SIGN_OUT);
    },
  },
  {
    name: 'signed out',
    shows: 'h1',
    go: (visit, bed) => visit.open(bed.origin + SIGN_OUT),
  },
];

const errors: readonly Place[] = [
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

const account: readonly Place[] = [
  {
    name: 'my account',
    shows: 'nav a[aria-current=page][href="/t/acme/account"]',
    go: async (visit, bed) => {
      await signInAs(bed, visit);
      await visit.open(`${bed.origin}${ACCOUNT}`);
    },
  },
];

export const PLACES: readonly Place[] = [...signIn, ...consent, ...device, ...signOut, ...account, ...errors];
