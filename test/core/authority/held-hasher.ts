import type { PasswordHasher } from '../../../src/core/services/services.ts';

/** Hashes that are none, answered at once or, while it holds them, when they are released by hand. */
export class HeldHasher implements PasswordHasher {
  #isHeld = false;
  #release: (() => void)[] = [];
  #reached: (() => void)[] = [];

  async hash(password: string): Promise<string> {
    await this.#turn();
    return `hash of ${password}`;
  }

  async verify(hash: string | null, password: string): Promise<boolean> {
    await this.#turn();
    return hash === `hash of ${password}`;
  }

  needsRehash(): boolean {
    return false;
  }

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

  async #turn(): Promise<void> {
    if (!this.#isHeld) {
      return;
    }
    await new Promise<void>((resolve) => {
      this.#release.push(resolve);
      for (const reached of this.#reached.splice(0)) {
        reached();
      }
    });
  }
}
