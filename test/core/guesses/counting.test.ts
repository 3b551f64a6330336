/**
 * Each guess at each thing that can be guessed counts before it is checked: whatever its deadline, whether its caller waits, and whether
 * the store fails in between.
 */
import { describe, expect, it } from 'vitest';
import { SymbolonError } from '../../../src/core/errors.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { addressCounters } from '../../../src/core/rules/counters.ts';
import { readFailures } from '../../../src/core/services/lookups.ts';
import type { Store } from '../../../src/core/services/store.ts';
import type { LoginFailures } from '../../../src/core/tables/login-failures.ts';
import { type Stage, setStage, TENANT } from '../authority/stage.ts';
import { expectRefused } from '../fixtures.ts';
import { wrapStore } from '../wrapped-store.ts';
import { KINDS, type Kind } from './kinds.ts';

const ADDRESS = '192.0.2.7';

class Case {
  readonly #kind: Kind;
  readonly stage: Stage;
  readonly #prepared: string;

  private constructor(kind: Kind, stage: Stage, prepared: string) {
    this.#kind = kind;
    this.stage = stage;
    this.#prepared = prepared;
  }

  static async of(kind: Kind): Promise<Case> {
    const stage = await setStage('client');
    return new Case(kind, stage, (await kind.prepare?.(stage)) ?? '');
  }

  guess(isRight: boolean, { store, ...call }: Partial<Call> & { store?: Store } = {}): Promise<unknown> {
    const { services, actor } = this.stage;
    const guessing = {
      services: store === undefined ? services : { ...services, store },
      call: { ...actor.call, address: ADDRESS, ...call },
      stage: this.stage,
      prepared: this.#prepared,
    };
    return this.#kind.guess(guessing, isRight);
  }

  async counted(): Promise<Pick<LoginFailures, 'count' | 'pending'>> {
    const [row] = await readFailures(this.stage.store, TENANT, [this.#kind.counter]);
    return { count: row?.count ?? 0, pending: row?.pending ?? 0 };
  }

  async fromAddress(): Promise<number> {
    const [row] = await readFailures(this.stage.store, TENANT, addressCounters(ADDRESS));
    return row?.count ?? 0;
  }

  /** A store in which one kind of command fails. */
  failing(kind: string): Store {
    const { store } = this.stage;
    return wrapStore(store, {
      execute: (command, options) =>
        command.kind === kind
          ? Promise.reject(new SymbolonError('store_unavailable', 'The store failed'))
          : store.execute(command, options),
    });
  }
}

describe.each(KINDS)('$name', (kind) => {
  const { attempts, hashes } = kind;

  it('counts when it is wrong, to its name and its address', async () => {
    const guessed = await Case.of(kind);
    await expect(guessed.guess(false)).rejects.toBeInstanceOf(SymbolonError);
    expect(await guessed.counted()).toEqual({ count: 1, pending: 0 });
    expect(await guessed.fromAddress()).toBeGreaterThan(0);
  });

  it('is given back when it is right', async () => {
    const guessed = await Case.of(kind);
    await guessed.guess(true);
    expect(await guessed.counted()).toEqual({ count: 0, pending: 0 });
    expect(await guessed.fromAddress()).toBe(0);
  });

  it('is not checked when its deadline has passed before it begins, and counts to nobody', async () => {
    const guessed = await Case.of(kind);
    await expectRefused(guessed.guess(true, { deadline: Date.now() - 1 }), 'deadline_exceeded');
    expect(await guessed.counted()).toEqual({ count: 0, pending: 0 });
  });

  it('is not checked when it can’t be counted', async () => {
    const guessed = await Case.of(kind);
    const store = guessed.failing('begin_guess');
    await expectRefused(guessed.guess(true, { store }), 'store_unavailable');
    await expectRefused(guessed.guess(false, { store }), 'store_unavailable');
  });

  it('stays counted when the store fails after its check', async () => {
    const guessed = await Case.of(kind);
    await expectRefused(guessed.guess(false, { store: guessed.failing('end_guess') }), 'store_unavailable');
    const { count, pending } = await guessed.counted();
    expect(count + pending).toBe(1);
  });

  it('is made no oftener than it may be wrong, all at once, and then not even when it is right', async () => {
    const guessed = await Case.of(kind);
    const many = Array.from({ length: attempts + 20 }, () => guessed.guess(false).catch(codeOf));
    const codes = await Promise.all(many);
    expect(codes.filter((code) => code === 'overloaded')).toEqual([]);
    expect((await guessed.counted()).count).toBe(attempts);
    await expect(guessed.guess(true)).rejects.toMatchObject({
      code: expect.stringMatching(/^login_locked|invalid_code/),
    });
  });

  it('lets as many that are right through as come at once', async () => {
    const guessed = await Case.of(kind);
    const many = Array.from({ length: attempts + 20 }, () => guessed.guess(true).catch(codeOf));
    const codes = (await Promise.all(many)).filter((each) => typeof each === 'string');
    // Some work once, or end what the others stand on. None is refused because they came at once.
    expect(codes.filter((code) => code === 'overloaded')).toEqual([]);
  });

  if (hashes) {
    it('leaves the queue unchecked when nobody waits for it, and counts to its address alone', async () => {
      const guessed = await Case.of(kind);
      guessed.stage.hasher.hold();
      let isGone = false;
      const guess = expectRefused(guessed.guess(false, { isAbandoned: () => isGone }), 'deadline_exceeded');
      await guessed.stage.hasher.reached();
      isGone = true;
      guessed.stage.hasher.release();
      await guess;
      expect(await guessed.counted()).toEqual({ count: 0, pending: 0 });
      expect(await guessed.fromAddress()).toBe(1);
    });
  }
});

describe.each(KINDS.filter(({ hashes, counter }) => hashes && counter.kind === 'name'))('$name', (kind) => {
  it.each([false, true])(
    'costs the same hashes and commands whether it is right, up to its refusal: %s',
    async (right) => {
      const guessed = await Case.of(kind);
      const { hasher, store } = guessed.stage;
      const before = hasher.turns;
      const kinds: string[] = [];
      const watched = wrapStore(store, {
        execute: (command, options) => {
          kinds.push(command.kind);
          return store.execute(command, options);
        },
      });
      await guessed.guess(right, { store: watched }).catch(() => undefined);
      // A right one commits what it is for, a wrong one that it was wrong.
      expect(kinds).toHaveLength(2);
      expect(hasher.turns - before).toBe(kind.name.startsWith('a change') ? 2 : 1);
    },
  );
});

function codeOf(error: unknown): string {
  return error instanceof SymbolonError ? error.code : 'internal';
}
