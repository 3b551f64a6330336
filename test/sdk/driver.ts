/** A driver of an SDK as the runner sees it: a process that answers requests, a line each. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { environment, ROOT } from '../process/program.ts';

/** However busy the machine is, a driver that takes longer hangs. */
const PATIENCE_MS = 45_000;

export interface DriverError {
  readonly code: string;
  readonly reason: string;
  readonly retryable: boolean;
  readonly retry_after_ms?: number;
  /** Of a name that is taken. */
  readonly field?: string;
  readonly message: string;
}

export interface Answer {
  readonly id: number;
  readonly error?: DriverError;
  readonly unsupported?: boolean;
  readonly [name: string]: unknown;
}

export interface Checked extends Answer {
  readonly active?: boolean;
  readonly caller?: Readonly<Record<string, unknown>>;
  readonly began_ms: number;
  readonly ended_ms: number;
}

export interface Begun {
  readonly id: number;
  readonly answer: Promise<Answer>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class Driver implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #waiting = new Map<number, Waiting>();
  /** What is wrong with the process itself. */
  #broken: string | undefined;
  #count = 0;
  stderr = '';

  constructor([command = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(command, args, { cwd: ROOT, env: environment(env), stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#child;
    stdin?.on('error', () => undefined);
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    if (stdout !== null) {
      createInterface({ input: stdout }).on('line', (line) => this.#receive(line));
    }
    this.#child.on('error', (error) => this.#break(String(error)));
    this.#ended = once(this.#child, 'close').then(
      ([code]) => {
        this.#break(`it ended with ${code}`);
        return code as number | null;
      },
      () => null,
    );
  }

  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  ask(op: string, fields: object = {}): Promise<Answer> {
    return this.begin(op, fields).answer;
  }

  /** A request, which may be cancelled by its id. `patienceMs`: for what is much. */
  begin(op: string, fields: object = {}, patienceMs = PATIENCE_MS): Begun {
    const id = ++this.#count;
    return { id, answer: this.#broken === undefined ? this.#send(id, op, fields, patienceMs) : this.#refuse(op) };
  }

  async #refuse(op: string): Promise<never> {
    throw this.#fault(op);
  }

  #send(id: number, op: string, fields: object, patienceMs: number): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => this.#break(`it does not answer ${op}`), patienceMs);
      const settle = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#child.stdin?.write(`${JSON.stringify({ id, op, ...fields })}\n`);
    });
  }

  check(token: string): Promise<Checked> {
    return this.ask('check', { token }) as Promise<Checked>;
  }

  /** Ends its stdin. Answers the exit code, and after how long. */
  async end(): Promise<{ readonly code: number | null; readonly tookMs: number }> {
    const begun = performance.now();
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    const code = await this.#ended;
    clearTimeout(timer);
    return { code, tookMs: performance.now() - begun };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #receive(line: string): void {
    let answer: Answer;
    try {
      answer = JSON.parse(line) as Answer;
    } catch {
      this.#break(`it wrote to stdout what is not an answer: ${line}`);
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) {
      this.#break(`it answered what was not asked: ${line}`);
      return;
    }
    waiting.resolve(answer);
  }

  #break(what: string): void {
    this.#broken ??= what;
    for (const waiting of this.#waiting.values()) {
      waiting.reject(this.#fault('a request'));
    }
  }

  #fault(op: string): Error {
    return new Error(`the driver can't serve ${op}: ${this.#broken}\n${this.stderr}`);
  }
}
