/** A person who was sent to the pages: signs in where it is asked to, decides, and goes where it is sent. */
import { Browser, formsOf, type Shown } from './browser.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
}

export type Decision = 'allow' | 'deny';

/** As a browser: more are a circle. */
const MAX_STEPS = 20;

export class Visitor {
  readonly #origin: string;
  readonly #account: Account;
  readonly #browser: Browser;

  /** `url`: any of the server. */
  constructor(url: string, account: Account) {
    const { origin, host } = new URL(url);
    this.#origin = origin;
    this.#account = account;
    this.#browser = new Browser(host);
  }

  /** Goes to the page of authorization. Answers where the client is told what came of it, which is not called. */
  async decide(url: string | URL, decision: Decision = 'allow'): Promise<URL> {
    const { client, shown } = await this.#walk(this.#pathOf(url), { decision });
    return client ?? fail(shown);
  }

  /** Types the code that a device shows. */
  async connect(verificationUri: string, userCode: string, decision: Decision = 'allow'): Promise<void> {
    const { shown } = await this.#walk(this.#pathOf(verificationUri), { user_code: userCode, decision });
    if (!shown.text.includes(decision === 'allow' ? 'Your device is connected' : 'Your device was not connected')) {
      fail(shown);
    }
  }

  /** Until there is nothing more to fill in, or another server is named. */
  async #walk(path: string, words: Readonly<Record<string, string>>): Promise<{ client?: URL; shown: Shown }> {
    let shown = await this.#browser.get(path);
    for (let step = 0; step < MAX_STEPS; step += 1) {
      if (shown.location !== undefined) {
        const next = new URL(shown.location, this.#origin);
        if (next.origin !== this.#origin) {
          return { client: next, shown };
        }
        shown = await this.#browser.get(this.#pathOf(next));
        continue;
      }
      const filled = this.#filled(shown, words);
      if (filled === undefined) {
        return { shown };
      }
      shown = await this.#browser.submit(shown, filled);
    }
    return fail(shown);
  }

  /** What goes into the first form of the page; undefined where it asks for nothing. */
  #filled({ status, text }: Shown, words: Readonly<Record<string, string>>): Record<string, string> | undefined {
    if (status !== 200) {
      return undefined;
    }
    const fields = formsOf(text)[0]?.fields ?? {};
    // A decision is a button, and no field.
    const asked = new Set([...Object.keys(fields), ...(text.includes('name="decision"') ? ['decision'] : [])]);
    const known = Object.entries({ ...this.#account, ...words }).filter(([name]) => asked.has(name));
    return known.length === 0 ? undefined : Object.fromEntries(known);
  }

  #pathOf(url: string | URL): string {
    const { origin, pathname, search } = new URL(url);
    if (origin !== this.#origin) {
      throw new Error(`${url} is not a page of ${this.#origin}`);
    }
    return pathname + search;
  }
}

function fail({ status, text }: Shown): never {
  throw new Error(`it ended at a page: ${status} ${text}`);
}
