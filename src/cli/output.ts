/** What a command prints: one result, as text for people or with `--json` for scripts. */
import { Option } from 'commander';

/** A result: names in snake case, as in the protos. Null is printed as nothing in the text. */
export type Result = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface OutputOptions {
  readonly json?: boolean;
}

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON');
}

/** Prints one result. `note` is for people only. */
export function printResult(options: OutputOptions, result: Result, note?: string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : textOf(result, note));
}

/** Prints a list, line by line. Who reads it may stop, as `head` does: then `isWanted` is false, and that is no failure. */
export class Lines {
  #failure: NodeJS.ErrnoException | undefined;

  constructor() {
    process.stdout.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** To be asked now and then, after something was awaited: only then failures are known. Throws when it is a full disk. */
  get isWanted(): boolean {
    if (this.#failure !== undefined && this.#failure.code !== 'EPIPE') {
      throw this.#failure;
    }
    return this.#failure === undefined;
  }
}

function textOf(result: Result, note: string | undefined): string {
  const entries = Object.entries(result).filter(([, value]) => value !== null);
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, value]) => `${name.padEnd(width)}  ${valueText(value)}`);
  return `${[...lines, ...(note === undefined ? [] : ['', note])].join('\n')}\n`;
}

function valueText(value: Result[string]): string {
  return typeof value === 'object' ? (value ?? []).join(' ') : String(value);
}

/** What others have written, on a line of its own: a line break or an escape in it must not look like a line of ours. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
}
