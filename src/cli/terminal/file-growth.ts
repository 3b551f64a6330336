/** The progress of a file that grows while this thread is busy: another one looks at it. On a terminal only. */
import { Worker } from 'node:worker_threads';

/** What the thread is told: of a file, or in words. */
export interface GrowthMessage {
  readonly what: string;
  readonly path?: string;
  readonly total?: number;
}

export class FileGrowth {
  readonly #what: string;
  #worker: Worker | undefined;

  constructor(what: string) {
    this.#what = what;
  }

  begin(path: string, total: number): void {
    if (process.stderr.isTTY) {
      this.#worker = new Worker(new URL('./file-growth-thread.ts', import.meta.url));
      this.#worker.unref();
      this.#worker.postMessage({ what: this.#what, path, total } satisfies GrowthMessage);
    }
  }

  say(what: string): void {
    this.#worker?.postMessage({ what } satisfies GrowthMessage);
  }

  async end(): Promise<void> {
    if (this.#worker !== undefined) {
      await this.#worker.terminate();
      process.stderr.write('\r\u{1b}[K');
    }
  }
}
