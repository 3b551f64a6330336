/** What there is while one scenario is played. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoRecord } from '../../../src/server/demo.ts';
import { Line } from '../../line.ts';
import type { Answer, Begun, Checked, Driver } from '../driver.ts';
import { Admin, type Ending } from '../typescript/faults/ends.ts';
import type { ScriptedServer } from '../typescript/scripted-server.ts';
import { Judge } from './judge.ts';
import type { Logins } from './logins.ts';
import type { Place, RealServer } from './servers.ts';

/** However busy the machine is. */
export const PATIENCE_MS = 45_000;
/** What is shorter is nothing that was given out. */
const MIN_SECRET = 16;
/** Between two checks of one token. */
const PAUSE_MS = 10;

export type Said = 'active' | 'inactive' | 'error';

export interface Token {
  readonly text: string;
  readonly refreshToken?: string;
  /** Of who logged in. */
  readonly userId?: string;
  readonly end?: Ending['end'];
}

/** What a service asks of a token: whether its bearer may do this. */
export interface Question {
  readonly token: string;
  readonly permission: string;
  readonly user_id?: string;
  readonly device_id?: string;
  readonly device_type?: string;
}

/** Whom the verifier is. */
export interface Identity {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Other processes of the driver, for what happens between two of them. */
export interface MoreDrivers {
  take(): Driver;
  giveBack(driver: Driver): Promise<void>;
}

export class World implements AsyncDisposable {
  readonly driver: Driver;
  readonly line: Line;
  readonly judge = new Judge();
  readonly tokens = new Map<string, Token>();
  readonly questions = new Map<string, Question>();
  /** Checks that were begun and not waited for. */
  readonly begun = new Map<string, Begun[]>();
  /** Lets go what the scripted server holds. */
  release: (() => void) | undefined;
  identity: Identity | undefined;
  /** The id of the secret that the verifier had before it got another. */
  firstSecret: string | undefined;
  /** Where the scenario is about logins. */
  logins: Logins | undefined;
  readonly #more: MoreDrivers | undefined;
  readonly #place: Place;
  readonly #patienceMs: number;
  #admin: Admin | undefined;

  private constructor(driver: Driver, place: Place, line: Line, patienceMs: number, more: MoreDrivers | undefined) {
    this.#more = more;
    this.#patienceMs = patienceMs;
    this.driver = driver;
    this.#place = place;
    this.line = line;
  }

  static async make(driver: Driver, place: Place, patienceMs: number, more?: MoreDrivers): Promise<World> {
    return new World(driver, place, await Line.start(place.port), patienceMs, more);
  }

