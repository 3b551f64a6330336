/** An app that is run again and again, each time as a process of its own, which has nothing but its file of the one before. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './install.ts';
import { setting } from './services.ts';

export class Program implements Disposable {
  /** What the server beside it wrote into demo.json. */
  readonly demo = JSON.parse(readFileSync(setting('SYMBOLON_DEMO'), 'utf8'));
  readonly #file: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'symbolon-app-'));

  /** `packages`: what it needs of the checkout. */
  constructor(file: string, packages: readonly string[]) {
    this.#file = file;
    install(import.meta.dirname, packages);
  }

  run(args: readonly string[], settings: Readonly<Record<string, string>> = {}): void {
    const login = join(this.#directory, 'login.json');
    const env = { ...process.env, CLIENT_ID: this.demo.tenant_id, LOGIN: login, ...settings };
    try {
      execFileSync(process.execPath, [join(import.meta.dirname, this.#file), ...args], { env, stdio: 'inherit' });
    } catch (error) {
      // It has said why.
      if ((error as { status?: number }).status !== 1) {
        throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
