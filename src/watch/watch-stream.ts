/** One stream of a verifier: what it has said, what it was sent, and what waits for it. Who reads the log for it is not its matter. */
import type { SymbolonError } from '../core/errors.ts';
import { RequestBudget } from './flow.ts';
import type { Step } from './log-tail.ts';
import type { OpenWatcher } from './registry.ts';
import type { Standing } from './standing.ts';
import { invalid, tooManyRequests } from './watch-errors.ts';

/** What a watcher is sent, which it applies as a whole. */
export interface WatchMessage {
  readonly step: Step;
  /** The newest that had arrived before the reading began by which the watcher knows of all up to the step's end; 0: none. */
  readonly heartbeat: number;
  /** Forget everything, and begin at the step's end. */
  readonly isAfresh: boolean;
  readonly isFirst: boolean;
  readonly acknowledgeNow: boolean;
}

/** The way to a watcher. */
export interface Sink {
  /** `onTaken`: the message has left this process, so that the next one would not wait behind it. */
  send(message: WatchMessage, onTaken: () => void): void;
  /** Ends the stream, behind what was sent. Undefined: as the watcher wished. */
  end(error: SymbolonError | undefined): void;
}

export interface WatchRequest {
  /** 0: none. */
  readonly heartbeat: number;
  /** 0: none. */
  readonly acknowledgedRevision: number;
}

export interface StreamHost {
  /** A heartbeat has come. */
  onHeard(stream: WatchStream): void;
  /** It can be sent more. */
  onTaken(stream: WatchStream): void;
  onSent(): void;
  onEnd(stream: WatchStream, error: SymbolonError | undefined): void;
}

export interface StreamOptions {
  readonly tenantId: string;
  readonly clientId: string;
  readonly standing: Standing;
  readonly sink: Sink;
  readonly host: StreamHost;
  readonly opened: OpenWatcher;
  readonly now: () => number;
  /** That came with the start; 0: none. */
  readonly heartbeat: number;
}

export class WatchStream {
  readonly tenantId: string;
  readonly clientId: string;
  readonly opened: OpenWatcher;
  standing: Standing;
  /** Whether it is looked up whether the caller still stands. Meanwhile nothing is answered that would let the verifier be open. */
  isChecking = false;
  /** The newest of those look-ups. */
  renewal: Promise<Standing> | undefined;
  /** Up to where it was sent everything; before the first message, where it comes from. */
  sent = 0;
  acknowledged = 0;
  /** The largest revision that it was asked to acknowledge. */
  askedFor = 0;
  isBusy = false;
  isOver = false;
  /** Of the message that has not left yet. */
  bytesOnTheWay = 0;
  readonly #options: StreamOptions;
  readonly #budget: RequestBudget;
  /** Newest of all. */
  #newest: number;
  /** Came after the last reading began; came before it; is answered by it. */
  #heard: number;
  #asked = 0;
  #echo = 0;
  #hasBegun = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.tenantId = options.tenantId;
    this.clientId = options.clientId;
    this.opened = options.opened;
    this.standing = options.standing;
    this.#newest = options.heartbeat;
    this.#heard = options.heartbeat;
    this.#budget = new RequestBudget(options.now());
  }

  get hasHeard(): boolean {
    return this.#heard !== 0;
  }

  get hasEcho(): boolean {
    return this.#echo !== 0 && !this.isChecking;
  }

  /** What the watcher says after its start. */
  receive({ heartbeat, acknowledgedRevision }: WatchRequest): void {
    if (this.isOver) {
      return;
    }
    if (!this.#budget.take(this.#options.now(), heartbeat !== 0)) {
      this.end(tooManyRequests());
    } else if (heartbeat !== 0 && heartbeat <= this.#newest) {
      this.end(invalid(`heartbeat must grow: ${heartbeat} came after ${this.#newest}`));
    } else if (acknowledgedRevision !== 0 && !this.opened.acknowledged(acknowledgedRevision)) {
      this.end(invalid('acknowledged_revision is more than this stream was sent. Acknowledge what was applied'));
    } else {
      this.acknowledged = Math.max(this.acknowledged, acknowledgedRevision);
      if (heartbeat !== 0) {
        this.#newest = heartbeat;
        this.#heard = heartbeat;
        this.#options.host.onHeard(this);
      }
    }
  }

  /** A reading begins: what came until now can be answered by it. */
  ask(): void {
    if (this.#heard !== 0) {
      this.#asked = this.#heard;
      this.#heard = 0;
    }
  }

  /** The reading has ended, and all that it told is in what is sent next. */
  answer(): void {
    if (this.#asked !== 0) {
      this.#echo = this.#asked;
      this.#asked = 0;
    }
  }

  /** Must not be called while it is busy, but for what is sent last. */
  write(step: Step, awaited: number, isAfresh = false): void {
    const heartbeat = this.isChecking ? 0 : this.#echo;
    if (heartbeat !== 0) {
      this.#echo = 0;
    }
    const acknowledgeNow = awaited > Math.max(this.acknowledged, this.askedFor) && step.revision >= awaited;
    if (acknowledgeNow) {
      this.askedFor = awaited;
    }
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    this.sent = step.revision;
    this.opened.sent(step.revision);
    this.isBusy = true;
    this.bytesOnTheWay += step.bytes;
    this.#options.host.onSent();
    this.#options.sink.send({ step, heartbeat, isAfresh, isFirst, acknowledgeNow }, () => {
      this.bytesOnTheWay = 0;
      this.isBusy = false;
      if (!this.isOver) {
        this.#options.host.onTaken(this);
      }
    });
  }

  /** The watcher is gone, or wishes no more. */
  close(): void {
    this.end(undefined);
  }

  end(error: SymbolonError | undefined): void {
    if (!this.isOver) {
      this.isOver = true;
      this.opened.close();
      this.#options.host.onEnd(this, error);
      this.#options.sink.end(error);
    }
  }
}