  anotherDriver(): Driver {
    return present(this.#more, 'This scenario has one process').take();
  }

  async giveBack(driver: Driver): Promise<void> {
    await this.#more?.giveBack(driver);
  }

  get real(): RealServer {
    return present(this.#place.real, 'This scenario has no real server');
  }

  get scripted(): ScriptedServer {
    return present(this.#place.scripted, 'This scenario has no scripted server');
  }

  /** Of the tenant, straight at the server. */
  get admin(): Admin {
    this.#admin ??= new Admin(this.real.demo, this.real.demo.grpc, this.real.certificates?.own);
    return this.#admin;
  }

  get self(): Identity {
    return this.identity ?? this.#place.real?.demo.service ?? { client_id: 'verifier', client_secret: 'sys_secret' };
  }

  get user(): DemoRecord['user'] {
    return this.real.demo.user;
  }

  /** After the server began anew, at another port. */
  moveToServer(): void {
    this.#admin?.moveTo(this.real.demo.grpc);
    this.logins?.moveTo(this.real.port, this.real.demo.grpc);
    this.line.leadTo(this.real.port);
  }

  /** With what steps of logins kept. */
  filled<T>(value: T): T {
    return this.logins === undefined ? value : this.logins.values.filled(value);
  }

  token(name: string): Token {
    return present(this.tokens.get(name), `No step made the token ${name}`);
  }

  /** Asks the driver, which must not fail. */
  async ask(op: string, fields: object = {}): Promise<Answer> {
    const answer = await this.driver.ask(op, fields);
    if (answer.error !== undefined || answer.unsupported === true) {
      throw new Error(`${op} answered ${JSON.stringify(answer)}`);
    }
    return answer;
  }

  /** A check, which is held to the bound and to the protocol. */
  async check(text: string): Promise<Checked> {
    return this.judged(text, await this.driver.check(text));
  }

  /** An answer to a check. @throws where it must not be this one */
  judged(text: string, answer: Checked): Checked {
    this.requireDiscreet(answer.error?.message ?? '');
    if (said(answer) === 'active') {
      this.judge.saidActive(text, answer.began_ms);
    }
    return answer;
  }

  /** A check that is made again where the server could not be asked, as on a machine that stood still: that is not another answer. */
  async answered(text: string, says: Said): Promise<Checked> {
    const giveUp = performance.now() + this.#patienceMs;
    for (;;) {
      const answer = await this.check(text);
      if (says === 'error' || answer.error?.retryable !== true || performance.now() > giveUp) {
        return answer;
      }
      await sleep(PAUSE_MS);
    }
  }

  /** A question, which is held to the bound and to the protocol. */
  permit(name: string): Promise<Answer> {
    return this.beginPermit(name).answer;
  }

  beginPermit(name: string): Begun {
    const { token, ...question } = this.question(name);
    const { text } = this.token(token);
    const { id, answer } = this.driver.begin('permit', { token: text, ...question });
    const judged = answer.then((given) => {
      this.requireDiscreet(given.error?.message ?? '');
      const { began_ms, ended_ms } = given as Checked;
      if (!Number.isFinite(began_ms) || !(ended_ms >= began_ms)) {
        throw new Error(`permit must have both times: ${JSON.stringify(given)}`);
      }
      if (given.allowed === true) {
        this.judge.saidActive(text, began_ms);
        this.judge.saidActive(keyOf(name), began_ms);
      }
      return given;
    });
    judged.catch(() => undefined);
    return { id, answer: judged };
  }

  /** Asked again where the server could not be asked. */
  async permitAnswered(name: string, says: string): Promise<Answer> {
    const giveUp = performance.now() + this.#patienceMs;
    for (;;) {
      const answer = await this.permit(name);
      if (says === 'error' || answer.error?.retryable !== true || performance.now() > giveUp) {
        return answer;
      }
      await sleep(PAUSE_MS);
    }
  }

  question(name: string): Question {
    return present(this.questions.get(name), `No step asked the question ${name}`);
  }

  /** The end of these tokens, or of what these questions were allowed, was answered just now. */
  judgeEnded(names: readonly string[]): void {
    for (const name of names) {
      this.judge.ended(this.questions.has(name) ? keyOf(name) : this.token(name).text);
    }
  }

  /** @throws where a text for people has a token or a secret in it */
  requireDiscreet(told: string): void {
    const secrets = [this.self.client_secret, ...[...this.tokens.values()].map(({ text }) => text)];
    const has = secrets.find((secret) => secret.length >= MIN_SECRET && told.includes(secret));
    if (has !== undefined) {
      throw new Error(`there must be no token and no secret in "${told.replaceAll(has, '<one>')}"`);
    }
  }

  /** Again and again until this is so; fails with what was waited for and what was seen last. */
  async until(what: string, probe: () => Promise<true | string>): Promise<void> {
    const giveUp = performance.now() + this.#patienceMs;
    for (;;) {
      const seen = await probe();
      if (seen === true) {
        return;
      }
      if (performance.now() > giveUp) {
        throw new Error(`waited in vain for ${what}: ${seen}`);
      }
      await sleep(PAUSE_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release?.();
    await this.logins?.[Symbol.asyncDispose]();
    this.#admin?.[Symbol.dispose]();
    await this.line[Symbol.asyncDispose]();
    await this.#place.end();
  }
}

/** Begins a check that is not waited for. */
export function beginCheck(world: World, text: string): Begun {
  const { id, answer } = world.driver.begin('check', { token: text });
  const judged = answer.then((given) => world.judged(text, given as Checked));
  // Who finishes it is told. A scenario that failed before has said why.
  judged.catch(() => undefined);
  return { id, answer: judged };
}

/** What a check said. @throws where the answer is none */
export function said({ active, error, began_ms, ended_ms, ...rest }: Checked): Said {
  const isTimed = Number.isFinite(began_ms) && ended_ms >= began_ms;
  if (!isTimed || (active === undefined) === (error === undefined)) {
    throw new Error(
      `that is not an answer to a check: ${JSON.stringify({ active, error, began_ms, ended_ms, ...rest })}`,
    );
  }
  return error !== undefined ? 'error' : active ? 'active' : 'inactive';
}

/** No token looks like it. */
function keyOf(question: string): string {
  return `question ${question}`;
}

function present<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) {
    throw new Error(otherwise);
  }
  return value;
}
