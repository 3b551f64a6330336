/**
 * Statements that are sent together and answered together: one packet there, one back, one Sync at the end. The driver's own pipelining
 * ends each statement with a Sync, which makes both sides do a system call for each. Outside BEGIN and COMMIT a batch is one
 * transaction of its own, committed before it is answered (PostgreSQL's documentation, "Extended Query": Sync).
 */
import type { Duplex } from 'node:stream';
import pg, { type ClientBase, type Connection, type Submittable } from 'pg';
import { wireValue } from './wire-values.ts';

/** `[name, text]` of a statement that is prepared once for each connection. */
export type Statement = readonly [name: string, text: string];

export type Row = readonly unknown[];

export interface Result {
  readonly rows: readonly Row[];
  /** Of rows that were read or changed. */
  readonly rowCount: number;
  /** `SELECT`, `INSERT`, `COMMIT` … */
  readonly command: string;
}

/** A statement before this one failed, and so this one was not executed. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
}

interface Question {
  readonly statement: Statement;
  readonly values: readonly (string | Buffer | null)[];
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

type Parser = (text: string) => unknown;

interface DescribedField {
  readonly dataTypeID: number;
}

/** The outcome is not known: the server gave up waiting for its replica and said so in a warning only. */
export class NotReplicated extends Error {
  override readonly name = 'NotReplicated';
}

/** The class of "canceling wait for synchronous replication": COMMIT is answered all the same, but only this server has it. */
export const WARNING = '01000';
const MAX_FORGOTTEN = 100;
const BIGINT = 20;
/** By the text of the statement: its columns stay what they are, so the server is asked only once. */
const parsersOf = new Map<string, readonly Parser[]>();

/** Sixty-four bits, of which our numbers use 53. */
function parserOf({ dataTypeID }: DescribedField): Parser {
  return dataTypeID === BIGINT ? Number : (pg.types.getTypeParser(dataTypeID) as Parser);
}

/** The statements of one connection: which are prepared under which name, and which wait to be sent. */
export class Batches {
  readonly #client: ClientBase;
  readonly #prepared = new Map<string, string>();
  #count = 0;
  #waiting: Question[] = [];
  #current: Batch | undefined;

  constructor(client: ClientBase) {
    this.#client = client;
    client.on('notice', ({ code }) => {
      if (code === WARNING) {
        this.#current?.doubt();
      }
    });
  }

  /** Whether many statements were prepared in batches that failed: each has a name on the server that is never used again. */
  get isWorn(): boolean {
    return this.#count - this.#prepared.size > MAX_FORGOTTEN;
  }

  /** What is asked in one go, without waiting in between, goes together. */
  ask(statement: Statement, values: readonly unknown[]): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ statement, values: values.map(wireValue), resolve, reject });
      if (this.#waiting.length === 1) {
        queueMicrotask(() => {
          const questions = this.#waiting;
          this.#waiting = [];
          this.#current = new Batch(questions, this);
          this.#client.query(this.#current);
        });
      }
    });
  }

  /** The name under which the server knows the statement; undefined when it does not. */
  preparedName([, text]: Statement): string | undefined {
    return this.#prepared.get(text);
  }

  /** A name that was never used on this connection: whether a batch that failed had prepared its statements is not known. */
  newName([name]: Statement): string {
    this.#count += 1;
    return `${name}_${this.#count}`;
  }

  remember([, text]: Statement, name: string): void {
    this.#prepared.set(text, name);
  }
}

class Batch implements Submittable {
  readonly #questions: readonly Question[];
  readonly #batches: Batches;
  readonly #new = new Map<Statement, string>();
  readonly #results: Result[] = [];
  #rows: Row[] = [];
  #parsers: readonly Parser[] | undefined;
  #isDoubtful = false;

  constructor(questions: readonly Question[], batches: Batches) {
    this.#questions = questions;
    this.#batches = batches;
  }

  doubt(): void {
    this.#isDoubtful = true;
  }

  submit(connection: Connection): void {
    const stream = connection.stream as Duplex;
    stream.cork();
    for (const question of this.#questions) {
      this.#send(connection, question);
    }
    connection.sync();
    stream.uncork();
  }

  #send(connection: Connection, { statement, values }: Question): void {
    let name = this.#batches.preparedName(statement) ?? this.#new.get(statement);
    if (name === undefined) {
      name = this.#batches.newName(statement);
      this.#new.set(statement, name);
      connection.parse({ name, text: statement[1], types: [] }, true);
    }
    connection.bind({ statement: name, values: [...values] }, true);
    if (!parsersOf.has(statement[1])) {
      connection.describe({ type: 'P', name: '' }, true);
    }
    connection.execute({}, true);
  }

  handleRowDescription({ fields }: { readonly fields: readonly DescribedField[] }): void {
    this.#parsers = fields.map(parserOf);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const parsers = this.#parsers ?? parsersOf.get(this.#statement[1]) ?? [];
    this.#rows.push(fields.map((text, i) => (text === null ? null : (parsers[i] as Parser)(text))));
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const words = text.split(' ');
    const rowCount = Number(words.at(-1));
    parsersOf.set(this.#statement[1], this.#parsers ?? parsersOf.get(this.#statement[1]) ?? []);
    const result = { rows: this.#rows, rowCount: Number.isNaN(rowCount) ? 0 : rowCount, command: words[0] ?? '' };
    this.#results.push(result);
    this.#rows = [];
    this.#parsers = undefined;
  }

  /** Everything is done, and committed where there is no transaction around it. */
  handleReadyForQuery(): void {
    for (const [statement, name] of this.#new) {
      this.#batches.remember(statement, name);
    }
    for (const [i, { resolve, reject }] of this.#questions.entries()) {
      if (this.#isDoubtful) {
        reject(new NotReplicated('the wait for the replica was cancelled'));
      } else {
        resolve(this.#results[i] as Result);
      }
    }
  }

  /** The server skips what comes after it, up to the Sync. */
  handleError(error: unknown): void {
    // What fails after all statements, as a commit at the Sync, is the last one's.
    const failed = Math.min(this.#results.length, this.#questions.length - 1);
    for (const [i, { reject }] of this.#questions.entries()) {
      reject(i === failed ? error : new Skipped('another statement failed'));
    }
  }

  get #statement(): Statement {
    return (this.#questions[this.#results.length] as Question).statement;
  }
}

/** Waits for all, then throws the failure of the statement that failed, and not that of one which was skipped for it. */
export async function together<T extends readonly unknown[]>(
  work: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled: PromiseSettledResult<unknown>[] = await Promise.allSettled(work);
  const failures = settled.filter((each) => each.status === 'rejected').map(({ reason }): unknown => reason);
  if (failures.length > 0) {
    throw failures.find((failure) => !(failure instanceof Skipped)) ?? failures[0];
  }
  const values = settled.map((each) => (each as PromiseFulfilledResult<unknown>).value);
  return values as { -readonly [K in keyof T]: Awaited<T[K]> };
}
