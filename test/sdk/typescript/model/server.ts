/** The protocol's server: a tenant's log, members that keep streams, readings of the log, and the barrier. */
import type { Answer, Message, Target } from '../../../../sdk/typescript/server/src/core/protocol.ts';
import type { Plan, Scope } from './plan.ts';
import { isHit, type Token, targetOf } from './tokens.ts';
import { Line, type World } from './world.ts';

export const BOUND_MS = 1_000;
export const WAIT_MS = 1_200;

/** What a server may have wrong. */
export interface ServerFaults {
  /** Echoes what arrived while the log was read. */
  readonly echoesUnread?: boolean;
  readonly waitMs?: number;
  readonly forgetsClosed?: boolean;
  readonly forgetsCrashes?: boolean;
}

/** What a verifier hears. */
export interface Ear {
  message(message: Message & { readonly acknowledgeNow: boolean }): void;
  ended(isOutOfRange: boolean): void;
}

export interface Stream {
  readonly verifierId: string;
  readonly member: number;
  readonly ear: Ear;
  readonly down: Line;
  sent: number | undefined;
  acknowledged: number;
  heartbeat: number;
  isReading: boolean;
  mustRead: boolean;
  hasSent: boolean;
  /** By real time; undefined while it is open. */
  closedAt?: number;
}

interface Barrier {
  readonly revision: number;
  readonly tokens: readonly Token[];
  isAnswered: boolean;
}

export class Server {
  readonly tokens: Token[] = [];
  readonly #world: World;
  readonly #faults: ServerFaults;
  readonly #waitMs: number;
  readonly #log = new Map<number, Target>();
  #revision = 7;
  /** What is before it was purged. */
  #oldest = 7;
  #streams: Stream[] = [];
  #barriers: Barrier[] = [];
  #crashedAt = Number.NEGATIVE_INFINITY;

  constructor(world: World, { rates }: Plan, faults: ServerFaults) {
    this.#world = world;
    this.#faults = faults;
    this.#waitMs = (faults.waitMs ?? WAIT_MS) / (rates[0] ?? 1);
  }

