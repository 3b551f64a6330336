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
