import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirmVerification, makeCode, startVerification } from '../../../src/core/operations/codes.ts';
import { endUser, getUser, registerUser, updateUser } from '../../../src/core/operations/users.ts';
import { execute, openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, lastCode, makeWorld, messagesOf, PASSWORD, type World, wrongCode } from '../fixtures.ts';
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

const isVerified = async (ref: { by: 'user_id'; userId: string }) =>
  (await getUser(world.services, world.admin, ref)).subject.emailVerified;

function confirm(ref: { by: 'user_id'; userId: string }, code: string): Promise<void> {
  return confirmVerification(world.services, world.admin, ref, 'verify_email', code);
}

async function pendingOf(userId: string) {
  return (await messagesOf(world)).filter(({ subjectId, state }) => subjectId === userId && state === 'pending');
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

  it('gives an address to the one who verifies it first', async () => {
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

  it('is sent ten times an hour at most to one address, no matter who asks; and no registration fails for it', async () => {
    for (let i = 0; i < 11; i++) {
      await register(`zoe${i}`, i % 2 === 0 ? 'victim@example.com' : 'VICTIM@example.com');
    }
    const messages = await messagesOf(world);
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
    const { services, admin } = world;
    const zoe = await register('zoe', 'zoe@example.com');
    await updateUser(services, admin, zoe, { phone: '+819087654321' });
    const sent = await messagesOf(world);
    expect(sent).toHaveLength(2);
    // Another spelling is another address to a code: the one that was sent is void, and another is.
    await updateUser(services, admin, zoe, { email: 'ZOE@example.com', phone: '+819087654321' });
    await updateUser(services, admin, zoe, { email: 'zoe2@example.com', emailVerified: true });
    expect(await messagesOf(world)).toHaveLength(3);
  });

  it('is neither sent to nor taken for an address that was changed meanwhile', async () => {
    const { services, admin, tenantId } = world;
    const { store, keys } = services;
    const { userId: subjectId } = await register('zoe', 'zoe@example.com');
    const zoe = { by: 'user_id', userId: subjectId } as const;
    const made = makeCode(services, subjectId, 'verify_email', 'email');
    const send = { kind: 'send_code', tenantId, subjectId, code: made, address: 'old@example.com' } as const;
    expect(await execute(store, send)).toMatchObject({ refusal: { code: 'precondition_failed' } });
    const redeem = (code: string, address: string) => {
      const digest = keys.digest('code', `verify_email\0${subjectId}\0${code}`);
      const command = { kind: 'redeem_code', tenantId, subjectId, purpose: 'verify_email', digest, address } as const;
      return execute(store, command);
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
    const [message] = await messagesOf(world);
    expect(Buffer.from(message?.sealed ?? []).toString('latin1')).not.toContain(code);
  });
});
