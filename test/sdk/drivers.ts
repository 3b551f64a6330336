/** The drivers of one language: built once, and each used for one scenario after the other. */
import { ROOT } from '../process/program.ts';
import { runTool } from '../stubs/tools.ts';
import { Driver } from './driver.ts';
import { filled, type Language } from './languages.ts';

export class Drivers implements AsyncDisposable {
  readonly #language: Language;
  readonly #out: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #idle: Driver[] = [];

  /** `out`: an empty directory, for what is built. */
  constructor(language: Language, out: string, env: Readonly<Record<string, string>> = {}) {
    this.#language = language;
    this.#out = out;
    this.#env = env;
  }

  async build(): Promise<void> {
    for (const command of this.#language.build ?? []) {
      const [program = '', ...args] = filled(command, this.#out);
      await runTool(program, args, ROOT + this.#language.folder);
    }
  }

  /** With a driver that nobody else uses, `isNew`: or ever used. One that failed is not used again. */
  async use(play: (driver: Driver) => Promise<void>, isNew = false): Promise<void> {
    const driver = this.take(isNew);
    try {
      await play(driver);
    } catch (error) {
      await driver[Symbol.asyncDispose]();
      const { message } = error as Error;
      throw new Error(driver.stderr === '' ? message : `${message}\nThe driver said: ${driver.stderr}`, {
        cause: error,
      });
    }
    if (!driver.isBroken) {
      this.#idle.push(driver);
    }
  }

  /** One that nobody else uses until it is given back. */
  take(isNew = false): Driver {
    const idle = isNew ? undefined : this.#idle.pop();
    return idle ?? new Driver(filled(this.#language.start, this.#out), this.#env);
  }

  async giveBack(driver: Driver): Promise<void> {
    await driver.ask('close').catch(() => undefined);
    if (!driver.isBroken) {
      this.#idle.push(driver);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#idle.map((driver) => driver[Symbol.asyncDispose]()));
  }
}
