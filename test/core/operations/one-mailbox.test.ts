/** One mailbox is one mailbox, however its address is spelled: its codes, its owner, its logins and its guesses. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirmVerification, requestPasswordReset } from '../../../src/core/operations/codes.ts';
import { getUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { wide } from '../../typed.ts';
import { expectRefused, lastCode, makeWorld, messagesOf, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

const SPELLINGS = [
  'zoe@b\u00fccher.example.co.jp',
  'Zoe@B\u00dcCHER.Example.co.jp',
  'zoe@bu\u0308cher.example.co.jp',
  'zoe@xn--bcher-kva.example.co.jp',
  'ZOE@XN--BCHER-KVA.EXAMPLE.CO.JP',
  'zoe@b\u00fccher\u3002example.co.jp',
  'zoe@b\u00fccher\uff0eexample.co.jp',
  'zoe@b\u00fccher\uff61example.co.jp',
  'zoe@b\u00fccher.example.co.jp.',
  'zoe@b\u00fccher.example.co.jp\u3002',
  wide('zoe@xn--bcher-kva.example.co.jp'),
  'zoe@b\u00fccher.ex\u00adample.co.jp',
  ' zoe@b\u00fccher.example.co.jp\n',
] as const;

async function register(loginName: string, email: string): Promise<{ by: 'user_id'; userId: string }> {
  const { subject } = await registerUser(world.services, world.app, { loginName, email, password: PASSWORD });
  return { by: 'user_id', userId: subject.subjectId };
}

describe('one mailbox', () => {
  it('is sent ten codes an hour, by all users with any spelling', async () => {
    for (const [i, email] of SPELLINGS.entries()) {
      await register(`zoe-${i}`, email);
    }
    const messages = await messagesOf(world);
    expect(messages).toHaveLength(10);
  });

  it('is one user’s, who logs in by any spelling', async () => {
    for (const [i, spelling] of SPELLINGS.entries()) {
      const own = await makeWorld(bed);
      world = own;
      const [one, other] = [await register('zoe', SPELLINGS[0]), await register('eve', spelling)];
      const [ofOne, ofOther] = [await lastCode(own, one.userId), await lastCode(own, other.userId)];
      await confirmVerification(own.services, own.admin, other, 'verify_email', ofOther);
      await expectRefused(confirmVerification(own.services, own.admin, one, 'verify_email', ofOne), 'already_exists');
      const username = SPELLINGS[(i + 5) % SPELLINGS.length] ?? '';
      const credential = { kind: 'user', username, password: PASSWORD } as const;
      expect((await issue(own.services, own.app, { credential })).subjectId).toBe(other.userId);
      const { subject } = await getUser(own.services, own.admin, { by: 'email', email: username });
      expect(subject.subjectId).toBe(other.userId);
      expect(await requestPasswordReset(own.services, own.app, { by: 'email', email: username }, 'email')).toBe('sent');
    }
  });

  it('stays verified when it is spelled otherwise', async () => {
    const { services, admin } = world;
    const zoe = await register('zoe', SPELLINGS[0]);
    await updateUser(services, admin, zoe, { emailVerified: true });
    for (const email of SPELLINGS) {
      expect(await updateUser(services, admin, zoe, { email })).toMatchObject({ emailVerified: true });
    }
    expect(await updateUser(services, admin, zoe, { email: 'zoe@example.com' })).toMatchObject({
      pendingEmail: 'zoe@example.com',
    });
  });
});

describe('guesses', () => {
  it.each([
    ['an address that nobody has', SPELLINGS],
    ['a login name that nobody has', ['kay', 'KAY', ' kay', wide('kay'), 'LOGIN_NAME:kay', wide('LOGIN_NAME:Kay')]],
    [
      'a number that nobody has',
      ['+819099999999', '+81 (0)90 9999 9999', wide('+819099999999'), 'PHONE:JP-09099999999'],
    ],
    ['a user', ['ann', 'ann@example.com', 'ann@example\u3002com.', wide('Ann'), '+81 (0)90-1234-1234']],
  ])('at %s count together, however it is spelled', async (_, spellings) => {
    const strict = await makeWorld(bed, { loginAttempts: spellings.length });
    for (const username of spellings) {
      const credential = { kind: 'user', username, password: 'wrong' } as const;
      await expectRefused(issue(strict.services, strict.app, { credential }), 'invalid_credentials');
    }
    for (const username of spellings) {
      const credential = { kind: 'user', username, password: PASSWORD } as const;
      await expectRefused(issue(strict.services, strict.app, { credential }), 'login_locked');
    }
  });
});
