/** The clocks, the randomness and the timers that a Login runs on. */
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { Platform } from '../login/port.ts';

export const PLATFORM: Platform = Object.freeze({
  now: () => ({ wall: Date.now(), monotonic: performance.now() }),
  randomId: () => base64url(crypto.getRandomValues(new Uint8Array(16))),
  randomSecret: () => base64url(crypto.getRandomValues(new Uint8Array(32))),
  sha256,
  sleep,
});

async function sha256(text: string): Promise<string> {
  if (crypto.subtle === undefined) {
    throw new SymbolonError(
      'FAILED_PRECONDITION',
      'the browser hashes nothing on a page of plain http: serve it by https',
    );
  }
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function sleep(ms: number, signal: AbortSignal, idle?: 'idle'): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) {
      end();
    }
    // A page has numbers for timers, and no end that they could keep it from.
    if (idle !== undefined && isOfNode(timer)) {
      timer.unref();
    }
  });
}

function isOfNode(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}
