/**
 * The state of a verifier and its rules, without I/O: clock and randomness come in as arguments. docs/verifier.md proves the bound from
 * the order of the steps here, and test/sdk/typescript breaks each of them to see that it matters.
 */
import { Allowed, type AllowedEntry, type Question } from './allowed.ts';
import { Entries, type Entry } from './entries.ts';
import { Killed } from './killed.ts';
import type { StateOptions } from './limits.ts';
import { type Clock, isWithin, type Moment, momentOf } from './moments.ts';
import type { AccessAnswer, Answer, Event, Ids, Message } from './protocol.ts';

/** Heartbeats whose times are kept. What is older than these was sent more than B ago. */
const MAX_BEATS = 8;

interface Beat {
  readonly heartbeat: number;
  readonly sent: Moment;
}

/** A stream, as the state sees it. Only the one that was begun last is heard. */
export interface Stream {
  /** What the server is to go on from. Undefined: afresh. */
  readonly resumeRevision: number | undefined;
}

/** What a stream had of the server so far. */
interface Heard {
  hasMessage: boolean;
  /** When a heartbeat was answered last, or the stream begun; by the monotonic clock. */
  answeredAt: number;
}

/** What must not have changed between the sending of a call and the keeping of its answer. */
export interface Sending {
  readonly sent: Moment;
  readonly generation: number;
}

export class VerifierState<Caller extends Ids> {
  readonly #options: StateOptions;
  readonly #clock: Clock;
  readonly #entries: Entries<Caller>;
  readonly #allowed: Allowed<Caller>;
  readonly #killed: Killed;
  /** Everything up to this revision was applied. Undefined: nothing is known, begin afresh. */
  #known: number | undefined;
  /** When the newest answered heartbeat was sent. */
  #fresh: Beat | undefined;
  #boundMs: number;
  #generation = 0;
  #heartbeat = 0;
  readonly #beats: Beat[] = [];
  #stream: Stream | undefined;
  #heard: Heard = { hasMessage: false, answeredAt: 0 };

  constructor(options: StateOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#boundMs = options.boundMs;
    this.#entries = new Entries(options.maxEntries);
    this.#allowed = new Allowed(options.maxEntries);
    this.#killed = new Killed(options.maxKilled);
  }

  /** Whether checks are answered from memory now. */
  get isOpen(): boolean {
    return this.#isOpen(this.#clock.monotonic(), this.#clock.wall());
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is kept of a token, also while it counts for nothing. */
  entryOf(token: string): Entry<Caller> | undefined {
    return this.#entries.get(token);
  }

  /** Whom the token stands for, from memory. Undefined says nothing of the token: ask the server. */
  find(token: string): Caller | undefined {
    const monotonic = this.#clock.monotonic();
    const wall = this.#clock.wall();
    if (!this.#isOpen(monotonic, wall)) {
      return undefined;
    }
    const entry = this.#entries.get(token);
    return entry !== undefined && isWithin(entry.sent, entry.lifeMs, monotonic, wall) ? entry.caller : undefined;
  }

  /** What was allowed, from memory. Undefined says nothing: ask the server. */
  findAllowed(key: string): AllowedEntry<Caller> | undefined {
    return this.isOpen ? this.#allowed.find(key, this.#clock) : undefined;
  }

  /** The same as `keep` of an answer about a permission. */
  keepAllowed(question: Question, sending: Sending, answer: AccessAnswer<Caller>): void {
    if (sending.generation === this.#generation) {
      this.#allowed.keep(question, sending.sent, answer, this.#killed);
    }
  }

  #isOpen(monotonic: number, wall: number): boolean {
    return this.#fresh !== undefined && isWithin(this.#fresh.sent, this.#boundMs, monotonic, wall);
  }

