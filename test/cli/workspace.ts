/** A data directory, and the real program's commands on it. */
import { expect } from 'vitest';
import { type RunOptions, runProgram } from '../process/program.ts';
import { dataDirectory } from '../process/server-process.ts';

export type Json = Readonly<Record<string, unknown>>;

export class Workspace implements Disposable {
  readonly #directory = dataDirectory();

  /** The data directory; `init` makes it. */
  get path(): string {
    return this.#directory.path;
  }

  /** What a command printed as text. */
  async text(args: readonly string[], options?: RunOptions): Promise<string> {
    const { code, stdout, stderr } = await runProgram([...args, '--data-dir', this.path], options);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return stdout;
  }

  /** What a command printed with `--json`: one line. */
  async json(args: readonly string[], options?: RunOptions): Promise<Json> {
    const printed = await this.text([...args, '--json'], options);
    expect(printed).toMatch(/^\{.*\}\n$/);
    return JSON.parse(printed) as Json;
  }

  /** The one line that a command refused with, without `error: `. */
  async refusal(args: readonly string[], options?: RunOptions): Promise<string> {
    const { code, stdout, stderr } = await runProgram([...args, '--data-dir', this.path], options);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(code).toBeGreaterThan(0);
    return stderr.slice('error: '.length, -1);
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

/** What the text of a result holds: a name and a value on each line, then perhaps a note. */
export function fieldsOf(text: string): Record<string, string> {
  const [fields = ''] = text.split('\n\n', 1);
  return Object.fromEntries(
    fields
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [name = ''] = line.split(' ', 1);
        return [name, line.slice(name.length).trim()];
      }),
  );
}
