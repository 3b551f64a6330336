import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpBed, invalidGrant, openHttpBed, PASSWORD, postToken, WRONG_LOGIN } from '../support.ts';

let bed: HttpBed;

beforeEach(async () => {
  bed = await openHttpBed({ policy: { loginAttempts: 2, loginLockPeriodMs: 3_000 } });
});
afterEach(() => bed.close());

async function login(username: string, password: string): Promise<unknown> {
  const { status, json } = await postToken(bed, { username, password });
  return status === 200 ? 200 : [status, json];
}

const LOCKED = [400, invalidGrant('The login name is locked')];
const WRONG = [400, WRONG_LOGIN];

describe('two wrong passwords', () => {
  it.each(['VENDOR_THING_ID:Sensor-1', 'bob'])(
    'lock %s for its three seconds, as the live service did',
    async (name) => {
      expect(await login(name, 'wrong')).toEqual(WRONG);
      expect(await login(name, 'wrong')).toEqual(WRONG);
      const before = bed.services.passwords.verifications;
      expect(await login(name, PASSWORD)).toEqual(LOCKED);
      expect(await login(name, 'wrong')).toEqual(LOCKED);
      expect(bed.services.passwords.verifications).toBe(before);
      bed.clock.advance(2_999);
      expect(await login(name, PASSWORD)).toEqual(LOCKED);
      bed.clock.advance(1_001);
      expect(await login(name, PASSWORD)).toBe(200);
    },
  );

  it('lock every name of the user, so that no alias gives more attempts', async () => {
    await login('alice@example.com', 'wrong');
    await login('PHONE:JP-9012345678', 'wrong');
    expect(await login('ALICE.a-1_x', PASSWORD)).toEqual(LOCKED);
  });

  it('lock a name that nobody has in the same way, so that it does not tell who exists', async () => {
    await login('nobody', 'wrong');
    await login('nobody', 'wrong');
    expect(await login('nobody', 'wrong')).toEqual(LOCKED);
  });

  it('lock nobody else', async () => {
    await login('bob', 'wrong');
    await login('bob', 'wrong');
    expect(await login('Alice.A-1_x', PASSWORD)).toBe(200);
  });
});

describe('a right password', () => {
  it('makes the count begin anew', async () => {
    for (let i = 0; i < 3; i++) {
      expect(await login('bob', 'wrong')).toEqual(WRONG);
      expect(await login('bob', PASSWORD)).toBe(200);
    }
  });
});