  /** A call is about to be given to the stack. */
  sending(): Sending {
    return { sent: momentOf(this.#clock), generation: this.#generation };
  }

  /** Keeps an answer where nothing that is known ended the token since it was read. Only "active" is kept. Answers the caller. */
  keep(token: string, { sent, generation }: Sending, { revision, live }: Answer<Caller>): Caller | undefined {
    if (live === undefined) {
      this.#entries.remove(token);
      return undefined;
    }
    const { caller, timeToLiveMs } = live;
    const lifeMs = Math.min(timeToLiveMs, this.#options.maxAgeMs);
    const isCurrent = generation === this.#generation && !this.#killed.kills(caller, revision);
    if (isCurrent) {
      this.#entries.put({ token, caller, revision, sent, lifeMs });
    }
    return caller;
  }

  /** A stream is about to be begun, and takes the place of the one before. */
  begin(): Stream {
    this.#stream = { resumeRevision: this.#known };
    this.#heard = { hasMessage: false, answeredAt: this.#clock.monotonic() };
    return this.#stream;
  }

  isCurrent(stream: Stream): boolean {
    return stream === this.#stream;
  }

  /** The number of a heartbeat that is about to be given to the stack: its time is taken before that. */
  beat(): number {
    this.#heartbeat += 1;
    this.#beats.push({ heartbeat: this.#heartbeat, sent: momentOf(this.#clock) });
    if (this.#beats.length > MAX_BEATS) {
      this.#beats.shift();
    }
    return this.#heartbeat;
  }

  /** What may be acknowledged: everything up to it is out of the cache. 0: nothing yet on this stream. */
  get acknowledged(): number {
    return this.#heard.hasMessage ? (this.#known ?? 0) : 0;
  }

  /** For how long the current stream has answered no heartbeat. */
  get silentMs(): number {
    return this.#clock.monotonic() - this.#heard.answeredAt;
  }

  /** The log does not go on where this verifier stands: the next stream begins afresh. What was known is good until B all the same. */
  lose(): void {
    this.#known = undefined;
  }

  /** Forgets everything, for good. */
  close(): void {
    this.#entries.clear();
    this.#allowed.clear();
    this.#fresh = undefined;
    this.#stream = undefined;
    this.#generation += 1;
  }

  /** Applies a message. `broken`: end the stream, for events may be missing. `old`: it is of a stream that is heard no longer. */
  receive(stream: Stream, message: Message): 'applied' | 'broken' | 'old' {
    if (stream !== this.#stream) {
      return 'old';
    }
    const { previousRevision, events, revision } = message;
    const isNext = previousRevision === this.#known && events.length === revision - previousRevision;
    const isInOrder = events.every((event, index) => event.revision === previousRevision + index + 1);
    if (!message.isAfresh && !(isNext && isInOrder)) {
      this.lose();
      return 'broken';
    }
    if (message.isAfresh) {
      this.#allowed.clear();
      this.#entries.clear();
      this.#killed.afresh(revision);
      this.#generation += 1;
    } else {
      for (const event of events) {
        this.#apply(event);
      }
    }
    this.#known = revision;
    this.#refresh(message);
    return 'applied';
  }

  #refresh({ heartbeat, longestBoundMs }: Message): void {
    this.#heard.hasMessage = true;
    if (longestBoundMs !== undefined) {
      this.#boundMs = Math.min(this.#options.boundMs, longestBoundMs);
    }
    const beat = this.#beats.find((each) => each.heartbeat === heartbeat);
    if (beat === undefined) {
      return;
    }
    this.#heard.answeredAt = this.#clock.monotonic();
    if (beat.heartbeat > (this.#fresh?.heartbeat ?? 0)) {
      this.#fresh = beat;
    }
  }

  /** Removes what it ends, and remembers that for answers that are on their way. */
  #apply({ revision, target }: Event): void {
    this.#allowed.apply(target, revision);
    switch (target?.kind) {
      case 'family':
        this.#kill(this.#entries.ofFamily(target.id), revision);
        break;
      case 'subject':
        this.#kill(this.#entries.ofSubject(target.id), revision);
        break;
      case 'client':
        this.#kill(this.#entries.ofClient(target.id), revision);
        break;
      case 'consent':
        this.#kill(
          this.#entries.ofSubject(target.subjectId).filter(({ caller }) => caller.clientId === target.clientId),
          revision,
        );
        break;
      default:
        this.#entries.clear();
        this.#killed.all(revision);
        return;
    }
    this.#killed.add(target, revision);
  }

  /** An answer that was read at the event or after it knew of it. */
  #kill(entries: readonly Entry<Caller>[], revision: number): void {
    for (const entry of entries) {
      if (entry.revision < revision) {
        this.#entries.remove(entry.token);
      }
    }
  }
}
