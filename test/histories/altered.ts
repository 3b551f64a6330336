/** Histories with answers that were not given, which the judge must reject. */
import type { Operation, Output } from './history.ts';

/** A pair that nobody was ever answered. */
export const MADE_UP = 1_000_000;

/** What the answers to one kind of operation are turned into, one operation at a time. */
export interface Alteration {
  readonly name: string;
  readonly of: (operation: Operation) => boolean;
  readonly into: (operation: Operation, output: Output) => Output;
}

/** Answers that would be right at another time. */
export const ALTERATIONS: readonly Alteration[] = [
  {
    name: 'inactive into active',
    of: ({ input, output }) => input.kind === 'introspect' && output?.kind === 'inactive',
    into: ({ input }, output) => ({ ...output, ...tokenOf(input), kind: 'active' }),
  },
  {
    name: 'active into inactive',
    of: ({ output }) => output?.kind === 'active',
    into: (_, output) => ({ ...output, kind: 'inactive' }),
  },
  {
    name: 'the pair of a refresh into another',
    of: ({ input, output }) => input.kind === 'refresh' && output?.kind === 'pair',
    into: (_, output) => ({ ...output, pair: MADE_UP }),
  },
  {
    name: 'the pair of a refresh into a refusal',
    of: ({ input, output }) => input.kind === 'refresh' && output?.kind === 'pair',
    into: () => ({ kind: 'refused' }),
  },
  {
    name: 'the refusal of a refresh into a pair',
    of: ({ input, output }) => input.kind === 'refresh' && output?.kind === 'refused',
    into: ({ input }) => ({ kind: 'pair', pair: MADE_UP, generation: (input.generation ?? 0) + 1 }),
  },
];

function tokenOf({ pair = 0, generation = 0 }: Operation['input']): Pick<Output, 'pair' | 'generation'> {
  return { pair, generation };
}

export interface Altered {
  /** A copy of the operations of one family for each operation that was altered, each as a family of its own. */
  readonly history: readonly Operation[];
  /** The altered operation of each family. */
  readonly altered: readonly Operation[];
}

/** `candidates`: those operations of the history that may be altered. */
export function alter(
  history: readonly Operation[],
  candidates: readonly Operation[],
  { of, into }: Alteration,
): Altered {
  const altered = candidates.filter(of);
  const copies = altered.flatMap((chosen, family) =>
    history
      .filter((operation) => operation.family === chosen.family)
      .map((operation) => {
        const isChosen = operation === chosen && operation.output !== null;
        return { ...operation, family, ...(isChosen ? { output: into(operation, operation.output) } : {}) };
      }),
  );
  return { history: copies, altered };
}
