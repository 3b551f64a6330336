/** What the benchmark and its processes of verifiers say to each other. Times are milliseconds of the machine's monotonic clock. */
import type { ClientSecret } from '../tokens.ts';

export type Told =
  | { readonly kind: 'open'; readonly address: string; readonly client: ClientSecret; readonly verifiers: number }
  /** To check it until memory answers. */
  | { readonly kind: 'hold'; readonly token: string }
  /** To check it on and on until it is denied. */
  | { readonly kind: 'look'; readonly token: string };

export type Tells =
  | { readonly kind: 'opened' }
  | { readonly kind: 'held' }
  | {
      readonly kind: 'denied';
      /** Of the last of its verifiers: the beginning of the first check that was denied. */
      readonly at: number;
      /** The same check's answer. */
      readonly answeredAt: number;
    };

/** Shared by all processes of the machine. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
