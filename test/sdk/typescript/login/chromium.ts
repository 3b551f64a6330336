/** A page in headless Chromium that a test looks into and acts on, as a visitor would, by the DevTools protocol. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endChromium, startChromium } from '../../../http/connect/browser.ts';
import { eventually } from '../../../process/program.ts';
import { temporaryDirectory } from '../../../support.ts';

interface Answer {
  readonly id: number;
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text: string };
  };
}

export class Page implements AsyncDisposable {
  readonly #browser: ChildProcess;
  readonly #profile: ReturnType<typeof temporaryDirectory>;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #count = 0;

  private constructor(browser: ChildProcess, profile: ReturnType<typeof temporaryDirectory>, socket: WebSocket) {
    this.#browser = browser;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      this.#waiting.get(answer.id)?.(answer);
    });
  }

  static async open(url: string): Promise<Page> {
    const profile = temporaryDirectory();
    const flags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--user-data-dir=${profile.path}`];
    const browser = startChromium([...flags, '--remote-debugging-port=0', url]);
    const file = join(profile.path, 'DevToolsActivePort');
    const port = await eventually('the browser', () => existsSync(file) && readFileSync(file, 'utf8').split('\n')[0]);
    const target = await eventually('the page', async () => {
      const all = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Record<string, string>[];
      return all.find((each) => each.type === 'page')?.webSocketDebuggerUrl;
    });
    const socket = new WebSocket(target);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    return new Page(browser, profile, socket);
  }

  /** The value of an expression in the page, which may be a promise. Undefined where it throws. */
  async value(expression: string): Promise<unknown> {
    const id = ++this.#count;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const params = { expression, awaitPromise: true, returnByValue: true };
    this.#socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    return (await answer).result?.result.value;
  }

  /** Waits until the page is another: the old one goes on for a while, and shows what it showed. */
  async reload(): Promise<void> {
    await this.value('globalThis.isOld = true; location.reload()');
    await eventually(
      'the page to be loaded again',
      async () => (await this.value('globalThis.isOld !== true')) === true,
    );
  }

  /** Waits until the page shows a text. */
  shows(text: string): Promise<unknown> {
    return eventually(`the page to show ${text}`, async () =>
      String(await this.value('document.body.innerText')).includes(text),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    const ended = new Promise((done) => this.#browser.once('exit', done));
    if (endChromium(this.#browser)) {
      await ended;
    }
    this.#profile.remove();
  }
}
