/**
 * What a command prints. For people: a name and a value on each line, or a table with a header. For scripts, with `--json`: one object
 * on a line, and so of a list one on each line (NDJSON). Names are in snake case, as in the protos.
 */
import { createRequire } from 'node:module';
import { Option } from 'commander';

export type Value = string | number | boolean | null | readonly string[];

/** A result. Null is printed as nothing in the text. */
export type Result = Readonly<Record<string, Value>>;

export interface OutputOptions {
  readonly json?: boolean;
}

export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON, a list as one object on each line; errors too');
}

/** Prints one result. `note` is for people only. */
export function printResult(options: OutputOptions, result: Result, note?: string): void {
  process.stdout.write(options.json === true ? `${jsonText(result)}\n` : textOf(result, note));
}

/** Prints a list, line by line. Who reads it may stop, as `head` does: then `isWanted` is false, and that is not a failure. */
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

const GAP = '  ';

/**
 * A list, page by page. On a terminal it is a table with a header, its columns as wide as what was printed needs; values are never cut,
 * for they are copied. Into a pipe or a file go the same columns without a header, with tabs between, for `cut` and `awk`.
 */
export class ListPrinter {
  readonly #lines = new Lines();
  readonly #json: boolean;
  readonly #isTerminal: boolean;
  readonly #columns: readonly string[];
  #widths: number[] | undefined;

  /** `columns` are those of the fields that people see; scripts get all with `--json`. */
  constructor({ json = false }: OutputOptions, columns: readonly string[], isTerminal = process.stdout.isTTY === true) {
    this.#json = json;
    this.#columns = columns;
    this.#isTerminal = isTerminal;
  }

  print(rows: readonly Result[]): void {
    for (const line of this.#json ? rows.map(jsonText) : this.#textOf(rows)) {
      this.#lines.print(line);
    }
  }

  /** To be asked after each page: who reads may have gone. */
  get isWanted(): boolean {
    return this.#lines.isWanted;
  }

  /** Says to people that there was nothing; scripts see that themselves. */
  end(none: string): void {
    if (this.#isTerminal && !this.#json && this.#widths === undefined) {
      process.stderr.write(`${none}\n`);
    }
  }

  #textOf(rows: readonly Result[]): string[] {
    const cells = rows.map((row) => this.#columns.map((column) => cellOf(row[column])));
    if (!this.#isTerminal) {
      return cells.map((row) => row.join('\t'));
    }
    if (rows.length === 0) {
      return [];
    }
    const header = this.#columns.map((column) => column.toUpperCase().replaceAll('_', ' '));
    const all = this.#widths === undefined ? [header, ...cells] : cells;
    const before = this.#widths ?? [];
    const widths = header.map((_, at) => Math.max(before[at] ?? 0, ...all.map((row) => widthOf(row[at] ?? ''))));
    this.#widths = widths;
    return all.map((row) =>
      row
        .map((cell, at) => padded(cell, widths[at] ?? 0))
        .join(GAP)
        .trimEnd(),
    );
  }
}

function cellOf(value: Value | undefined): string {
  return value === undefined || value === null ? '' : plain(valueText(value));
}

/** Printable ASCII. */
const NARROW = /^[ -~]*$/;
const require = createRequire(import.meta.url);

/** In columns of a terminal. The library that knows of other scripts takes a tenth of a second to load, so it is loaded for them only. */
function widthOf(cell: string): number {
  if (NARROW.test(cell)) {
    return cell.length;
  }
  const { default: stringWidth } = require('string-width') as { default: (text: string) => number };
  return stringWidth(cell);
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - widthOf(cell)));
}

function textOf(result: Result, note: string | undefined): string {
  const entries = Object.entries(result).filter(([, value]) => value !== null);
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, value]) => `${name.padEnd(width)}${GAP}${plain(valueText(value))}`.trimEnd());
  return `${[...lines, ...(note === undefined ? [] : ['', note])].join('\n')}\n`;
}

function valueText(value: Value): string {
  return typeof value === 'object' ? (value ?? []).join(' ') : String(value);
}

/** One line of JSON. What a terminal would obey, or would not show, is escaped as JSON escapes. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(UNSEEN, (each) =>
    [...Array(each.length).keys()].map((at) => `\\u${each.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** What others have written, on a line of its own: a line break or an escape in it must not look like a line of ours. */
export function plain(text: string): string {
  return text.replace(UNSEEN, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
}
