/** What a node hears of others that it asks. */
import { expect } from 'vitest';
import type { Count } from '../../../src/core/services/verifiers.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';

export class Heard {
  readonly counts: Count[] = [];
  readonly stop: () => void;

  private constructor(node: PostgresStore, revision: number) {
    this.stop = node.others.follow('acme', revision, (count) => this.counts.push(count));
  }

  static of(node: PostgresStore, revision = 1): Heard {
    return new Heard(node, revision);
  }

  /** The last one, once there is one. */
  async last(): Promise<Count> {
    await this.until(() => true);
    return this.counts.at(-1) as Count;
  }

  async until(isSo: (count: Count) => boolean): Promise<void> {
    await expect.poll(() => this.counts.some(isSo), { timeout: 30_000, interval: 5 }).toBe(true);
  }
}
