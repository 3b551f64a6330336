/** The half of codes.ts that is about forgotten passwords. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  completePasswordReset,
  confirmVerification,
  requestPasswordReset,
} from '../../../src/core/operations/codes.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { enableUser, endUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { make, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  cutOff,
  expectRefused,
  isActive,
  lastCode,
  login,
  makeWorld,
  messagesOf,
  PASSWORD,
  type World,
} from '../fixtures.ts';
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

async function register(loginName: string, email: string): Promise<{ by: 'user_id'; userId: string }> {
  const { subject } = await registerUser(world.services, world.app, { loginName, email, password: PASSWORD });
  return { by: 'user_id', userId: subject.subjectId };
}

describe('a reset code', () => {
  const ann = (): { by: 'login_name'; loginName: string } => ({ by: 'login_name', loginName: 'ANN' });
  const complete = (code: string, password = 'a new password') =>
    completePasswordReset(world.services, world.app, ann(), code, password);

  it('sets a password once, ends every token in one event, and unlocks', async () => {
    const { services, app, annId } = world;
    const { accessToken } = await login(world);
    expect(await requestPasswordReset(services, app, ann(), 'email')).toBe('sent');
    const code = await lastCode(world, annId);
    expect(await complete(code)).toEqual({ revision: 1 });
    expect(await isActive(world, accessToken)).toBe(false);
    await expectRefused(complete(code), 'invalid_code');
    await expectRefused(login(world), 'invalid_credentials');
    const credential = { kind: 'user', username: 'ann', password: 'a new password' } as const;
    await issue(services, app, { credential });
  });

  it('tells of unknown users nothing but that the code is wrong', async () => {
    const { services, app } = world;
    const nobody = { by: 'login_name', loginName: 'nobody' } as const;
    expect(await requestPasswordReset(services, app, nobody, 'email')).toBe('unknown');
    await expectRefused(completePasswordReset(services, app, nobody, '12345678', 'a new password'), 'invalid_code');
  });

  it('is not sent to an address that is not verified, nor to the disabled', async () => {
    const { services, app, admin, annId } = world;
    await register('zoe', 'zoe@example.com');
    const zoe = { by: 'login_name', loginName: 'zoe' } as const;
    expect(await requestPasswordReset(services, app, zoe, 'email')).toBe('no_address');
    await requestPasswordReset(services, app, ann(), 'sms');
    const code = await lastCode(world, annId);
    await endUser(services, admin, { by: 'user_id', userId: annId }, 'disabled');
    expect(await requestPasswordReset(services, app, ann(), 'email')).toBe('no_address');
    await expectRefused(complete(code), 'invalid_code');
  });

  it('is neither sent nor taken in a tenant that is disabled, whose clients call no more', async () => {
    const { services, app, tenantId, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    await make(services.store, cutOff(world, 'tenant', tenantId, 'disabled'));
    await expectRefused(requestPasswordReset(services, app, ann(), 'email'), 'caller_unauthenticated');
    await expectRefused(complete(code), 'caller_unauthenticated');
    expect(await messagesOf(world)).toHaveLength(1);
    await make(services.store, { kind: 'enable', tenantId, target: { kind: 'tenant', id: tenantId } });
    await complete(code);
  });

  it('lets in somebody whom others have locked out', async () => {
    world = await makeWorld(bed, { loginAttempts: 1 });
    const { services, app, annId } = world;
    const credential = { kind: 'user', username: 'ann', password: 'a new password' } as const;
    await expectRefused(issue(services, app, { credential }), 'invalid_credentials');
    await expectRefused(login(world), 'login_locked');
    await requestPasswordReset(services, app, ann(), 'email');
    await complete(await lastCode(world, annId));
    await issue(services, app, { credential });
  });

  it.each([
    ['email', { emailVerified: false }],
    ['sms', { phoneVerified: false }],
  ] as const)('by %s is of no use once the address is verified no longer', async (channel, update) => {
    const { services, app, admin, annId } = world;
    await requestPasswordReset(services, app, ann(), channel);
    const code = await lastCode(world, annId);
    await updateUser(services, admin, { by: 'user_id', userId: annId }, update);
    await expectRefused(complete(code), 'invalid_code');
  });

  it('is of no use once the address is another’s', async () => {
    const { services, app, admin, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    const address = { email: 'other@example.com', emailVerified: true };
    await updateUser(services, admin, { by: 'user_id', userId: annId }, address);
    await expectRefused(complete(code), 'invalid_code');
  });

  it.each(['a change of the password', 'disabling and enabling again'])('is of no use after %s', async (what) => {
    const { services, app, admin, annId } = world;
    const ref = { by: 'user_id', userId: annId } as const;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    if (what.startsWith('a change')) {
      await changeUserPassword(services, admin, ref, undefined, 'changed');
    } else {
      await endUser(services, admin, ref, 'disabled');
      await enableUser(services, admin, ref);
    }
    await expectRefused(complete(code), 'invalid_code');
  });

  it('reaches the owner of an address that strangers had codes sent to', async () => {
    for (let i = 0; i < 12; i++) {
      await register(`stranger${i}`, 'ann@example.com');
    }
    expect(await requestPasswordReset(world.services, world.app, ann(), 'email')).toBe('sent');
  });

  it('is guessed at by one network address as often as passwords are', async () => {
    const call = { ...world.app, address: '192.0.2.9' };
    const guess = (loginName: string) =>
      completePasswordReset(world.services, call, { by: 'login_name', loginName }, '00000000', 'a new password');
    for (let i = 0; i < 300; i++) {
      await expectRefused(guess(`nobody-${i}`), 'invalid_code');
    }
    await expectRefused(guess('nobody'), 'too_many_failed_logins');
  });

  it('verifies no address', async () => {
    const { services, app, admin, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    const ref = { by: 'user_id', userId: annId } as const;
    await expectRefused(confirmVerification(services, admin, ref, 'verify_email', code), 'invalid_code');
  });
});
