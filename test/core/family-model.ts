/** Families against a model that is small enough to be believed, over sequences of operations that nobody would think of. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';
import { type RevokeRequest, revoke } from '../../src/core/operations/revoke.ts';
import { isFamilyLive, isLive } from '../../src/core/rules/liveness.ts';
import { digestOf } from '../../src/core/secrets.ts';
import type { TestBed } from '../support.ts';
import { confirmed, expectRefused, isActive, login, makeWorld, refreshed, revisionOf, type World } from './fixtures.ts';

const SECOND = 1_000;
const WINDOW = 60 * SECOND;
const ACCESS_LIFETIME = 300 * SECOND;
const FAMILY_LIFETIME = 900 * SECOND;
const POLICY = {
  defaultTokenLifetimeMs: ACCESS_LIFETIME,
  refreshLifetimeMs: FAMILY_LIFETIME,
  refreshRepeatWindowMs: WINDOW,
};

/** What the model knows of a family: every pair that it ever had, the current one last. */
interface Family {
  readonly pairs: IssuedTokens[];
  readonly expireTime: number;
  isRevoked: boolean;
  /** Until when the last refresh can be repeated; 0 when it can't. */
  repeatUntil: number;
}

class Model {
  readonly families: Family[] = [];
  revision = 0;

  /** Any number names a family, if there is one. */
  family(index: number): Family | undefined {
    return this.families[index % Math.max(1, this.families.length)];
  }
}

function isAlive(family: Family, now: number): boolean {
  return !family.isRevoked && family.expireTime > now;
}

/** The pair of `age` refreshes ago: 0 is the current one. */
function pairOf(family: Family, age: number): IssuedTokens | undefined {
  return family.pairs.at(-1 - age);
}

type Step = fc.AsyncCommand<Model, World>;
type Way = 'access token' | 'refresh token' | 'token_id' | 'family_id';

class Issue implements Step {
  check(model: Model): boolean {
    return model.families.length < 4;
  }

  async run(model: Model, world: World): Promise<void> {
    const pair = await login(world);
    const expireTime = world.clock.now + FAMILY_LIFETIME;
    expect(pair.refreshExpireTime).toBe(expireTime);
    model.families.push({ pairs: [pair], expireTime, isRevoked: false, repeatUntil: 0 });
    await expectInvariants(model, world);
  }

  toString(): string {
    return 'issue';
  }
}

/** A step that is about the pair of one family which it had `age` refreshes ago. */
abstract class OnPair implements Step {
  protected readonly index: number;
  protected readonly age: number;

  constructor(index: number, age: number) {
    this.index = index;
    this.age = age;
  }

  check(model: Model): boolean {
    const family = model.family(this.index);
    return family !== undefined && pairOf(family, this.age) !== undefined;
  }

  async run(model: Model, world: World): Promise<void> {
    const family = model.family(this.index);
    const pair = family && pairOf(family, this.age);
    if (family !== undefined && pair !== undefined) {
      await this.runOn(family, pair, model, world);
      await expectInvariants(model, world);
    }
  }

  protected abstract runOn(family: Family, pair: IssuedTokens, model: Model, world: World): Promise<void>;

  toString(): string {
    return `${this.constructor.name}(family ${this.index}, ${this.age} ago)`;
  }
}

class Refresh extends OnPair {
  protected async runOn(family: Family, pair: IssuedTokens, model: Model, world: World): Promise<void> {
    const { now } = world.clock;
    const answer = refreshed(world, pair);
    if (!isAlive(family, now)) {
      await expectRefused(answer, 'invalid_refresh_token');
    } else if (this.age === 0) {
      const next = await answer;
      expect(next.expireTime).toBe(Math.min(now + ACCESS_LIFETIME, family.expireTime));
      expect(next).toMatchObject({ familyId: pair.familyId, refreshExpireTime: family.expireTime });
      family.pairs.push(next);
      family.repeatUntil = now + WINDOW;
    } else if (this.age === 1 && family.repeatUntil > now) {
      expect(await answer).toEqual(pairOf(family, 0));
    } else {
      await expectRefused(answer, 'invalid_refresh_token');
      family.isRevoked = true;
      model.revision += 1;
    }
  }
}

