/**
 * Passwords by argon2id. One hash costs what hundreds of introspections cost, so at most `concurrency` run at once, the rest wait
 * in a bounded queue, and beyond it a login is refused at once. What nobody waits for any more leaves the queue unhashed.
 */
import argon2 from 'argon2';
import { SymbolonError } from '../core/errors.ts';
import { Histogram, SECONDS } from '../core/histogram.ts';
import type { IsAbandoned, PasswordHasher } from '../core/services/services.ts';

type HashOptions = Required<Pick<argon2.HashOptions, 'type' | 'memoryCost' | 'timeCost' | 'parallelism'>>;

/** RFC 9106 parameters; the defaults are OWASP's minimum. */
export interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

export const DEFAULT_ARGON2: Argon2Parameters = { memoryKib: 19_456, passes: 2, lanes: 1 };

export interface HasherOptions {
  readonly parameters?: Argon2Parameters;
  /** Hashes at once: as many as there are processors. */
  readonly concurrency: number;
  /** Hashes that may wait. */
  readonly queueLimit?: number;
}

/** RFC 9106 section 3.1: version 1.3. */
const ARGON2_VERSION = 0x13;

const DEFAULT_QUEUE_LIMIT = 128;
const RETRY_AFTER_MS = 1_000;
/** In a second. */
const MS = 1_000;

/** A hash that waits for its turn. */
interface Waiting {
  readonly begin: () => void;
  readonly isAbandoned: IsAbandoned;
  readonly leave: () => void;
}

function abandoned(): SymbolonError {
  return new SymbolonError('deadline_exceeded', 'The deadline passed before the password was checked');
}

export class Argon2Hasher implements PasswordHasher {
  readonly #options: HashOptions;
  readonly #concurrency: number;
  readonly #queueLimit: number;
  readonly #waiting: Waiting[] = [];
  readonly #waitSeconds = new Histogram(SECONDS);
  readonly #hashSeconds = new Histogram(SECONDS);
  readonly #decoy: string;
  #running = 0;
  #refused = 0;
  #abandoned = 0;

  private constructor(options: HashOptions, concurrency: number, queueLimit: number, decoy: string) {
    this.#options = options;
    this.#concurrency = concurrency;
    this.#queueLimit = queueLimit;
    this.#decoy = decoy;
  }

  static async create({ parameters = DEFAULT_ARGON2, concurrency, queueLimit }: HasherOptions): Promise<Argon2Hasher> {
    const options: HashOptions = {
      type: argon2.argon2id,
      memoryCost: parameters.memoryKib,
      timeCost: parameters.passes,
      parallelism: parameters.lanes,
    };
    // Nobody's password: a hash of the same cost to check against when there is none.
    const decoy = await argon2.hash('', options);
    return new Argon2Hasher(options, concurrency, queueLimit ?? DEFAULT_QUEUE_LIMIT, decoy);
  }

  hash(password: string, isAbandoned?: IsAbandoned, onBegin?: () => void): Promise<string> {
    return this.#inTurn(() => argon2.hash(password, this.#options), isAbandoned, onBegin);
  }

  verify(hash: string | null, password: string, isAbandoned?: IsAbandoned, onBegin?: () => void): Promise<boolean> {
    const check = async () => {
      const matches = await argon2.verify(hash ?? this.#decoy, password);
      return matches && hash !== null;
    };
    return this.#inTurn(check, isAbandoned, onBegin);
  }

  /** What an operator is told. `refused`: for want of room; `abandoned`: nobody waited for them any more. */
  figures() {
    return {
      waiting: this.#waiting.length,
      running: this.#running,
      refused: this.#refused,
      abandoned: this.#abandoned,
      waitSeconds: this.#waitSeconds,
      hashSeconds: this.#hashSeconds,
    };
  }

  requireRoom(): void {
    if (this.#running >= this.#concurrency && this.#waiting.length >= this.#queueLimit) {
      this.#dropAbandoned();
      if (this.#waiting.length >= this.#queueLimit) {
        this.#refused += 1;
        throw new SymbolonError('overloaded', 'Too many logins are waiting', { retryAfterMs: RETRY_AFTER_MS });
      }
    }
  }

  /** `argon2.needsRehash` asks whether the parameters differ, and would weaken a hash of larger ones. */
  needsRehash(hash: string): boolean {
    const { memoryCost, timeCost, parallelism } = this.#options;
    // PHC form, whatever order its parameters are in.
    const parameter = (name: string) => Number(new RegExp(`[$,]${name}=(\\d+)`).exec(hash)?.[1] ?? 0);
    return (
      !hash.startsWith('$argon2id$') ||
      parameter('v') < ARGON2_VERSION ||
      parameter('m') < memoryCost ||
      parameter('t') < timeCost ||
      parameter('p') < parallelism
    );
  }

  async #inTurn<T>(
    work: () => Promise<T>,
    isAbandoned: IsAbandoned = () => false,
    onBegin: () => void = () => undefined,
  ): Promise<T> {
    this.requireRoom();
    if (isAbandoned()) {
      this.#abandoned += 1;
      throw abandoned();
    }
    const arrival = performance.now();
    if (this.#running < this.#concurrency) {
      this.#running += 1;
    } else {
      // The one that ends hands its place over, so the number that runs does not change.
      await new Promise<void>((begin, reject) => {
        this.#waiting.push({ begin, isAbandoned, leave: () => reject(abandoned()) });
      });
    }
    const begin = performance.now();
    this.#waitSeconds.record((begin - arrival) / MS);
    try {
      onBegin();
      return await work();
    } finally {
      this.#hashSeconds.record((performance.now() - begin) / MS);
      this.#next();
    }
  }

  /** The first that somebody still waits for. */
  #next(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (!next.isAbandoned()) {
        next.begin();
        return;
      }
      this.#leave(next);
    }
    this.#running -= 1;
  }

  #leave(waiting: Waiting): void {
    this.#abandoned += 1;
    waiting.leave();
  }

  #dropAbandoned(): void {
    const all = this.#waiting.splice(0);
    for (const waiting of all) {
      if (waiting.isAbandoned()) {
        this.#leave(waiting);
      } else {
        this.#waiting.push(waiting);
      }
    }
  }
}
