/** What there is while a scenario of logins is played, beside the world: a tenant of its own, the gate before the server, and processes of apps. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDirectory } from '../../support.ts';
import type { Answer, Driver } from '../driver.ts';
import { Gate } from './gate.ts';
import { Guarded } from './guarded.ts';
import { type Policy, Tenant } from './tenant.ts';
import { at, Values } from './values.ts';
import type { World } from './world.ts';

/** The process where a step names none. */
export const MAIN = 'main';
/** What is shorter is found everywhere by chance. */
const MIN_SECRET = 12;
/** How often the directory of the stores is tried to be removed, and the time between. */
const MOST_REMOVALS = 500;
const PAUSE_MS = 10;
/** Of an answer, and of a request, what nobody else may see. */
const SECRET_FIELDS = [
  ...['password', 'new_password', 'old_password', 'client_secret', 'code', 'recovery_code', 'token'],
  ...['owner_access_token', 'access_token', 'refresh_token', 'secret', 'otpauth_uri'],
];

export class Logins implements AsyncDisposable {
  readonly gate: Gate;
  readonly tenant: Tenant;
  readonly values = new Values();
  readonly guards = new Map<string, Guarded>();
  /** Steps that were begun and not waited for. */
  readonly begun = new Map<string, { readonly played: Promise<unknown>; readonly id: number | undefined }>();
  /** For each address, how many of its codes steps have read. */
  readonly readCodes = new Map<string, number>();
  /** Stores that a step made wrong, which need not be as an SDK leaves them. */
  readonly spoiled = new Set<string>();
  readonly #world: World;
  readonly #directory = temporaryDirectory();
  readonly #processes: Map<string, Driver>;
  readonly #secrets = new Set<string>();
  #wasKilled = false;

  private constructor(world: World, gate: Gate, tenant: Tenant) {
    this.#world = world;
    this.gate = gate;
    this.tenant = tenant;
    this.#processes = new Map([[MAIN, world.driver]]);
    const { id, service } = tenant;
    this.values.set('tenant', { id, issuer: `http://${world.real.demo.http}/t/${id}` });
    this.values.set('service', service);
    this.values.set('server', `127.0.0.1:${gate.port}`);
  }

  static async make(world: World, policy: Policy): Promise<Logins> {
    return new Logins(world, await Gate.start(world.real.port), await Tenant.make(world.real, policy));
  }

  process(name: string): Driver {
    const driver = this.#processes.get(name) ?? this.#world.anotherDriver();
    this.#processes.set(name, driver);
    return driver;
  }

  /** At once, whatever it does. The next that is asked of this name is another process. */
  async kill(name: string): Promise<void> {
    this.#wasKilled = true;
    const driver = this.process(name);
    await driver[Symbol.asyncDispose]();
    this.#processes.delete(name);
  }

  async guard(name: string, refusesAll: boolean): Promise<void> {
    const guarded = await Guarded.start(async (token) => !refusesAll && this.tenant.isLive(token));
    this.guards.set(name, guarded);
    this.values.set(name, { grpc: guarded.grpc, http: guarded.http });
  }

  storePath(name: string): string {
    return join(this.#directory.path, `${name}.json`);
  }

  /** Asks a process. What is in the request and in the answer for nobody else is remembered. */
  async ask(process: string, op: string, fields: object, told?: (id: number) => void): Promise<Answer> {
    this.#remember(fields);
    const begun = this.process(process).begin(op, fields);
    told?.(begun.id);
    const answer = await begun.answer;
    this.#remember(answer);
    this.#requireDiscreet(answer.error?.message, 'an error');
    this.#requireDiscreet(at(answer, 'failed_with.message'), 'an error');
    if (op === 'login_state') {
      this.#requireDiscreet(JSON.stringify(answer), 'the state');
    }
    return answer;
  }

  #remember(fields: object): void {
    const known = Object.entries(fields).filter(([name]) => SECRET_FIELDS.includes(name));
    const { tokens, recovery_codes, text } = fields as Record<string, unknown>;
    for (const secret of [...known.map(([, value]) => value), tokens, recovery_codes].flat()) {
      if (typeof secret === 'string' && secret.length >= MIN_SECRET) {
        this.#secrets.add(secret);
      }
    }
    if (typeof text === 'string') {
      this.#rememberRecord(text);
    }
  }

  #rememberRecord(text: string): void {
    try {
      this.#remember(JSON.parse(text) as object);
    } catch {
      // A scenario may give what is not a record.
    }
  }

  /** @throws where a secret is somewhere else than in the answers that are for it and in the stores */
  requireSecretsKept(): void {
    const names = readdirSync(this.#directory.path, { recursive: true }).map(String);
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      this.#rememberStore(name);
    }
    for (const [name, { stderr }] of this.#processes) {
      this.#requireDiscreet(stderr, `stderr of ${name}`);
    }
    for (const name of names) {
      this.#requireDiscreet(name, 'the name of a file');
    }
    const others = names.filter((name) => !name.endsWith('.json') && !this.spoiled.has(name));
    // Who is killed may leave a file that was to become the store.
    for (const name of this.#wasKilled ? others.filter((each) => !each.endsWith('.tmp')) : others) {
      this.#requireDiscreet(this.#textOf(name), `the file ${name}`);
    }
  }

  /** Empty: it is gone, as a lock is that was let go meanwhile. */
  #textOf(name: string): string {
    try {
      return readFileSync(join(this.#directory.path, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return '';
      }
      throw error;
    }
  }

  #rememberStore(name: string): void {
    if (!this.spoiled.has(name)) {
      this.#rememberRecord(this.#textOf(name));
    }
  }

  #requireDiscreet(told: unknown, what: string): void {
    const found = [...this.#secrets].find((secret) => String(told ?? '').includes(secret));
    if (found !== undefined) {
      throw new Error(`there must be no secret in ${what}: ${String(told).replaceAll(found, '<one>')}`);
    }
  }

  /** After the server began anew, at another port. */
  moveTo(port: number, address: string): void {
    this.gate.leadTo(port);
    this.tenant.admin.moveTo(address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.gate.release();
    const others = [...this.#processes.values()].filter((driver) => driver !== this.#world.driver);
    await Promise.all(others.map((driver) => this.#world.giveBack(driver)));
    await Promise.all([...this.guards.values()].map((guarded) => guarded[Symbol.asyncDispose]()));
    await this.gate[Symbol.asyncDispose]();
    this.tenant[Symbol.dispose]();
    await this.#removeDirectory();
  }

  /** A login that is closed goes on with what it is writing. */
  async #removeDirectory(): Promise<void> {
    for (let left = MOST_REMOVALS; ; left -= 1) {
      try {
        this.#directory.remove();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' || left === 0) {
          throw error;
        }
        await sleep(PAUSE_MS);
      }
    }
  }
}
