import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  completePasswordReset,
  confirmVerification,
  makeCode,
  requestPasswordReset,
  startVerification,
} from '../../../src/core/operations/directory/codes.ts';
import { changeUserPassword } from '../../../src/core/operations/directory/passwords.ts';
import {
  enableUser,
  endUser,
  getUser,
  registerUser,
  updateUser,
} from '../../../src/core/operations/directory/users.ts';
import { make, openTestBed, type TestBed } from '../../support.ts';
import {
  cutOff,
  expectRefused,
  isActive,
  lastCode,
  login,
  makeWorld,
  PASSWORD,
  type World,
  wrongCode,
} from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

async function register(loginName: string, email: string): Promise<{ by: 'user_id'; userId: string }> {
  const { subject } = await registerUser(world.services, world.app, { loginName, email, password: PASSWORD });
  return { by: 'user_id', userId: subject.subjectId };
}

const isVerified = async (ref: { by: 'user_id'; userId: string }) =>
  (await getUser(world.services, world.admin, ref)).subject.emailVerified;

function confirm(ref: { by: 'user_id'; userId: string }, code: string): Promise<void> {
  return confirmVerification(world.services, world.admin, ref, 'verify_email', code);
}

async function pendingOf(userId: string) {
  const messages = await world.services.store.listMessages(world.tenantId, { limit: 1_000 });
  return messages.filter(({ subjectId, state }) => subjectId === userId && state === 'pending');
}