class Introspect extends OnPair {
  protected async runOn(family: Family, pair: IssuedTokens, _: Model, world: World): Promise<void> {
    const { now } = world.clock;
    const expected = isAlive(family, now) && this.age === 0 && pair.expireTime > now;
    expect(await isActive(world, pair.accessToken)).toBe(expected);
    if (expected && family.repeatUntil > now) {
      await confirmed(world, pair.accessToken);
      family.repeatUntil = 0;
    }
    expect(await isActive(world, pair.refreshToken)).toBe(false);
  }
}

class Revoke extends OnPair {
  readonly #by: Way;

  constructor(index: number, age: number, by: Way) {
    super(index, age);
    this.#by = by;
  }

  protected async runOn(family: Family, pair: IssuedTokens, model: Model, world: World): Promise<void> {
    const requests: Record<Way, RevokeRequest> = {
      'access token': { by: 'token', token: pair.accessToken },
      'refresh token': { by: 'token', token: pair.refreshToken ?? '' },
      token_id: { by: 'token_id', tokenId: pair.tokenId },
      family_id: { by: 'family_id', familyId: pair.familyId },
    };
    model.revision += family.isRevoked ? 0 : 1;
    family.isRevoked = true;
    expect(await revoke(world.services, world.backend, requests[this.#by])).toMatchObject({ revision: model.revision });
  }

  override toString(): string {
    return `${super.toString()} by ${this.#by}`;
  }
}

class Advance implements Step {
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, world: World): Promise<void> {
    world.clock.advance(this.#ms);
    await expectInvariants(model, world);
  }

  toString(): string {
    return `advance(${this.#ms})`;
  }
}

/** What holds at any time, of every token that was ever issued. One read tells of all tokens of a family. */
async function expectInvariants(model: Model, world: World): Promise<void> {
  const { now } = world.clock;
  for (const family of model.families) {
    const { familyId } = family.pairs[0] as IssuedTokens;
    const { reading } = await world.services.store.readFamily(world.tenantId, familyId);
    // Generations never fall: the family has as many as there were refreshes.
    expect(reading?.family.generation).toBe(family.pairs.length - 1);
    expect(reading !== undefined && isFamilyLive(reading, now), 'the family').toBe(isAlive(family, now));
    const isLiveNow = ({ accessToken }: IssuedTokens) =>
      reading !== undefined && isLive(reading, digestOf(accessToken), now);
    const live = family.pairs.filter(isLiveNow);
    const [current] = family.pairs.slice(-1);
    const expected = isAlive(family, now) && current !== undefined && current.expireTime > now ? [current] : [];
    expect(live, 'live access tokens').toEqual(expected);
  }
  expect(await revisionOf(world)).toBe(model.revision);
}

const someFamily = fc.nat(3);
const someAge = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constantFrom(2, 3) },
);
const someWay = fc.constantFrom<Way[]>('access token', 'refresh token', 'token_id', 'family_id');
const someTime = fc.constantFrom(1, SECOND, WINDOW - SECOND, WINDOW - 1, WINDOW, ACCESS_LIFETIME, FAMILY_LIFETIME);

const refreshes = fc.tuple(someFamily, someAge).map((args) => new Refresh(...args));
const introspections = fc.tuple(someFamily, someAge).map((args) => new Introspect(...args));
const steps: fc.Arbitrary<Step>[] = [
  fc.constant(new Issue()),
  refreshes,
  // Named again to come more often.
  refreshes,
  refreshes,
  introspections,
  introspections,
  fc.tuple(someFamily, someAge, someWay).map((args) => new Revoke(...args)),
  someTime.map((ms) => new Advance(ms)),
];

const MAX_STEPS = 40;
const someSteps = fc.commands(steps, { maxCommands: MAX_STEPS, size: 'max' });

/**
 * A case of at most so many steps in all: what a store that is slow, on a machine that is busy, can do. The time that they take decides
 * nothing, so the case is given more than it can need.
 */
export function itBehavesAsItsModel(openBed: () => Promise<TestBed>, stepBudget: number): void {
  let bed: TestBed;
  beforeAll(async () => {
    bed = await openBed();
  });
  afterAll(() => bed.close());

  it('a family behaves as its model does, whatever comes in whatever order', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(someSteps, async (steps) => {
        const real = await makeWorld(bed, POLICY);
        await fc.asyncModelRun(() => ({ model: new Model(), real }), steps);
      }),
      { numRuns: Math.ceil(stepBudget / MAX_STEPS) },
    );
  });
}
