/**
 * Waits until no verifier answers from memory without a revision. That is so `MAX_WAIT_MS` after the revision could be answered,
 * whatever anybody remembers: a verifier is open only for `MAX_BOUND_MS` from the sending of a heartbeat that was answered, and one that is
 * sent later is answered with the revision. Acknowledgements cut it short, once every member that may exist has told of all its
 * watchers.
 */
import type { Waited } from '../core/call-notes.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import { type Count, type Member, sumOf, type Verifiers } from '../core/services/verifiers.ts';
import { MAX_WAIT_MS } from '../core/verifiers.ts';
import type { Timing } from './timing.ts';

const nothing = () => {};

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
    const mayBeUnknown = begin < this.#unknownUntil;
    const leftMs = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - this.#clock();
    return new Promise((resolve, reject) => {
      let stop = nothing;
      const giveUp = () => {
        stop();
        reject(new SymbolonError('deadline_exceeded', DEADLINE));
      };
      const cancel = leftMs < MAX_WAIT_MS ? after(Math.max(0, leftMs), giveUp) : nothing;
      stop = this.#follow(tenantId, revision, MAX_WAIT_MS, ({ acknowledged, waitedOut, missing, isUnknown }) => {
        cancel();
        resolve({
          ...{ acknowledged, waitedOut: waitedOut + missing },
          ...{ unknownWaitedOut: mayBeUnknown || isUnknown, waitedMs: now() - begin },
        });
      });
    });
  }

  /** What is known of a revision once nothing is missing, or after a time. */
  look(tenantId: string, revision: number, withinMs: number): Promise<Count> {
    return new Promise((resolve) => {
      this.#follow(tenantId, revision, withinMs, resolve);
    });
  }

  /** Tells once: when nothing is missing, maybe at once, or after a time. Answers how to stop. */
  #follow(tenantId: string, revision: number, withinMs: number, tell: (count: Required<Count>) => void): () => void {
    const { now, after } = this.#timing;
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
    const sum = () => sumOf([...counts.values()], counts.size < members.length || now() < this.#unknownUntil);
    const answer = (count: Required<Count>) => {
      end();
      tell(count);
    };
    const look = () => {
      const count = sum();
      if (!isOver && count.missing === 0 && !count.isUnknown) {
        answer(count);
      }
    };
    endings.push(after(withinMs, () => answer(sum())));
    if (now() < this.#unknownUntil) {
      endings.push(after(this.#unknownUntil - now(), look));
    }
    for (const member of members) {
      const stop = member.follow(tenantId, revision, (count) => {
        const before = counts.get(member);
        // Of a thread, what it told later may come first. Who is missing only becomes fewer.
        if (before === undefined || before.isUnknown || count.missing <= before.missing) {
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
    return end;
  }
}

const DEADLINE = `The tokens have ended, but the deadline passed before all verifiers knew. Allow ${MAX_WAIT_MS + 100} ms, or repeat the call`;