describe('a verification code', () => {
  it('is sent at registration, verifies the address, and is of no use again', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const code = await lastCode(world, zoe.userId);
    expect(code).toMatch(/^[0-9]{8}$/);
    await confirm(zoe, `${code.slice(0, 4)} ${code.slice(4)}`);
    expect(await isVerified(zoe)).toBe(true);
    await expectRefused(confirm(zoe, code), 'invalid_code');
    const credential = { kind: 'user', username: 'zoe@example.com', password: PASSWORD } as const;
    await issue(world.services, world.app, { credential });
  });

  it('bears four wrong guesses, and not a fifth', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const code = await lastCode(world, zoe.userId);
    for (let i = 0; i < 4; i++) {
      await expectRefused(confirm(zoe, wrongCode(code)), 'invalid_code');
    }
    const kay = await register('kay', 'kay@example.com');
    const kays = await lastCode(world, kay.userId);
    for (let i = 0; i < 5; i++) {
      await expectRefused(confirm(kay, wrongCode(kays)), 'invalid_code');
    }
    await expectRefused(confirm(kay, kays), 'invalid_code');
    await confirm(zoe, code);
  });

  it('dies of many guesses at once as it does of five in turn', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const code = await lastCode(world, zoe.userId);
    await Promise.allSettled(Array.from({ length: 20 }, () => confirm(zoe, wrongCode(code))));
    await expectRefused(confirm(zoe, code), 'invalid_code');
  });

  it('expires', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const code = await lastCode(world, zoe.userId);
    world.clock.advance(3_600_000);
    await expectRefused(confirm(zoe, wrongCode(code)), 'invalid_code');
    await expectRefused(confirm(zoe, code), 'code_expired');
  });

  it('is of no use once another was sent, or the address is another', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const first = await lastCode(world, zoe.userId);
    world.clock.advance(1);
    await startVerification(world.services, world.admin, zoe, 'verify_email');
    await expectRefused(confirm(zoe, first), 'invalid_code');
    const second = await lastCode(world, zoe.userId);
    await updateUser(world.services, world.admin, zoe, { email: null });
    await expectRefused(confirm(zoe, second), 'invalid_code');
  });

  it('is not sent any more once it is void', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    await startVerification(world.services, world.admin, zoe, 'verify_email');
    expect(await pendingOf(zoe.userId)).toHaveLength(1);
    await updateUser(world.services, world.admin, zoe, { email: 'zoe2@example.com' });
    expect(await pendingOf(zoe.userId)).toMatchObject([{ address: 'zoe2@example.com' }]);
    await endUser(world.services, world.admin, zoe, 'disabled');
    expect(await pendingOf(zoe.userId)).toEqual([]);
  });

  it('is of no use to another user', async () => {
    const [zoe, kay] = [await register('zoe', 'zoe@example.com'), await register('kay', 'kay@example.com')];
    await expectRefused(confirm(kay, await lastCode(world, zoe.userId)), 'invalid_code');
  });

  it('gives an address to whoever verifies it first', async () => {
    const [zoe, kay] = [await register('zoe', 'both@example.com'), await register('kay', 'BOTH@example.com')];
    await confirm(kay, await lastCode(world, kay.userId));
    const late = await lastCode(world, zoe.userId);
    await expectRefused(confirm(zoe, late), 'already_exists');
    await expectRefused(confirm(zoe, late), 'invalid_code');
    expect([await isVerified(zoe), await isVerified(kay)]).toEqual([false, true]);
  });

  it('is sent five times an hour at most, however the address changes', async () => {
    const zoe = await register('zoe', 'zoe0@example.com');
    for (let i = 1; i < 5; i++) {
      await updateUser(world.services, world.admin, zoe, { email: `zoe${i}@example.com` });
    }
    await expectRefused(startVerification(world.services, world.admin, zoe, 'verify_email'), 'too_many_codes');
    // Nothing else fails for it; there is only no code.
    for (const email of [null, 'zoe9@example.com']) {
      expect((await updateUser(world.services, world.admin, zoe, { email })).email).toBe(email);
    }
    await expectRefused(startVerification(world.services, world.admin, zoe, 'verify_email'), 'too_many_codes');
    expect((await pendingOf(zoe.userId)).length).toBe(0);
    world.clock.advance(3_600_000);
    await startVerification(world.services, world.admin, zoe, 'verify_email');
  });

  it('is sent ten times an hour at most to one address, whoever asks; and no registration fails for it', async () => {
    for (let i = 0; i < 11; i++) {
      await register(`zoe${i}`, i % 2 === 0 ? 'victim@example.com' : 'VICTIM@example.com');
    }
    const messages = await world.services.store.listMessages(world.tenantId, { limit: 100 });
    expect(messages.filter(({ address }) => address.toLowerCase() === 'victim@example.com')).toHaveLength(10);
    const last = await register('zoe11', 'victim@example.com');
    await expectRefused(startVerification(world.services, world.admin, last, 'verify_email'), 'too_many_codes');
  });

  it('is sent again an hour after the first, however late the others were', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const again = () => startVerification(world.services, world.admin, zoe, 'verify_email');
    world.clock.advance(3_599_999);
    for (let i = 1; i < 5; i++) {
      await again();
      await register(`zoe${i}`, 'zoe@example.com');
    }
    await register('zoe5', 'zoe@example.com');
    await expectRefused(again(), 'too_many_codes');
    world.clock.advance(1);
    await again();
  });

  it('is not sent to nobody, nor for what is verified already', async () => {
    const ann = { by: 'user_id', userId: world.annId } as const;
    await expectRefused(startVerification(world.services, world.admin, ann, 'verify_email'), 'precondition_failed');
    const zoe = await register('zoe', 'zoe@example.com');
    await expectRefused(startVerification(world.services, world.admin, zoe, 'verify_phone'), 'precondition_failed');
  });

  it('is sent for another address alone, and for none that an admin knows', async () => {
    const { services, admin, tenantId } = world;
    const zoe = await register('zoe', 'zoe@example.com');
    await updateUser(services, admin, zoe, { phone: '+819087654321' });
    const sent = await services.store.listMessages(tenantId, { limit: 100 });
    expect(sent).toHaveLength(2);
    // Another spelling is another address to a code: the one that was sent is void, and another is.
    await updateUser(services, admin, zoe, { email: 'ZOE@example.com', phone: '+819087654321' });
    await updateUser(services, admin, zoe, { email: 'zoe2@example.com', emailVerified: true });
    expect(await services.store.listMessages(tenantId, { limit: 100 })).toHaveLength(3);
  });

  it('is neither sent to nor taken for an address that was changed meanwhile', async () => {
    const { services, admin, tenantId } = world;
    const { store, keys } = services;
    const { userId: subjectId } = await register('zoe', 'zoe@example.com');
    const zoe = { by: 'user_id', userId: subjectId } as const;
    const made = makeCode(services, subjectId, 'verify_email', 'email');
    const send = { kind: 'send_code', tenantId, subjectId, code: made, address: 'old@example.com' } as const;
    expect(await store.execute(send)).toMatchObject({ refusal: { code: 'precondition_failed' } });
    const redeem = (code: string, address: string) => {
      const digest = keys.digest('code', `verify_email\0${subjectId}\0${code}`);
      return store.execute({ kind: 'redeem_code', tenantId, subjectId, purpose: 'verify_email', digest, address });
    };
    expect(await redeem(await lastCode(world, subjectId), 'old@example.com')).toMatchObject({
      refusal: { code: 'invalid_code' },
    });
    world.clock.advance(1);
    await startVerification(services, admin, zoe, 'verify_email');
    const code = await lastCode(world, subjectId);
    await updateUser(services, admin, zoe, { email: null });
    expect(await redeem(code, 'zoe@example.com')).toMatchObject({ refusal: { code: 'invalid_code' } });
  });

  it('is stored as a digest that tells nothing without the key', async () => {
    const zoe = await register('zoe', 'zoe@example.com');
    const code = await lastCode(world, zoe.userId);
    const [message] = await world.services.store.listMessages(world.tenantId, { limit: 10 });
    expect(Buffer.from(message?.sealed ?? []).toString('latin1')).not.toContain(code);
  });
});

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

  it('is of no use in a tenant that is disabled', async () => {
    const { services, app, tenantId, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    await make(services.store, cutOff(world, 'tenant', tenantId, 'disabled'));
    expect(await requestPasswordReset(services, app, ann(), 'email')).toBe('no_address');
    await expectRefused(complete(code), 'precondition_failed');
  });

  it('lets in whoever others have locked out', async () => {
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
    const guess = () => completePasswordReset(world.services, call, ann(), '00000000', 'a new password');
    for (let i = 0; i < 300; i++) {
      await expectRefused(guess(), 'invalid_code');
    }
    await expectRefused(guess(), 'too_many_failed_logins');
  });

  it('verifies no address', async () => {
    const { services, app, admin, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    const ref = { by: 'user_id', userId: annId } as const;
    await expectRefused(confirmVerification(services, admin, ref, 'verify_email', code), 'invalid_code');
  });
});
