/** What becomes of the lines of verifiers while something else happens, and how it ends. */
import type { Line } from '../../../line.ts';

/** Answers how to end it. */
type Trouble = (line: Line) => () => void;

const nothing = () => undefined;

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  nothing: () => nothing,
  cut: (line) => {
    line.cut();
    return nothing;
  },
  cutTwice: (line) => {
    line.cut();
    return () => line.cut();
  },
  frozen: (line) => {
    line.freeze();
    return () => line.thaw();
  },
  /** The connections of before are gone, and no other comes about. */
  away: (line) => {
    line.freeze();
    return () => {
      line.thaw();
      line.cut();
    };
  },
  /** Answers are older than the bound when they come. */
  late: (line) => {
    line.slow({ delayMs: 1_400 });
    return () => line.slow(undefined);
  },
  drips: (line) => {
    line.slow({ delayMs: 20, pieceBytes: 24 });
    return () => line.slow(undefined);
  },
};

/** Numbers from 0 up to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function drawn<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}
