/**
 * Waits until no verifier answers from memory without a revision. That is so `MAX_WAIT_MS` after the revision could be answered,
 * whatever anybody remembers: a verifier is open only for `MAX_BOUND_MS` from the sending of a heartbeat that was answered, and one that is
 * sent later is answered with the revision. Acknowledgements cut it short, once every member that may exist has told of all its
 * watchers.
 */
import type { Waited } from '../core/call-notes.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import type { Verifiers } from '../core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../core/verifiers.ts';
import type { Count, Member } from './registry.ts';
import type { Timing } from './timing.ts';

interface BarrierOptions {
  readonly timing: Timing;
  /** That deadlines go by. */
  readonly clock: () => Instant;
  /** Those that may have watchers, at this moment. Who comes later reads what is awaited. */
  readonly members: () => readonly Member[];
}

export class Barrier implements Verifiers {
  readonly #timing: Timing;
  readonly #clock: () => Instant;
  readonly #members: () => readonly Member[];
  /** Until then there may be verifiers that no member knows of. */
  #unknownUntil = Number.NEGATIVE_INFINITY;

  constructor({ timing, clock, members }: BarrierOptions) {
    this.#timing = timing;
    this.#clock = clock;
    this.#members = members;
  }

  /** A member may have ended just now that took what it knew of its watchers with it. Tell it at the start too: of the process before. */
  memberLost(): void {
    this.#unknownUntil = this.#timing.now() + MAX_WAIT_MS;
  }

  awaitRevision(tenantId: string, revision: number, deadline?: Instant): Promise<Waited> {
    const { now, after } = this.#timing;
    const begin = now();
    const leftMs = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - this.#clock();
    return new Promise((resolve, reject) => {
      const members = this.#members();
      const counts = new Map<Member, Count>();
      const endings: (() => void)[] = [];
      let isOver = false;
      const end = () => {
        isOver = true;
        for (const ending of endings) {
          ending();
        }
      };
      const answer = () => {
        end();
        resolve(
          waitedOf([...counts.values()], counts.size < members.length || begin < this.#unknownUntil, now() - begin),
        );
      };
      const look = () => {
        const areAllIn = counts.size === members.length && [...counts.values()].every(({ missing }) => missing === 0);
        if (!isOver && areAllIn && now() >= this.#unknownUntil) {
          answer();
        }
      };
      if (leftMs < MAX_WAIT_MS) {
        endings.push(
          after(Math.max(0, leftMs), () => {
            end();
            reject(new SymbolonError('deadline_exceeded', DEADLINE));
          }),
        );
      }
      endings.push(after(MAX_WAIT_MS, answer));
      if (begin < this.#unknownUntil) {
        endings.push(after(this.#unknownUntil - begin, look));
      }
      for (const member of members) {
        const stop = member.follow(tenantId, revision, (count) => {
          // Of a thread, what it told later may come first. Who is missing only becomes fewer.
          if (count.missing <= (counts.get(member)?.missing ?? count.missing)) {
            counts.set(member, count);
            look();
          }
        });
        endings.push(stop);
      }
      look();
      if (isOver) {
        end();
      }
    });
  }
}

const DEADLINE = `The tokens have ended, but the deadline passed before all verifiers knew. Allow ${MAX_WAIT_MS + 100} ms, or repeat the call`;

function waitedOf(counts: readonly Count[], unknownWaitedOut: boolean, waitedMs: number): Waited {
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    acknowledged: sum(({ acknowledged }) => acknowledged),
    waitedOut: sum(({ waitedOut, missing }) => waitedOut + missing),
    unknownWaitedOut,
    waitedMs,
  };
}
