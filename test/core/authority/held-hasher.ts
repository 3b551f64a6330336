import { SymbolonError } from '../../../src/core/errors.ts';
import type { IsAbandoned, PasswordHasher } from '../../../src/core/services/services.ts';

/** Hashes that are none, answered at once or, while it holds them, when they are released by hand. */
export class HeldHasher implements PasswordHasher {
  /** Hashes that were begun. */
  turns = 0;
  #isHeld = false;
  #release: (() => void)[] = [];
  #reached: (() => void)[] = [];

  async hash(password: string, isAbandoned?: IsAbandoned): Promise<string> {
    await this.#turn(isAbandoned);
    return `hash of ${password}`;
  }

  async verify(hash: string | null, password: string, isAbandoned?: IsAbandoned): Promise<boolean> {
    await this.#turn(isAbandoned);
    return hash === `hash of ${password}`;
  }

  needsRehash(): boolean {
    return false;
  }

  /** It has room without end. */
  requireRoom(): void {}

  hold(): void {
    this.#isHeld = true;
  }

  /** Until somebody waits. */
  async reached(): Promise<void> {
    if (this.#release.length === 0) {
      await new Promise<void>((resolve) => this.#reached.push(resolve));
    }
  }

  release(): void {
    this.#isHeld = false;
    for (const release of this.#release.splice(0)) {
      release();
    }
  }

  async #turn(isAbandoned: IsAbandoned = () => false): Promise<void> {
    if (this.#isHeld) {
      await new Promise<void>((resolve) => {
        this.#release.push(resolve);
        for (const reached of this.#reached.splice(0)) {
          reached();
        }
      });
    }
    if (isAbandoned()) {
      throw new SymbolonError('deadline_exceeded', 'Nobody waits for it');
    }
    this.turns += 1;
  }
}