  /** A stream's first request arrives. */
  connect(verifierId: string, member: number, resume: number | undefined, heartbeat: number, ear: Ear): Stream {
    const stream: Stream = {
      ...{ verifierId, member, ear, down: new Line(this.#world), sent: resume, acknowledged: resume ?? 0, heartbeat },
      ...{ isReading: false, mustRead: false, hasSent: false },
    };
    const isBefore = (each: Stream) => each.verifierId === verifierId && each.member === member;
    this.#streams.filter(isBefore).map((before) => this.close(before));
    this.#streams = [...this.#streams.filter((each) => !isBefore(each)), stream];
    this.#read(stream);
    return stream;
  }

  /** A later request arrives. */
  hear(stream: Stream, heartbeat: number, acknowledged: number): void {
    if (stream.closedAt !== undefined) {
      return;
    }
    if (acknowledged > (stream.sent ?? 0)) {
      throw new Error(`acknowledged ${acknowledged}, sent ${stream.sent}`);
    }
    stream.acknowledged = Math.max(stream.acknowledged, acknowledged);
    this.#settle();
    if (heartbeat > stream.heartbeat) {
      stream.heartbeat = heartbeat;
      this.#read(stream);
    }
  }

  /** The server notices that a stream has ended, or ends it. */
  close(stream: Stream): void {
    stream.closedAt ??= this.#world.now;
  }

  /** A member dies, and its registry with it. Answers the streams that it had. */
  crash(member: number): readonly Stream[] {
    const lost = this.#streams.filter((stream) => stream.member === member);
    for (const stream of lost) {
      this.close(stream);
    }
    this.#streams = this.#streams.filter((stream) => stream.member !== member);
    this.#crashedAt = this.#world.now;
    return lost;
  }

  revoke(scope: Scope, named: Token, waits: boolean): void {
    this.#revision += 1;
    this.#log.set(this.#revision, targetOf(scope, named));
    this.#end(
      this.tokens.filter((token) => isHit(scope, named, token)),
      waits,
    );
  }

  /** A restore: the revision leaps, the log has a gap, and no event tells of what ended. Streams may live through it on PostgreSQL. */
  leap(): void {
    this.#revision += 1_000;
    this.#end(this.tokens, false);
  }

  purge(): void {
    this.#oldest = this.#revision;
  }

  /** An introspection, read now. */
  introspect(text: string): Answer<Token> {
    const revision = this.#revision;
    const token = this.tokens.find((each) => each.token === text);
    const isLive =
      token !== undefined &&
      token.endedAt === undefined &&
      token.replacedAt === undefined &&
      token.expiresAt > this.#world.now;
    return {
      revision,
      live: isLive ? { caller: token, timeToLiveMs: token.expiresAt - this.#world.now } : undefined,
    };
  }

  #end(tokens: readonly Token[], waits: boolean): void {
    for (const token of tokens) {
      token.endedRevision ??= this.#revision;
      token.endedAt ??= this.#world.now;
    }
    if (waits) {
      const barrier: Barrier = { revision: this.#revision, tokens, isAnswered: false };
      this.#barriers.push(barrier);
      this.#world.after(this.#waitMs, () => this.#answer(barrier));
    }
    for (const stream of this.#streams) {
      this.#read(stream);
    }
    this.#settle();
  }

  /** Begins a reading for a stream, or another one after that which goes on. */
  #read(stream: Stream): void {
    stream.mustRead = true;
    if (stream.isReading || stream.closedAt !== undefined) {
      return;
    }
    stream.mustRead = false;
    stream.isReading = true;
    const { heartbeat } = stream;
    const revision = this.#revision;
    this.#world.after(this.#world.delay(), () => {
      stream.isReading = false;
      if (stream.closedAt === undefined) {
        this.#tell(stream, revision, this.#faults.echoesUnread === true ? stream.heartbeat : heartbeat);
        if (stream.mustRead) {
          this.#read(stream);
        }
      }
    });
  }

  #tell(stream: Stream, revision: number, heartbeat: number): void {
    const { sent, ear } = stream;
    const isGap = sent !== undefined && (sent < this.#oldest || sent > revision);
    // Who connects is told of any gap. A stream that is open has to see for itself that events are missing.
    if (isGap || (!stream.hasSent && sent !== undefined && this.#eventsOf(sent, revision).length !== revision - sent)) {
      this.close(stream);
      stream.down.carry(() => ear.ended(true));
      return;
    }
    const message = {
      previousRevision: sent ?? revision,
      events: sent === undefined ? [] : this.#eventsOf(sent, revision),
      ...{ revision, heartbeat, isAfresh: sent === undefined },
      longestBoundMs: stream.hasSent ? undefined : BOUND_MS,
      acknowledgeNow: this.#barriers.some((barrier) => !barrier.isAnswered && barrier.revision <= revision),
    };
    stream.sent = revision;
    stream.hasSent = true;
    stream.down.carry(() => ear.message(message));
  }

  #eventsOf(after: number, upTo: number) {
    return [...this.#log]
      .filter(([revision]) => revision > after && revision <= upTo)
      .map(([revision, target]) => ({ revision, target }));
  }

  /** Answers the barriers that no stream holds back. */
  #settle(): void {
    const isLost = this.#world.now - this.#crashedAt < this.#waitMs && this.#faults.forgetsCrashes !== true;
    const counting = this.#streams.filter(({ closedAt }) =>
      closedAt === undefined ? true : this.#faults.forgetsClosed !== true && this.#world.now - closedAt < this.#waitMs,
    );
    for (const barrier of this.#barriers) {
      if (!isLost && counting.every(({ acknowledged }) => acknowledged >= barrier.revision)) {
        this.#answer(barrier);
      }
    }
  }

  #answer(barrier: Barrier): void {
    if (!barrier.isAnswered) {
      barrier.isAnswered = true;
      for (const token of barrier.tokens) {
        token.promisedAt ??= this.#world.now;
      }
    }
  }
}
