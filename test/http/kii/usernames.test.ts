import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wide } from '../../typed.ts';
import { type HttpBed, openHttpBed, PASSWORD, postToken, WRONG_LOGIN } from '../support.ts';

let bed: HttpBed;

beforeAll(async () => {
  bed = await openHttpBed();
});
afterAll(() => bed.close());

const NAMES_OF_ALICE = [
  ['her login name', 'Alice.A-1_x'],
  ['her login name in another case', 'aLICE.a-1_X'],
  ['her login name with its prefix', 'LOGIN_NAME:Alice.A-1_x'],
  ['her bare e-mail', 'alice@example.com'],
  ['her e-mail in another case', 'Alice@Example.COM'],
  ['her e-mail with its prefix', 'EMAIL:alice@example.com'],
  ['her bare international phone', '+819012345678'],
  ['her login name with spaces around it', ' Alice.A-1_x '],
  ['her login name in wide letters', wide('Alice.A-1_x')],
  ['her e-mail with ideographic dots', 'alice@example\u3002com'],
  ['her e-mail in wide letters with a space', `${wide('Alice@Example.com')} `],
  ['her phone in wide digits', wide('+81-90-1234-5678')],
  ['her phone with its prefix', 'PHONE:+819012345678'],
  ['her local phone with its country', 'PHONE:JP-9012345678'],
  ['her local phone with its trunk zero', 'PHONE:JP-090-1234-5678'],
] as const;

describe('a user whose addresses are verified logs in by', () => {
  it.each(NAMES_OF_ALICE)('%s', async (_what, username) => {
    const answer = await postToken(bed, { username, password: PASSWORD });
    expect([answer.status, answer.json.id]).toEqual([200, 'user-1']);
  });
});

const UNVERIFIED_NAMES_OF_BOB = [
  'bob@example.com',
  'EMAIL:bob@example.com',
  '+819087654321',
  'PHONE:+819087654321',
  'PHONE:JP-9087654321',
] as const;

describe('a user whose address is not verified', () => {
  it.each(UNVERIFIED_NAMES_OF_BOB)('is not known by %s', async (username) => {
    const answer = await postToken(bed, { username, password: PASSWORD });
    expect([answer.status, answer.json]).toEqual([400, WRONG_LOGIN]);
  });

  it('still logs in by the login name', async () => {
    expect((await postToken(bed, { username: 'bob', password: PASSWORD })).json.id).toBe('user-2');
  });
});

const NOBODY = [
  'nobody',
  'EMAIL:',
  'EMAIL:bob',
  'PHONE:',
  'PHONE:9012345678',
  'PHONE:XX-9012345678',
  'PHONE:JP-',
  '+1',
  '+',
  '@',
  'LOGIN_NAME:alice@example.com',
  'email:alice@example.com',
  'a b',
  'bo\u200bb',
  'böb',
  '%62ob',
] as const;

describe('what is nobody’s name', () => {
  it.each(NOBODY)('%j is answered as a wrong password is, and costs as much', async (username) => {
    const before = bed.services.passwords.verifications;
    const answer = await postToken(bed, { username, password: PASSWORD });
    expect([answer.status, answer.json]).toEqual([400, WRONG_LOGIN]);
    expect(bed.services.passwords.verifications - before).toBe(1);
  });
});
