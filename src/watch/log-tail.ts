/** The last events of a tenant's log, which all of its watchers share: how far each has got is only a number. */
import type { RevocationEvent } from '../core/tables/revocations.ts';

/** What takes a watcher from one revision to another. One object for all that are sent the same, so that it is written out once. */
export interface Step {
  readonly previous: number;
  /** One for each revision after `previous` up to `revision`. */
  readonly events: readonly RevocationEvent[];
  readonly revision: number;
  /** About as many as it is on the wire. */
  readonly bytes: number;
}

/** Of an event besides its key: numbers, tags, lengths, the time. */
const EVENT_BYTES = 40;
/** Of all else in a message. */
const MESSAGE_BYTES = 32;

export function stepOf(previous: number, events: readonly RevocationEvent[]): Step {
  const bytes = events.reduce((sum, event) => sum + sizeOf(event), MESSAGE_BYTES);
  return { previous, events, revision: previous + events.length, bytes };
}

function sizeOf({ key }: RevocationEvent): number {
  return EVENT_BYTES + key.length;
}

export class LogTail {
  #events: RevocationEvent[] = [];
  /** Of the events up to each, since the tail began. */
  #sizes: number[] = [];
  #start: number;
  /** What was forgotten. */
  #forgotten = 0;
  #steps = new Map<number, Step>();

  constructor(start: number) {
    this.#start = start;
  }

  /** The position before its first event: watchers behind it are served by none of its steps. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#start + this.#events.length;
  }

  /** They must follow its end. */
  add(events: readonly RevocationEvent[]): void {
    if (events.length === 0) {
      return;
    }
    let size = this.#sizes.at(-1) ?? this.#forgotten;
    for (const event of events) {
      size += sizeOf(event);
      this.#events.push(event);
      this.#sizes.push(size);
    }
    this.#steps = new Map();
  }

  /** From a position between its start and its end. */
  stepAfter(position: number): Step {
    let step = this.#steps.get(position);
    if (step === undefined) {
      step = stepOf(position, this.#events.slice(position - this.#start));
      this.#steps.set(position, step);
    }
    return step;
  }

  /** How much lies after a position. */
  bytesAfter(position: number): number {
    const before = position <= this.#start ? this.#forgotten : (this.#sizes[position - this.#start - 1] ?? Number.NaN);
    return position >= this.end ? 0 : (this.#sizes.at(-1) ?? this.#forgotten) - before;
  }

  forgetUpTo(position: number): void {
    const count = Math.min(position - this.#start, this.#events.length);
    if (count > 0) {
      this.#forgotten = this.#sizes[count - 1] as number;
      this.#events = this.#events.slice(count);
      this.#sizes = this.#sizes.slice(count);
      this.#start += count;
      this.#steps = new Map();
    }
  }
}
