/** What waits for verifiers come to: how long, and whether verifiers acknowledged or had to be waited out. */
import type { Waited } from '../core/call-notes.ts';
import { Histogram, SECONDS } from '../core/histogram.ts';
import { counter, histogram, labelled, type Metric } from './metric.ts';

const SECOND_MS = 1_000;

export class WaitCounts {
  readonly #seconds = new Histogram(SECONDS);
  readonly #verifiers = { acknowledged: 0, waited_out: 0 };
  #unknown = 0;

  add({ acknowledged, waitedOut, unknownWaitedOut, waitedMs }: Waited): void {
    this.#seconds.record(waitedMs / SECOND_MS);
    this.#verifiers.acknowledged += acknowledged;
    this.#verifiers.waited_out += waitedOut;
    this.#unknown += unknownWaitedOut ? 1 : 0;
  }

  readonly metrics: readonly Metric[] = [
    histogram(
      'symbolon.waits.duration',
      's',
      'How long calls that ended tokens waited for verifiers',
      () => this.#seconds,
    ),
    labelled(
      {
        name: 'symbolon.waits.verifiers',
        type: 'counter',
        unit: '{verifier}',
        help: 'Verifiers that were waited for, by how that ended',
      },
      'outcome',
      () => this.#verifiers,
    ),
    counter(
      'symbolon.waits.unknown',
      '{wait}',
      'Waits that also lasted for verifiers that no server could count',
      () => this.#unknown,
    ),
  ];
}
