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

function textOf(result: Result, note: string | undefined): string {
  const entries = Object.entries(result).filter(([, value]) => value !== null);
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, value]) => `${name.padEnd(width)}  ${valueText(value)}`);
  return `${[...lines, ...(note === undefined ? [] : ['', note])].join('\n')}\n`;
}

function valueText(value: Result[string]): string {
  return typeof value === 'object' ? (value ?? []).join(' ') : String(value);
}
