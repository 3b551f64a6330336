/** Signing in, in one step or two, and signing out. */
import { PASSWORD } from '../../http/pages/bed.ts';
import { askUrl, type RealBed, signInAs } from '../bed.ts';
import type { Visit } from '../chromium.ts';
import { type Place, step } from './place.ts';

const SIGN_OUT = '/t/acme/sign-out';
const SIGN_IN_FORM = ['sign_in: fills username and password; saves password of username'];
/** A code from an app may be filled in; a recovery code is nobody's user name and no password. */
const SECOND_FACTOR_FORM = ['second_factor: fills the one-time code code'];

export const SIGN_IN: readonly Place[] = [
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

const SIGN_UP = '/t/acme/sign-up';
const FORGOTTEN = '/t/acme/forgotten-password';
const RESET_FORM = ['reset_password: offers a new password; fills the one-time code code; saves password of username'];
const SIGN_UP_FORM = ['sign_up: offers a new password; saves password of username'];

let count = 0;

/** Nobody had this name before. */
const newName = () => `visitor-${++count}`;

export const SIGN_UP_PLACES: readonly Place[] = [
  {
    name: 'sign up',
    shows: step('sign_up'),
    forms: SIGN_UP_FORM,
    go: (visit, bed) => visit.open(`${askUrl(bed)}&way=sign_up`),
  },
  {
    name: 'sign up, name taken',
    shows: step('sign_up'),
    status: 400,
    focus: 'username',
    forms: SIGN_UP_FORM,
    go: async (visit, bed) => {
      await visit.open(bed.origin + SIGN_UP);
      await visit.send({ username: 'ann', display_name: '安室 奈美恵', password: PASSWORD });
    },
  },
  {
    name: 'verify an address',
    shows: step('confirm_address'),
    focus: 'code',
    forms: ['confirm_address: fills the one-time code code'],
    go: toVerify,
  },
  {
    name: 'verify an address, wrong code',
    shows: step('confirm_address'),
    status: 400,
    focus: 'code',
    forms: ['confirm_address: fills the one-time code code'],
    go: async (visit, bed) => {
      await toVerify(visit, bed);
      await visit.send({ code: '12345678' });
    },
  },
  {
    name: 'forgotten password',
    shows: step('request_reset'),
    focus: 'username',
    go: (visit, bed) => visit.open(`${askUrl(bed)}&way=forgotten`),
  },
  {
    name: 'forgotten password, code',
    shows: step('reset_password'),
    focus: 'code',
    forms: RESET_FORM,
    go: toReset,
  },
  {
    name: 'forgotten password, wrong code',
    shows: step('reset_password'),
    status: 400,
    focus: 'code',
    forms: RESET_FORM,
    go: async (visit, bed) => {
      await toReset(visit, bed);
      await visit.send({ code: '12345678', password: PASSWORD });
    },
  },
  {
    name: 'forgotten password, code from elsewhere',
    shows: step('reset_password'),
    focus: 'code',
    forms: RESET_FORM,
    go: (visit, bed) => visit.open(`${bed.origin}${FORGOTTEN}?way=reset`),
  },
  {
    name: 'sign in, password changed',
    shows: `${step('sign_in')} ~ .field, [role=status]`,
    focus: 'username',
    forms: SIGN_IN_FORM,
    go: (visit, bed) => visit.open(`${askUrl(bed)}&way=changed`),
  },
];

async function toVerify(visit: Visit, bed: RealBed): Promise<void> {
  const username = newName();
  await visit.open(bed.origin + SIGN_UP);
  await visit.send({ username, email: `${username}@example.com`, password: PASSWORD });
}

async function toReset(visit: Visit, bed: RealBed): Promise<void> {
  await visit.open(`${askUrl(bed)}&way=forgotten`);
  await visit.send({ username: 'nobody@example.com' });
}

export const SIGN_OUT_PLACES: readonly Place[] = [
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
