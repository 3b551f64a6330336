/** Waiting for what a cluster does by itself, and saying what its logs said where it didn't. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const BETWEEN_PROBES_MS = 100;
const LAST_LINES = 15;

export interface Patience {
  readonly what: string;
  readonly timeoutMs: number;
  /** Log files whose last lines belong into the message of a failure. */
  readonly logs?: readonly string[];
}

/** A probe that throws has not succeeded yet; the last reason is told at the end. */
export async function waitUntil<T>(
  { what, timeoutMs, logs = [] }: Patience,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const giveUp = Date.now() + timeoutMs;
  let reason = '';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) {
        return value;
      }
    } catch (error) {
      reason = `: ${String(error)}`;
    }
    if (Date.now() > giveUp) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}${reason}\n${logs.map(lastLines).join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_PROBES_MS));
  }
}

function lastLines(path: string): string {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  return [`--- ${basename(path)}`, ...lines.slice(-LAST_LINES)].join('\n');
}
