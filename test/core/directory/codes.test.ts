import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  completePasswordReset,
  confirmVerification,
  requestPasswordReset,
  startVerification,
} from '../../../src/core/operations/directory/codes.ts';
import { endUser, getUser, registerUser, updateUser } from '../../../src/core/operations/directory/users.ts';
import { openTestBed, type TestBed } from '../../support.ts';
import { expectRefused, isActive, lastCode, login, makeWorld, PASSWORD, type World, wrongCode } from '../fixtures.ts';
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

  it('is of no use to another user', async () => {
    const [zoe, kay] = [await register('zoe', 'zoe@example.com'), await register('kay', 'kay@example.com')];
    await expectRefused(confirm(kay, await lastCode(world, zoe.userId)), 'invalid_code');
  });

  it('gives an address to whoever verifies it first', async () => {
    const [zoe, kay] = [await register('zoe', 'both@example.com'), await register('kay', 'BOTH@example.com')];
    await confirm(kay, await lastCode(world, kay.userId));
    await expectRefused(confirm(zoe, await lastCode(world, zoe.userId)), 'already_exists');
    expect([await isVerified(zoe), await isVerified(kay)]).toEqual([false, true]);
  });

  it('is sent five times an hour at most, however the address changes', async () => {
    const zoe = await register('zoe', 'zoe0@example.com');
    for (let i = 1; i < 5; i++) {
      await updateUser(world.services, world.admin, zoe, { email: `zoe${i}@example.com` });
    }
    await expectRefused(startVerification(world.services, world.admin, zoe, 'verify_email'), 'too_many_codes');
    await expectRefused(updateUser(world.services, world.admin, zoe, { email: 'zoe9@example.com' }), 'too_many_codes');
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

  it('is not sent to nobody, nor for what is verified already', async () => {
    const ann = { by: 'user_id', userId: world.annId } as const;
    await expectRefused(startVerification(world.services, world.admin, ann, 'verify_email'), 'precondition_failed');
    const zoe = await register('zoe', 'zoe@example.com');
    await expectRefused(startVerification(world.services, world.admin, zoe, 'verify_phone'), 'precondition_failed');
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
    await expectRefused(complete(code), 'precondition_failed');
  });

  it('is of no use once the address is another’s', async () => {
    const { services, app, admin, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    const address = { email: 'other@example.com', emailVerified: true };
    await updateUser(services, admin, { by: 'user_id', userId: annId }, address);
    await expectRefused(complete(code), 'invalid_code');
  });

  it('verifies no address', async () => {
    const { services, app, admin, annId } = world;
    await requestPasswordReset(services, app, ann(), 'email');
    const code = await lastCode(world, annId);
    const ref = { by: 'user_id', userId: annId } as const;
    await expectRefused(confirmVerification(services, admin, ref, 'verify_email', code), 'invalid_code');
  });
});
