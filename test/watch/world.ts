/**
 * Verifiers, members and revocations on one clock, as simple as they can be: a verifier is open for B from the sending of the heartbeat
 * that was answered last, and knows what it was sent. The registries and the barrier are the real ones.
 */
import { MAX_BOUND_MS, MAX_WAIT_MS } from '../../src/core/verifiers.ts';
import { Barrier } from '../../src/watch/barrier.ts';
import { type OpenWatcher, Registry } from '../../src/watch/registry.ts';
import { FakeTiming, settled } from './fake-timing.ts';

const TENANT = 'acme';
export const MEMBERS = 2;
export const VERIFIERS = 2;

/** As fast and as slow as clocks may be. */
const SERVER_RATE = 1.09;
const VERIFIER_RATE = 0.91;

/** What looks right and is not. */
export type Mistake = 'waits B' | 'forgets who closed' | 'asks its own member only' | 'forgets a member that was lost';

interface Stream {
  readonly member: number;
  readonly watcher: OpenWatcher;
  /** The newest heartbeat that arrived: when it was sent. */
  arrived: number;
  /** At the member. What is on its way to the verifier arrives all the same. */
  isClosed: boolean;
  /** What lies on its way, the oldest first. */
  readonly up: ({ readonly heartbeat: number } | { readonly acknowledged: number })[];
  readonly down: { readonly revision: number; readonly heartbeat: number }[];
}

interface Verifier {
  known: number;
  /** When the heartbeat was sent that was answered last, in real time. */
  fresh: number;
  stream: Stream | undefined;
  /** Those that the member has not closed yet. */
  readonly former: Stream[];
}

export type Step =
  | { readonly step: 'pass'; readonly ms: number }
  | { readonly step: 'revoke' }
  | { readonly step: 'connect'; readonly verifier: number; readonly member: number }
  /** The server notices that a stream has ended. */
  | { readonly step: 'lose'; readonly verifier: number }
  | { readonly step: 'heartbeat' | 'arrive' | 'read' | 'deliver'; readonly verifier: number }
  /** What was sent on a stream of before arrives after all. */
  | { readonly step: 'arrive late'; readonly verifier: number }
  | { readonly step: 'crash'; readonly member: number };

export class World {
  readonly #timing = new FakeTiming(SERVER_RATE);
  readonly #mistake: Mistake | undefined;
  readonly #registries: Registry[];
  readonly #barrier: Barrier;
  readonly #verifiers: Verifier[];
  readonly #real = () => this.#timing.now() / SERVER_RATE;
  #committed = 0;
  /** The largest revision whose barrier has answered. */
  #answered = 0;
  #wasWrong = false;
  /** The longest that a barrier took, by the server's clock. */
  longest = 0;
  /** Barriers that took less than that. */
  early = 0;

  constructor(mistake?: Mistake) {
    this.#mistake = mistake;
    this.#registries = Array.from({ length: MEMBERS }, () => this.#newRegistry());
    const { now, after } = this.#timing;
    const bound = mistake === 'waits B' ? MAX_BOUND_MS : MAX_WAIT_MS;
    this.#barrier = new Barrier({
      timing: { now, after: (ms, call) => after(Math.min(ms, bound), call) },
      clock: now,
      members: () => (mistake === 'asks its own member only' ? this.#registries.slice(0, 1) : [...this.#registries]),
    });
    this.#verifiers = Array.from({ length: VERIFIERS }, () => ({
      known: 0,
      fresh: Number.NEGATIVE_INFINITY,
      stream: undefined,
      former: [],
    }));
  }

  /** Whether no verifier may say active of what a barrier has answered for, at the end of each step and of each wait. */
  get isRight(): boolean {
    this.#look();
    return !this.#wasWrong;
  }

  #look(): void {
    this.#wasWrong ||= this.#verifiers.some((verifier) => verifier.known < this.#answered && this.#isOpen(verifier));
  }

  async take(step: Step): Promise<void> {
    switch (step.step) {
      case 'pass':
        await this.#timing.pass(step.ms);
        break;
      case 'revoke':
        this.#revoke();
        break;
      case 'crash':
        this.#crash(step.member);
        break;
      default:
        this.#take(step, this.#verifiers[step.verifier] as Verifier);
    }
    await settled();
  }

  #take(step: Exclude<Step, { step: 'pass' | 'revoke' | 'crash' }>, verifier: Verifier): void {
    const { stream } = verifier;
    switch (step.step) {
      case 'connect':
        this.#connect(verifier, String(step.verifier), step.member);
        break;
      case 'lose':
        close(verifier.former.shift() ?? stream);
        break;
      case 'heartbeat':
        stream?.up.push({ heartbeat: this.#real() });
        break;
      case 'arrive':
        arrive(stream);
        break;
      case 'arrive late':
        arrive(verifier.former.at(-1));
        break;
      case 'read':
        if (stream?.isClosed === false) {
          stream.watcher.sent(this.#committed);
          stream.down.push({ revision: this.#committed, heartbeat: stream.arrived });
        }
        break;
      case 'deliver':
        deliver(verifier);
        break;
    }
  }

  #newRegistry(): Registry {
    const { now, after } = this.#timing;
    // Its only timers are those that forget.
    const forgetful = this.#mistake === 'forgets who closed';
    return new Registry({ now, after: (ms, call) => after(forgetful ? 0 : ms, call) });
  }

  #revoke(): void {
    this.#committed += 1;
    const revision = this.#committed;
    this.#barrier.awaitRevision(TENANT, revision).then(({ waitedMs }) => {
      this.#answered = Math.max(this.#answered, revision);
      this.longest = Math.max(this.longest, waitedMs);
      this.early += waitedMs < MAX_WAIT_MS ? 1 : 0;
      this.#look();
    });
  }

  #connect(verifier: Verifier, verifierId: string, at: number): void {
    const { stream } = verifier;
    if (stream !== undefined) {
      verifier.former.push(stream);
    }
    const watcher = (this.#registries[at] as Registry).open(TENANT, verifierId);
    const arrived = Number.NEGATIVE_INFINITY;
    verifier.stream = { member: at, watcher, arrived, isClosed: false, up: [], down: [] };
  }

  #crash(at: number): void {
    this.#registries[at] = this.#newRegistry();
    if (this.#mistake !== 'forgets a member that was lost') {
      this.#barrier.memberLost();
    }
    for (const { stream, former } of this.#verifiers) {
      for (const each of [...former, ...(stream === undefined ? [] : [stream])]) {
        each.isClosed ||= each.member === at;
      }
    }
  }

  #isOpen({ fresh }: Verifier): boolean {
    return (this.#real() - fresh) * VERIFIER_RATE < MAX_BOUND_MS;
  }
}

function close(stream: Stream | undefined): void {
  if (stream !== undefined) {
    stream.isClosed = true;
    stream.watcher.close();
  }
}

function arrive(stream: Stream | undefined): void {
  const message = stream?.up.shift();
  if (stream !== undefined && message !== undefined) {
    if ('heartbeat' in message) {
      stream.arrived = message.heartbeat;
    } else {
      stream.watcher.acknowledged(message.acknowledged);
    }
  }
}

function deliver(verifier: Verifier): void {
  const { stream } = verifier;
  const message = stream?.down.shift();
  if (stream !== undefined && message !== undefined) {
    verifier.known = message.revision;
    verifier.fresh = Math.max(verifier.fresh, message.heartbeat);
    stream.up.push({ acknowledged: message.revision });
  }
}
