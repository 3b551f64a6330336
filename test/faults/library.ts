/** The library of `disk.c`, compiled once for the tests that load it, and processes under it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../support.ts';

const SOURCE = fileURLToPath(new URL('disk.c', import.meta.url));

export const CAN_WATCH =
  process.platform === 'linux' && spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0;

/** The name of a test that needs it, with why it is skipped where it is. */
export function watched(title: string): string {
  return CAN_WATCH ? title : `${title} (skipped: needs Linux and a C compiler, cc)`;
}

export type Fault = 'fail-read' | 'fail-sync-wal' | 'fail-sync-db' | 'die-at-sync-wal' | 'ignore-sync';

/** A directory whose disk is watched, and fails when it is told to. */
export class WatchedDisk implements Disposable {
  /** What the processes may write to. */
  readonly root: string;
  readonly dataDir: string;
  readonly journal: string;
  readonly #faults: string;
  readonly #library: string;
  readonly #remove: () => void;

  constructor() {
    const { path, remove } = temporaryDirectory();
    this.#remove = remove;
    this.root = join(path, 'root');
    this.dataDir = join(this.root, 'data');
    this.journal = join(path, 'journal');
    this.#faults = join(path, 'faults');
    this.#library = join(path, 'disk.so');
    mkdirSync(this.root);
    mkdirSync(this.#faults);
    const compiled = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-o', this.#library, SOURCE, '-ldl', '-lpthread'], {
      encoding: 'utf8',
    });
    if (compiled.status !== 0) {
      throw new Error(`disk.c can't be compiled: ${compiled.error ?? compiled.stderr}`);
    }
  }

  /** The environment of a process that is to be watched. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      FAULTY_DISK_ROOT: this.root,
      FAULTY_DISK_JOURNAL: this.journal,
      FAULTY_DISK_FAULTS: this.#faults,
    };
  }

  /** The fault holds until it is disposed of. */
  begin(fault: Fault): Disposable {
    const path = join(this.#faults, fault);
    writeFileSync(path, '');
    return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
  }

  [Symbol.dispose](): void {
    this.#remove();
  }
}
