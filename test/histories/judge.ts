/** The judge: a Go program around porcupine, which is built once and asked over its standard input. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../support.ts';
import type { Operation } from './history.ts';

const SOURCE = fileURLToPath(new URL('judge', import.meta.url));
/** With more calls of unknown outcome about one family, as on a machine that stalls, it is not a fault when the judge's time is over. */
const MAX_UNKNOWN = 8;
/** Nobody may skip these tests there. */
const IS_CI = process.env.SYMBOLON_CI === '1';

export interface Verdict {
  readonly family: number;
  readonly operations: number;
  /** `Unknown`: the time was over first. */
  readonly result: 'Ok' | 'Illegal' | 'Unknown';
  /** The file that shows what is illegal. */
  readonly page?: string;
}

export interface Judgement {
  readonly families: readonly Verdict[];
  /** Where the tenant's revision went back, in words. */
  readonly revisions: readonly string[];
}

export class Judge implements Disposable {
  readonly #path: string;
  readonly #remove: () => void;

  private constructor(path: string, remove: () => void) {
    this.#path = path;
    this.#remove = remove;
  }

  /** Or a sentence that says why there is none. */
  static async build(): Promise<Judge | string> {
    const { path: directory, remove } = temporaryDirectory();
    const path = join(directory, 'judge');
    try {
      await run('go', ['build', '-o', path, '.'], { cwd: SOURCE });
      return new Judge(path, remove);
    } catch (error) {
      remove();
      return `no history is judged, for the judge can’t be built (needs Go and its modules): ${String(error)}`;
    }
  }

  /** Where it is missing, the tests of a file are skipped, and that is said. In CI they fail. */
  static async find(): Promise<Judge | undefined> {
    const judge = await Judge.build();
    if (typeof judge !== 'string') {
      return judge;
    }
    if (IS_CI) {
      throw new Error(judge);
    }
    // biome-ignore lint/suspicious/noConsole: who runs the tests must see that they did not run, and why.
    console.warn(judge);
    return undefined;
  }

  async judge(history: readonly Operation[], options: readonly string[] = []): Promise<Judgement> {
    return JSON.parse(await run(this.#path, options, { input: JSON.stringify(history) })) as Judgement;
  }

  /** What is wrong with a real history. It is then kept, with a page for each illegal family. */
  async faultsOf(history: readonly Operation[], seed: number): Promise<string[]> {
    const { families, revisions } = await this.judge(history);
    const isVague = (family: number) =>
      history.filter((operation) => operation.family === family && operation.output === null).length > MAX_UNKNOWN;
    const isBad = ({ family, result }: Verdict) => result === 'Illegal' || (result === 'Unknown' && !isVague(family));
    const bad = families.filter(isBad);
    if (bad.length === 0 && revisions.length === 0) {
      return [];
    }
    const kept = mkdtempSync(join(tmpdir(), 'symbolon-history-'));
    writeFileSync(join(kept, 'history.json'), JSON.stringify(history));
    const pages = (await this.judge(history, ['-pages', kept])).families;
    const said = pages.filter(isBad).map(inWords);
    return [`seed ${seed}; the history is kept in ${kept}`, ...said, ...revisions];
  }

  [Symbol.dispose](): void {
    this.#remove();
  }
}

function inWords({ family, operations, result, page }: Verdict): string {
  return result === 'Illegal'
    ? `no order explains the answers about family ${family}: ${page}`
    : `the ${operations} operations on family ${family} could not be judged in time`;
}

/** Answers what it printed. */
async function run(
  command: string,
  args: readonly string[],
  { cwd, input = '' }: { readonly cwd?: string; readonly input?: string },
): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that ends without reading its input says why.
  child.stdin.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${command} ended with ${code}: ${stderr.trim()}`);
  }
  return stdout;
}
