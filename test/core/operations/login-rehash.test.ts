import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Services } from '../../../src/core/services/services.ts';
import { toPassword } from '../../../src/core/text/passwords.ts';
import { Argon2Hasher } from '../../../src/password/argon2-hasher.ts';
import { CHEAP_ARGON2, make, openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, makeWorld, PASSWORD, PATIENTLY, subjectOf, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());

function attempt(world: World, username: string, password: string): Promise<unknown> {
  return issue(world.services, world.app, { credential: { kind: 'user', username, password } });
}

describe('a hash', () => {
  async function withHasher(world: World, parameters: typeof CHEAP_ARGON2): Promise<World> {
    const passwords = await Argon2Hasher.create({ parameters, concurrency: 1 });
    return { ...world, services: { ...world.services, passwords } satisfies Services };
  }

  async function hashOf(world: World): Promise<string | null | undefined> {
    return (await subjectOf(world, world.annId))?.passwordHash;
  }

  it('is made anew at the next login when the parameters grew, and the password stays', async () => {
    const world = await withHasher(await makeWorld(bed), { ...CHEAP_ARGON2, passes: 2 });
    const before = await hashOf(world);
    await expectRefused(attempt(world, 'ann', 'wrong'), 'invalid_credentials');
    expect(await hashOf(world)).toBe(before);
    await attempt(world, 'ann', PASSWORD);

    await expect.poll(() => hashOf(world), PATIENTLY).toMatch(/[,$]t=2[,$]/);
    const stronger = await hashOf(world);
    await attempt(world, 'ann', PASSWORD);
    await expectRefused(attempt(world, 'ann', 'wrong'), 'invalid_credentials');
    expect(await hashOf(world)).toBe(stronger);
  });

  it('stays when the parameters shrank', async () => {
    const world = await withHasher(await makeWorld(bed), { ...CHEAP_ARGON2, passes: 3 });
    await attempt(world, 'ann', PASSWORD);
    await expect.poll(() => hashOf(world), PATIENTLY).toMatch(/[,$]t=3[,$]/);
    const strong = await hashOf(world);
    const weaker = await withHasher(world, { ...CHEAP_ARGON2, passes: 2 });
    const calls: string[] = [];
    const { passwords } = weaker.services;
    const counted: Services['passwords'] = {
      hash: (password) => {
        calls.push(password);
        return passwords.hash(password);
      },
      verify: (hash, password) => passwords.verify(hash, password),
      requireRoom: () => passwords.requireRoom(),
      needsRehash: (hash) => passwords.needsRehash(hash),
    };
    await attempt({ ...weaker, services: { ...weaker.services, passwords: counted } }, 'ann', PASSWORD);

    expect(calls).toEqual([]);
    expect(await hashOf(world)).toBe(strong);
  });

  it('that changes while the old one is being checked refuses nobody who knows the password', async () => {
    const world = await makeWorld(bed);
    const { passwords, store } = world.services;
    const { tenantId, annId: subjectId } = world;
    const oldHash = (await hashOf(world)) ?? '';
    // Another login, which the rules serve in between, finds the hash weak and makes it anew.
    const meanwhile: Services['passwords'] = {
      hash: (password) => passwords.hash(password),
      verify: async (hash, password) => {
        const matches = await passwords.verify(hash, password);
        const newHash = await passwords.hash(toPassword(PASSWORD));
        await make(store, { kind: 'rehash', tenantId, subjectId, oldHash, newHash });
        return matches;
      },
      requireRoom: () => passwords.requireRoom(),
      needsRehash: () => false,
    };

    await attempt({ ...world, services: { ...world.services, passwords: meanwhile } }, 'ann', PASSWORD);
  });

  it('of another password that came in between lets the old password in no more', async () => {
    const world = await makeWorld(bed);
    const { passwords, store } = world.services;
    const { tenantId, annId: subjectId } = world;
    const oldHash = (await hashOf(world)) ?? '';
    const newHash = await passwords.hash(toPassword(randomBytes(8).toString('hex')));
    const meanwhile: Services['passwords'] = {
      hash: (password) => passwords.hash(password),
      verify: async (hash, password) => {
        const matches = await passwords.verify(hash, password);
        await make(store, { kind: 'rehash', tenantId, subjectId, oldHash, newHash });
        return matches;
      },
      requireRoom: () => passwords.requireRoom(),
      needsRehash: () => false,
    };
    const racing = { ...world, services: { ...world.services, passwords: meanwhile } };

    await expectRefused(attempt(racing, 'ann', PASSWORD), 'invalid_credentials');
  });
});
