/** A lock between processes: a file beside the one that it is for. Another language may hold it, so docs/login.md says how it looks. */
import { link, open, rename, unlink } from 'node:fs/promises';
import { SymbolonError } from './errors/symbolon-error.ts';
import { errorCodeOf, PRIVATE, randomName, WITHOUT_WAITING } from './files.ts';

/** Who holds it longer has ended. */
const STALE_MS = 15_000;
const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 1_000;

export class FileLock {
  readonly #path: string;
  /** What the lock says while it is held here. */
  #mine: string | undefined;

  /** `path`: of what is locked. */
  constructor(path: string) {
    this.#path = `${path}.lock`;
  }

  async during<T>(run: () => Promise<T>): Promise<T> {
    const mine = await this.#take();
    this.#mine = mine;
    try {
      return await run();
    } finally {
      this.#mine = undefined;
      await this.#release(mine);
    }
  }

  /** @throws SymbolonError: it was held too long, and another process has it by now. Without a lock there is nothing to lose */
  async requireMine(): Promise<void> {
    if (this.#mine !== undefined && (await textOf(this.#path)) !== this.#mine) {
      throw new SymbolonError(
        'UNAVAILABLE',
        `${this.#path} was taken by another process: this one stood still too long`,
      );
    }
  }

  async #take(): Promise<string> {
    const mine = randomName();
    const giveUp = performance.now() + PATIENCE_MS;
    for (let lookAt = Number.NEGATIVE_INFINITY; ; ) {
      if (await this.#create(mine)) {
        return mine;
      }
      if (performance.now() >= lookAt) {
        lookAt = performance.now() + LOOK_AGAIN_MS;
        await this.#removeStale();
      }
      if (performance.now() >= giveUp) {
        const message = `${this.#path} is held by another process: remove it where there is none`;
        throw new SymbolonError('UNAVAILABLE', message);
      }
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
    }
  }

  async #create(mine: string): Promise<boolean> {
    try {
      const file = await open(this.#path, 'wx', PRIVATE);
      try {
        await file.writeFile(mine).finally(() => file.close());
      } catch (error) {
        // An empty one would be waited for, until it seems to be of a process that ended.
        await unlink(this.#path).catch(() => undefined);
        throw error;
      }
      return true;
    } catch (error) {
      if (errorCodeOf(error) === 'EEXIST') {
        return false;
      }
      const message = `${this.#path} can't be made (${errorCodeOf(error)}): see that its directory is there and is yours`;
      throw new SymbolonError('FAILED_PRECONDITION', message);
    }
  }

  /** Takes the lock of a process that ended out of the way, and puts back one that was taken meanwhile. */
  async #removeStale(): Promise<void> {
    const seen = await lookAt(this.#path);
    if (seen === undefined || (await this.#clock()) - seen.changed <= STALE_MS) {
      return;
    }
    const aside = `${this.#path}.${randomName()}`;
    try {
      await rename(this.#path, aside);
    } catch {
      return;
    }
    if ((await textOf(aside)) !== seen.text) {
      // Fails where another has the lock already.
      await link(aside, this.#path).catch(() => undefined);
    }
    await unlink(aside).catch(() => undefined);
  }

  /** By the file system, which may be another machine's. */
  async #clock(): Promise<number> {
    const path = `${this.#path.slice(0, -'.lock'.length)}.${randomName()}.tmp`;
    try {
      const file = await open(path, 'wx', PRIVATE);
      return (await file.stat().finally(() => file.close())).mtimeMs;
    } catch {
      return Number.NEGATIVE_INFINITY;
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }

  async #release(mine: string): Promise<void> {
    if ((await textOf(this.#path)) === mine) {
      await unlink(this.#path).catch(() => undefined);
    }
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return (await lookAt(path))?.text;
}

/** Undefined: it is not there, or is no regular file, which is nobody's lock. */
async function lookAt(path: string): Promise<{ readonly text: string; readonly changed: number } | undefined> {
  try {
    const file = await open(path, WITHOUT_WAITING);
    try {
      const stats = await file.stat();
      return stats.isFile() ? { text: await file.readFile('utf8'), changed: stats.mtimeMs } : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
