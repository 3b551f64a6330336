/**
 * What is known of one call, whichever door it came by. The door says how it came and how it ended, the operation what it was about
 * (src/core/call-notes.ts). When it is over, every observer of the server is given it: that is what lines of the log, numbers and traces
 * are made of.
 */
import type { Logger } from 'pino';
import type { CallFacts, CallNotes, PhaseName } from '../core/call-notes.ts';
import { type Caller, isStranger } from '../core/operations/authenticate.ts';
import { logCall } from './call-log.ts';
import { peerOf } from './peer.ts';

/** How the call came. */
export type Door = 'grpc' | 'http';

/** A stretch of a call. Times are `performance.now()`. */
export interface Phase {
  readonly name: PhaseName;
  /** Such as the kind of the command. */
  readonly what: string;
  readonly startTime: number;
  /** Undefined while it lasts: a call may be given up before what it began has ended. */
  endTime: number | undefined;
}

/** As a tracer knows the call. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether it is kept. */
  readonly isSampled: boolean;
}

/** Is told of every call of a server. It must not throw, and it is on the path that is taken thousands of times a second. */
export interface CallObserver {
  /** Before the caller is known. */
  readonly begin?: ((call: CallRecord) => void) | undefined;
  /** Once it is over. Nothing of the record changes any more. */
  readonly finish: (call: CallRecord) => void;
}

/** Who is told of the calls of a server: the log last. */
export interface CallAudience {
  readonly log: Logger;
  readonly observers?: readonly CallObserver[] | undefined;
}

const NO_FACTS: CallFacts = {};
const NO_PHASES: readonly Phase[] = [];

export abstract class CallRecord implements CallNotes {
  readonly startTime = performance.now();
  endTime = 0;
  /** Undefined until the caller has shown who it is. */
  caller: Caller | undefined;
  /** `ok`, an error code of the core, or one of HTTP's own. */
  code = 'ok';
  /** Why it failed, where the caller is not told. */
  cause: unknown;
  /** As the log has it: `Issue`, `kii.token`. */
  method = '';
  /** The level that it is logged at when all is well. */
  logLevel: 'info' | 'debug' = 'info';
  trace: TraceIds | undefined;
  isActive: boolean | undefined;
  #facts: CallFacts = NO_FACTS;
  #phases: Phase[] | undefined;

  abstract readonly door: Door;
  /** The path of the contract's method, or the route of HTTP with its parameters' names; undefined where nothing is. */
  abstract readonly route: string | undefined;
  /** Always the same. Making one up costs something, so it is asked for only where it is needed. */
  abstract readonly requestId: string;
  /** Of the peer, as its socket has it. */
  abstract readonly remoteAddress: string | undefined;
  /** A header or metadata value that came once. */
  abstract header(name: string): string | undefined;

  /** What HTTP answered; undefined elsewhere, and where nothing was. */
  get status(): number | undefined {
    return undefined;
  }

  /** The method of HTTP. */
  get httpMethod(): string | undefined {
    return undefined;
  }

  /** Whether it asked for what is there to be asked for: not a preflight, nor what is at no path. */
  get isForOperation(): boolean {
    return true;
  }

  /** Whether it is a stream, which goes on for as long as its client likes: its time says nothing about the server. */
  get lasts(): boolean {
    return false;
  }

  get facts(): CallFacts {
    return this.#facts;
  }

  get event(): string | undefined {
    return this.#facts.event;
  }

  get phases(): readonly Phase[] {
    return this.#phases ?? NO_PHASES;
  }

  get tenantId(): string | undefined {
    return this.caller?.tenantId ?? this.#facts.tenant;
  }

  /** The client that called, or the one that somebody took the name of. */
  get clientId(): string | undefined {
    return this.#facts.client ?? this.caller?.clientId;
  }

  /** The peer's IPv4 address or network of IPv6. */
  get address(): string | undefined {
    const address = peerOf(this.remoteAddress);
    return address === '' ? undefined : address;
  }

  /** Whether no client has proven itself: then anybody may have made this call. */
  get isStranger(): boolean {
    return this.caller === undefined || isStranger(this.caller);
  }

  note(facts: CallFacts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  phase(name: PhaseName, what: string): () => void {
    const phase: Phase = { name, what, startTime: performance.now(), endTime: undefined };
    this.#phases ??= [];
    this.#phases.push(phase);
    return () => {
      phase.endTime = performance.now();
    };
  }

  /** How long it took, in milliseconds. */
  get durationMs(): number {
    return this.endTime - this.startTime;
  }

  /** How much of it went where. Of what goes on when the call is given up, what was until then. */
  spentMs(name: PhaseName): number {
    let ms = 0;
    for (const phase of this.phases) {
      if (phase.name === name && phase.startTime < this.endTime) {
        ms += Math.min(phase.endTime ?? this.endTime, this.endTime) - phase.startTime;
      }
    }
    return ms;
  }
}

/** Tells those who want to know that a call came. */
export function beginCall(
  { observers }: CallAudience,
  call: CallRecord,
  method: string,
  level: 'info' | 'debug',
): void {
  call.method = method;
  call.logLevel = level;
  if (observers !== undefined) {
    for (const { begin } of observers) {
      begin?.(call);
    }
  }
}

/** Tells that it is over, before it is answered. */
export function finishCall({ observers, log }: CallAudience, call: CallRecord): void {
  call.endTime = performance.now();
  if (observers !== undefined) {
    for (const { finish } of observers) {
      finish(call);
    }
  }
  logCall(log, call);
}
