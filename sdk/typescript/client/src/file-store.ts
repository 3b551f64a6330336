/** A login in a file, which processes of all languages may share. */
import type { Stats } from 'node:fs';
import { lstat, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SymbolonError } from './errors/symbolon-error.ts';
import { FileLock } from './file-lock.ts';
import { errorCodeOf, PRIVATE, randomName, WITHOUT_WAITING } from './files.ts';
import { parseRecord } from './login/record.ts';
import type { LoginStore } from './login/store.ts';

/** What a process left behind that ended in between. */
const LEFT_BEHIND = /^\.(?:[\w-]{22}\.tmp|lock\.[\w-]{22})$/;
const LEFT_BEHIND_MS = 60_000;

/** Who reads the file is signed in: it is for its owner alone, and is refused where others may read or write it. */
export class FileStore implements LoginStore {
  readonly #path: string;
  readonly #lock: FileLock;

  /** `path` of the file, in a directory that is there. */
  constructor(path: string) {
    if (typeof path !== 'string' || path === '') {
      throw new SymbolonError('INVALID_ARGUMENT', 'path must be the path of a file');
    }
    this.#path = resolve(path);
    this.#lock = new FileLock(this.#path);
  }

  async load(): Promise<string | undefined> {
    const bytes = await this.#read();
    const text = bytes?.toString('utf8');
    if (text !== undefined && parseRecord(text) === undefined) {
      throw new SymbolonError('DATA_LOSS', `${this.#path} is cut short, or no record of a login: sign in again`);
    }
    return text;
  }

  async #read(): Promise<Buffer | undefined> {
    let file: Awaited<ReturnType<typeof open>>;
    try {
      file = await open(this.#path, WITHOUT_WAITING);
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') {
        return this.#nothing('read');
      }
      throw errorCodeOf(error) === 'ELOOP' ? this.#notRegular() : this.#unusable('read', error);
    }
    try {
      this.#requireOwn(await file.stat());
      return await file.readFile();
    } catch (error) {
      throw this.#unusable('read', error);
    } finally {
      await file.close();
    }
  }

  /** A directory that is gone, such as one of a disk that is not there now, is not a sign-out. */
  async #nothing(doing: string): Promise<undefined> {
    await stat(dirname(this.#path)).catch((error: unknown) => {
      throw this.#unusable(doing, error);
    });
  }

  async save(text: string): Promise<void> {
    try {
      await this.#requireReplaceable();
      await this.#lock.requireMine();
      await this.#replace(text);
    } catch (error) {
      throw this.#unusable('written', error);
    }
  }

  async #replace(text: string): Promise<void> {
    const unfinished = `${this.#path}.${randomName()}.tmp`;
    try {
      const file = await open(unfinished, 'wx', PRIVATE);
      let written: Stats;
      try {
        await file.writeFile(text);
        await file.sync();
        written = await file.stat();
      } finally {
        await file.close();
      }
      await this.#lock.requireMine();
      await rename(unfinished, this.#path);
      await flushDirectory(dirname(this.#path));
      await this.#removeLeftBehind(written.mtimeMs);
    } catch (error) {
      await unlink(unfinished).catch(() => undefined);
      throw error;
    }
  }

  async clear(): Promise<void> {
    try {
      await this.#requireReplaceable();
      await this.#lock.requireMine();
      await unlink(this.#path);
      await flushDirectory(dirname(this.#path));
    } catch (error) {
      if (errorCodeOf(error) !== 'ENOENT') {
        throw this.#unusable('removed', error);
      }
      await this.#nothing('removed');
    }
  }

  lock<T>(run: () => Promise<T>): Promise<T> {
    return this.#lock.during(run);
  }

  /** `now`: by the clock of the file system, which is the one that times of change are of. */
  async #removeLeftBehind(now: number): Promise<void> {
    const directory = dirname(this.#path);
    const name = basename(this.#path);
    for (const each of await readdir(directory).catch(() => [])) {
      if (each.startsWith(name) && LEFT_BEHIND.test(each.slice(name.length))) {
        const path = join(directory, each);
        const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
        if (now - mtimeMs > LEFT_BEHIND_MS) {
          await unlink(path).catch(() => undefined);
        }
      }
    }
  }

  #requireOwn(stats: Stats): void {
    if (!stats.isFile()) {
      throw this.#notRegular();
    }
    if (process.platform !== 'win32' && (stats.mode & 0o066) !== 0) {
      const message = `${this.#path} may be read or written by others than its owner: chmod 600 it, or sign in again`;
      throw new SymbolonError('FAILED_PRECONDITION', message);
    }
  }

  async #requireReplaceable(): Promise<void> {
    const stats = await lstat(this.#path).catch((error: unknown) => {
      if (errorCodeOf(error) === 'ENOENT') {
        return undefined;
      }
      throw error;
    });
    if (stats !== undefined && !stats.isFile()) {
      throw this.#notRegular();
    }
  }

  #notRegular(): SymbolonError {
    return new SymbolonError('FAILED_PRECONDITION', `${this.#path} is not a regular file: give another path`);
  }

  /** Of what the system says only the name of the error: its text names the files beside it. */
  #unusable(doing: string, error: unknown): SymbolonError {
    const message = `${this.#path} can't be ${doing} (${errorCodeOf(error) ?? 'unknown'}): see that its directory is there and is yours`;
    return error instanceof SymbolonError ? error : new SymbolonError('FAILED_PRECONDITION', message);
  }
}

/** So that a machine that loses its power does not come back with the file before. Not every system can. */
async function flushDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    await directory.sync().finally(() => directory.close());
  } catch {}
}
