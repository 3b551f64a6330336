/** Reading rows without locks, as commands that need none and the operations do: batched with what others read at the same time. */
import type { CommandPlan } from '../../core/commands/decide.ts';
import { type Result, together } from './batch.ts';
import { ask, freeLoadingOf, type Loaded, type Loading, loadedFrom } from './load.ts';
import type { PostgresOptions } from './options.ts';
import type { Primary } from './primary.ts';
import { ReadBatches } from './read-batches.ts';

export interface ReadRows extends Loaded {
  /** Where they were read. */
  readonly timeline: number;
}

interface Answer {
  readonly results: readonly Result[];
  readonly timeline: number;
}

export class RowReader {
  readonly #clock: PostgresOptions['clock'];
  readonly #batches: ReadBatches<Loading, Answer>;

  constructor(primary: Primary, clock: PostgresOptions['clock']) {
    this.#clock = clock;
    this.#batches = new ReadBatches((loadings) =>
      primary.read(async (session) => {
        const answers = await together(loadings.map((loading) => ask(session, loading)));
        return answers.map((results): Answer => ({ results, timeline: session.timeline }));
      }),
    );
  }

  /** What can't be asked, or can't be understood, fails alone: it is found outside of the batch. */
  async read(plan: CommandPlan): Promise<ReadRows> {
    const loading = freeLoadingOf(plan, this.#clock());
    const { results, timeline } = await this.#batches.read(loading);
    return { ...loadedFrom(loading, results), timeline };
  }
}
