/** Plays one fault after the other before the same verifiers, and says what was played when something is wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { RevocationWait } from '../../../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../../../src/server/demo.ts';
import { type Admin, type Ending, WAYS } from './ends.ts';
import { Fleet, type MakeVerifier } from './fleet.ts';
import { drawn, randomOf, TROUBLES } from './lines.ts';

const VERIFIERS = 4;
const ENDINGS = 6;
/** What comes back late is underway by then. */
const LEAD_MS = 500;
/** Longer than the bound: a verifier that is wrong shall have time to say so. */
const HOLD_MS = 1_200;
/** Wrong checks come by the hundred. */
const MAX_TOLD = 3;
/** However busy the machine is. */
const PATIENCE_MS = 45_000;

const { SYMBOLON_FAULTS_SEED: GIVEN } = process.env;
const SEED = GIVEN === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(GIVEN);

export interface Scene {
  /** Tokens that are to end meanwhile, and one that is not. */
  readonly endings: readonly Ending[];
  readonly survivor: string;
  /** Ends these, or all of them; resolves a while after that was answered. */
  readonly end: (which?: readonly Ending[]) => Promise<void>;
}

export interface Fault {
  /** Ends all that it has. When it resolves, the service works again. */
  readonly play: (scene: Scene) => Promise<void>;
  /** By its name in TROUBLES; drawn for each line unless it is said. */
  readonly lines?: string;
  /** Whether the token that nobody ended lives on; it does unless this says otherwise. */
  readonly survives?: boolean;
}

export class Stage implements AsyncDisposable {
  readonly fleet: Fleet;
  readonly admin: Admin;
  readonly #random = randomOf(SEED);

  private constructor(fleet: Fleet, admin: Admin) {
    this.fleet = fleet;
    this.admin = admin;
  }

  /** `addresses`: of the servers that the verifiers are led to. */
  static async open(addresses: readonly string[], demo: DemoRecord, admin: Admin, make?: MakeVerifier): Promise<Stage> {
    const all = Array.from({ length: VERIFIERS }, (_, i) => addresses[i % addresses.length] ?? '');
    return new Stage(await Fleet.start(all, demo, make), admin);
  }

  async play({ play, lines, survives = true }: Fault): Promise<void> {
    const { fleet, admin } = this;
    const endings = await Promise.all(Array.from({ length: ENDINGS }, () => this.#newEnding()));
    const survivor = await admin.ownToken();
    const tokens = [...endings.map(({ token }) => token), survivor];
    for (const token of tokens) {
      fleet.tokens.add(token);
    }
    const names = fleet.lines.map(() => lines ?? drawn(Object.keys(TROUBLES), this.#random));
    const told = `SYMBOLON_FAULTS_SEED=${SEED}, lines: ${names.join(' ')}, ends: ${endings.map(({ how }) => how).join(' ')}`;
    await this.#untilAll('kept', tokens, told);
    const heals = fleet.lines.map((line, i) => TROUBLES[names[i] as string]?.(line));
    const end = async (which: readonly Ending[] = endings) => {
      await Promise.all(
        which.map(async ({ token, how, end: endOne }, i) => {
          const isWaited = i === 0;
          await endOne(admin, isWaited ? RevocationWait.VERIFIERS : RevocationWait.UNSPECIFIED);
          fleet.judge.ended(token, how, isWaited);
        }),
      );
      await sleep(HOLD_MS);
    };
    await sleep(LEAD_MS);
    // These are asked for no more until all is well: what is kept of them is not put right by an answer.
    const rare = tokens.filter((token, i) => i % 2 === 1 || token === survivor);
    fleet.forget(rare);
    await play({ endings, survivor, end });
    for (const heal of heals) {
      heal?.();
    }
    await this.#until(told, () => (fleet.areAllOpen ? [] : ['open again']));
    for (const token of rare) {
      fleet.tokens.add(token);
    }
    await this.#untilAll('denied', tokens.slice(0, -1), told);
    await this.#untilAll(survives ? 'kept' : 'denied', [survivor], told);
    fleet.forget(tokens);
    expect(fleet.judge.lies.slice(0, MAX_TOLD), told).toEqual([]);
  }

  /** Lets all lines work again, whatever has become of them, by new connections. */
  healLines(): void {
    for (const line of this.fleet.lines) {
      line.slow(undefined);
      line.thaw();
      line.cut();
    }
  }

  /** All verifiers are open, and so know all that was answered a moment before. */
  async untilApplied(): Promise<void> {
    await sleep(HOLD_MS);
    await this.#until('', () => (this.fleet.areAllOpen ? [] : ['open']));
  }

  async #newEnding(): Promise<Ending> {
    const how = drawn(Object.keys(WAYS), this.#random);
    const made = await WAYS[how]?.(this.admin);
    return { token: '', end: async () => undefined, ...made, how };
  }

  async #untilAll(what: 'kept' | 'denied', tokens: readonly string[], told: string): Promise<void> {
    const since = performance.now();
    for (const token of tokens) {
      await this.#until(told, () => this.fleet.others(what, token, since).map((each) => `${each}, not ${what}`));
    }
  }

  /** Until nothing is missing. */
  async #until(told: string, missing: () => readonly string[]): Promise<void> {
    const giveUp = performance.now() + PATIENCE_MS;
    for (let left = missing(); left.length > 0; left = missing()) {
      expect(this.fleet.judge.lies.slice(0, MAX_TOLD), told).toEqual([]);
      expect(performance.now(), `waited in vain for ${left.join('; ')}. ${told}`).toBeLessThan(giveUp);
      await sleep(10);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin[Symbol.dispose]();
    await this.fleet[Symbol.asyncDispose]();
  }
}
