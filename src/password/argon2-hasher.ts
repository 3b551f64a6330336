/** Passwords by argon2id, each in its turn. */
import argon2 from 'argon2';
import type { IsAbandoned, PasswordHasher } from '../core/services/services.ts';
import { HashQueue, type HashTurns, type QueueOptions } from './hash-turns.ts';

type HashOptions = Required<Pick<argon2.HashOptions, 'type' | 'memoryCost' | 'timeCost' | 'parallelism'>>;

/** RFC 9106 parameters; the defaults are OWASP's minimum. */
export interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

export const DEFAULT_ARGON2: Argon2Parameters = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** `turns`: who says when one may begin. Without it, this hasher is the only one. */
export type HasherOptions = ({ readonly turns: HashTurns } | QueueOptions) & {
  readonly parameters?: Argon2Parameters;
  /** As another hasher with these parameters made it; absent: one is made. */
  readonly decoy?: string;
};

/** RFC 9106 section 3.1: version 1.3. */
const ARGON2_VERSION = 0x13;

export class Argon2Hasher implements PasswordHasher {
  readonly #options: HashOptions;
  readonly #turns: HashTurns;
  /** Nobody's password: a hash of the same cost to check against when there is none. */
  readonly decoy: string;

  private constructor(options: HashOptions, turns: HashTurns, decoy: string) {
    this.#options = options;
    this.#turns = turns;
    this.decoy = decoy;
  }

  static async create({ parameters = DEFAULT_ARGON2, decoy, ...options }: HasherOptions): Promise<Argon2Hasher> {
    const hashing: HashOptions = {
      type: argon2.argon2id,
      memoryCost: parameters.memoryKib,
      timeCost: parameters.passes,
      parallelism: parameters.lanes,
    };
    const turns = 'turns' in options ? options.turns : new HashQueue(options);
    return new Argon2Hasher(hashing, turns, decoy ?? (await argon2.hash('', hashing)));
  }

  hash(password: string, isAbandoned?: IsAbandoned, onBegin?: () => void): Promise<string> {
    return this.#inTurn(() => argon2.hash(password, this.#options), isAbandoned, onBegin);
  }

  verify(hash: string | null, password: string, isAbandoned?: IsAbandoned, onBegin?: () => void): Promise<boolean> {
    const check = async () => {
      const matches = await argon2.verify(hash ?? this.decoy, password);
      return matches && hash !== null;
    };
    return this.#inTurn(check, isAbandoned, onBegin);
  }

  requireRoom(): void | Promise<void> {
    return this.#turns.requireRoom();
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
    const end = await this.#turns.begin(isAbandoned);
    try {
      onBegin();
      return await work();
    } finally {
      end();
    }
  }
}
