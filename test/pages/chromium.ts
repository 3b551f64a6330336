/** Debian's Chromium, and a person who looks at pages with it. Nothing is shared by two visits but the program. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type BrowserContext,
  type CDPSession,
  type ConsoleMessage,
  chromium,
  type Page,
  type Browser as Program,
  type Response,
} from 'playwright-core';
import { CHROMIUM } from '../http/connect/browser.ts';
import { SIZES, type Variant } from './variants.ts';

const IN_PAGE = readFileSync(new URL('./in-page.js', import.meta.url), 'utf8');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** However busy the machine is. */
const PATIENCE_MS = 60_000;

export class Chromium implements AsyncDisposable {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(): Promise<Chromium> {
    // Root may not have a sandbox, and a small /dev/shm is too small for it.
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
    return new Chromium(await chromium.launch({ executablePath: CHROMIUM, args, timeout: PATIENCE_MS }));
  }

  async visit(variant: Variant): Promise<Visit> {
    const context = await this.#program.newContext({
      viewport: SIZES[variant.size],
      isMobile: variant.size === 'phone',
      hasTouch: variant.size === 'phone',
      colorScheme: variant.scheme,
      locale: variant.language,
      javaScriptEnabled: variant.script,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return new Visit(variant, context, await context.newPage());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program.close();
  }
}

export class Visit implements AsyncDisposable {
  readonly variant: Variant;
  readonly context: BrowserContext;
  page: Page;
  /** What the browser complained of: errors of the console, of scripts and of the policy, and requests that failed. */
  readonly complaints: string[] = [];
  /** Of documents, the last one last. */
  readonly statuses: number[] = [];
  readonly #refused = new Set<string>();

  constructor(variant: Variant, context: BrowserContext, page: Page) {
    this.variant = variant;
    this.context = context;
    this.page = page;
    this.#listen(page);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** Another tab of the same browser becomes the one that is looked at. */
  async newTab(): Promise<Page> {
    this.page = await this.context.newPage();
    this.#listen(this.page);
    return this.page;
  }

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) {
      await this.page.locator(`[name="${name}"]:not([type=hidden])`).first().fill(value);
    }
  }

  /** Presses what leads to another page, and waits for that. */
  async press(selector: string): Promise<void> {
    await this.#leave(() => this.page.locator(selector).first().click());
  }

  async pressKey(key: string): Promise<void> {
    await this.#leave(() => this.page.keyboard.press(key));
  }

  async #leave(act: () => Promise<void>): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), act()]);
  }

  /** Fills in the form that has these fields, and sends it by its first button. */
  async send(fields: Readonly<Record<string, string>>): Promise<void> {
    await this.fill(fields);
    const [name = ''] = Object.keys(fields);
    await this.press(`form:has([name="${name}"]) button:not([type=button])`);
  }

  /** The visible text of the page. */
  async text(): Promise<string> {
    return (await this.page.locator('body').innerText()).normalize();
  }

  async look(): Promise<Look> {
    return Look.at(await this.context.newCDPSession(this.page));
  }

  #listen(page: Page): void {
    page.on('console', (message) => this.#hear(message));
    page.on('pageerror', (error) => this.complaints.push(`a script failed: ${error.message}`));
    page.on('requestfailed', (request) => this.complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('response', (response) => this.#see(response));
  }

  #see(response: Response): void {
    if (!response.request().isNavigationRequest()) {
      if (response.status() >= 400) {
        this.complaints.push(`${response.url()}: ${response.status()}`);
      }
      return;
    }
    this.statuses.push(response.status());
    if (response.status() >= 400) {
      this.#refused.add(response.url());
    }
  }

  /** That a page itself came with a status is said by the console, and expected or not by who asked for it. */
  #hear(message: ConsoleMessage): void {
    const isStatus = message.text().startsWith('Failed to load resource') && this.#refused.has(message.location().url);
    if ((message.type() === 'error' || message.type() === 'warning') && !isStatus) {
      this.complaints.push(`${message.type()}: ${message.text()}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
}

/** Looks at the page as it is now. A world of its own sees the same elements, and neither scripts nor the policy of the page. */
export class Look implements AsyncDisposable {
  readonly #session: CDPSession;
  readonly #world: number;

  private constructor(session: CDPSession, world: number) {
    this.#session = session;
    this.#world = world;
  }

  static async at(session: CDPSession): Promise<Look> {
    const { frameTree } = await session.send('Page.getFrameTree');
    const world = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'look' });
    const look = new Look(session, world.executionContextId);
    await look.#evaluate(IN_PAGE);
    return look;
  }

  /** A function of in-page.js. */
  async see<T>(name: string, ...given: readonly unknown[]): Promise<T> {
    return (await this.#evaluate(`look.${name}(...${JSON.stringify(given)})`)) as T;
  }

  /** What axe-core finds, `rule: elements`. Where scripts are off, they are on for it: those of the page are long ignored. */
  async axe(hasScript: boolean): Promise<{ readonly rule: string; readonly impact: string; readonly at: string }[]> {
    if (!hasScript) {
      // What this session has not turned off, it can't turn on.
      await this.#session.send('Emulation.setScriptExecutionDisabled', { value: true });
      await this.#session.send('Emulation.setScriptExecutionDisabled', { value: false });
    }
    await this.#evaluate(AXE);
    const found = await this.#evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ rule: id, impact, at: nodes.map(({ html }) => html).join(' ').slice(0, 300) })))`);
    if (!hasScript) {
      await this.#session.send('Emulation.setScriptExecutionDisabled', { value: true });
    }
    return found as { rule: string; impact: string; at: string }[];
  }

  async #evaluate(expression: string): Promise<unknown> {
    const options = { contextId: this.#world, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await this.#session.send('Runtime.evaluate', {
      expression,
      ...options,
    })) as Evaluated;
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? 'it failed in the page');
    }
    return result.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.detach();
  }
}
