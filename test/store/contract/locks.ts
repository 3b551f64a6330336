import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/actor.ts';
import type { Outcome } from '../../../src/core/changes.ts';
import type { Refusal } from '../../../src/core/errors.ts';
import { type FailureCounter, nameCounter, secondFactorCounter } from '../../../src/core/rules/counters.ts';
import { AUDIT_RECORDS } from '../../../src/core/tables/audit.ts';
import { make } from '../../support.ts';
import { ANN, HASH, makeAcme, TENANT, type UnderTest } from '../fixtures.ts';
import { EVERYTHING, plain } from '../people.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCK_MS = 15 * MINUTE;
const ATTEMPTS = 2;
const NOBODY: FailureCounter = { kind: 'name', key: 'name:login_name:nobody' };
const GUESSER: Actor = { kind: 'client', id: 'app', tokenId: null, address: '192.0.2.7', requestId: 'r-1' };

export function locks(test: UnderTest): void {
  beforeEach(() => makeAcme(test.store, { loginAttempts: ATTEMPTS, loginLockPeriodMs: LOCK_MS }));

  async function begin(counter: FailureCounter): Promise<Refusal | undefined> {
    const command = { kind: 'begin_guess', tenantId: TENANT, counters: [counter], alsoLocked: [] } as const;
    const outcome: Outcome<unknown> = await test.store.execute({ ...command, authority: 'server', by: GUESSER });
    return 'refusal' in outcome ? outcome.refusal : undefined;
  }

  async function end(counter: FailureCounter): Promise<void> {
    const command = { kind: 'end_guess', tenantId: TENANT, counters: [counter], end: 'wrong', failed: [] } as const;
    await test.store.execute({ ...command, authority: 'server', by: GUESSER });
  }

  async function fail(counter: FailureCounter): Promise<Refusal | undefined> {
    const refusal = await begin(counter);
    if (refusal === undefined) {
      await end(counter);
    }
    return refusal;
  }

  async function lock(counter: FailureCounter): Promise<void> {
    for (let failed = 0; (await fail(counter)) === undefined; failed++) {
      expect(failed).toBeLessThan(10);
    }
    expect(await begin(counter)).toMatchObject({ code: 'login_locked', retryAfterMs: expect.any(Number) });
  }

  async function recordsOf(action: string) {
    const all = plain(await test.store.list(AUDIT_RECORDS, { tenantId: TENANT }, { limit: EVERYTHING }));
    return all.filter((record) => record.action === action);
  }

  describe('are recorded', () => {
    it('once each, by the server, with the address of the last guess', async () => {
      await lock(nameCounter(ANN));
      await fail(nameCounter(ANN));
      await lock(secondFactorCounter(ANN));
      const records = await recordsOf('lock');
      const actor = { kind: 'server', id: '', tokenId: null, address: GUESSER.address, requestId: GUESSER.requestId };
      expect(records).toMatchObject([
        { actor, targetKind: 'user', targetId: ANN, result: 'ok', details: 'password' },
        { actor, targetKind: 'user', targetId: ANN, result: 'ok', details: 'second_factor' },
      ]);
      test.clock.advance(LOCK_MS);
      await lock(nameCounter(ANN));
      expect(await recordsOf('lock')).toHaveLength(3);
    });

    it('but those of names that nobody has, which are locked the same', async () => {
      await lock(NOBODY);
      await lock(nameCounter('user-of-another-time'));
      expect(await recordsOf('lock')).toEqual([]);
    });
  });

  describe('are lifted', () => {
    const both = [nameCounter(ANN), secondFactorCounter(ANN)];
    const lockBoth = async () => {
      for (const counter of both) {
        await lock(counter);
      }
    };
    const states = async () => [(await begin(both[0] as never))?.code, (await begin(both[1] as never))?.code];

    it('by a password that an admin sets', async () => {
      await lockBoth();
      await make(test.store, { kind: 'change_password', tenantId: TENANT, subjectId: ANN, newHash: HASH });
      expect(await states()).toEqual([undefined, undefined]);
    });

    it('by enabling, also of who was enabled, and that is recorded then', async () => {
      await lockBoth();
      await make(test.store, { kind: 'enable', tenantId: TENANT, target: { kind: 'user', id: ANN } });
      expect(await states()).toEqual([undefined, undefined]);
      expect(await recordsOf('enable')).toHaveLength(1);
    });

    it('of the second factor alone by removing that', async () => {
      const totp = { tenantId: TENANT, subjectId: ANN };
      const sealed = new Uint8Array([1]);
      await make(test.store, { kind: 'enroll_totp', ...totp, sealed });
      await lockBoth();
      await make(test.store, { kind: 'remove_totp', ...totp, onlyUnconfirmed: false });
      expect(await states()).toEqual(['login_locked', undefined]);
    });

    it('by nobody who removes one that was never confirmed, without a proof', async () => {
      const totp = { tenantId: TENANT, subjectId: ANN };
      await make(test.store, { kind: 'enroll_totp', ...totp, sealed: new Uint8Array([1]) });
      await lockBoth();
      await make(test.store, { kind: 'remove_totp', ...totp, onlyUnconfirmed: true });
      expect(await states()).toEqual(['login_locked', 'login_locked']);
    });

    it('by a period that is shortened', async () => {
      await lock(nameCounter(ANN));
      await make(test.store, { kind: 'update_tenant', tenantId: TENANT, policy: { loginLockPeriodMs: MINUTE } });
      expect((await begin(nameCounter(ANN)))?.retryAfterMs).toBeLessThanOrEqual(MINUTE);
      test.clock.advance(MINUTE);
      expect(await begin(nameCounter(ANN))).toBeUndefined();
    });
  });

  it('end after what a refused caller is told, which is never more than a period, whatever the clock did before', async () => {
    const jump = fc.oneof(
      fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }),
      fc.integer({ min: -400 * DAY, max: 400 * DAY }),
      fc.constant(0),
    );
    const steps = fc.array(fc.tuple(jump, fc.boolean()), { minLength: 5, maxLength: 12 });
    const start = test.clock.now;
    await fc.assert(
      fc.asyncProperty(steps, async (jumps) => {
        for (const [ms, waits] of jumps) {
          test.clock.now = Math.max(start, test.clock.now + ms);
          const refusal = await fail(nameCounter(ANN));
          if (refusal?.code === 'login_locked' && waits) {
            expect(refusal.retryAfterMs).toBeGreaterThan(0);
            expect(refusal.retryAfterMs).toBeLessThanOrEqual(LOCK_MS);
            test.clock.advance(refusal.retryAfterMs ?? 0);
            expect(await begin(nameCounter(ANN))).toBeUndefined();
            await end(nameCounter(ANN));
          }
        }
      }),
      { numRuns: 12 },
    );
  });
}
