/** Verifiers behind lines of their own, which check every token all the time, as busy services do. */
import { SymbolonError, Verifier, type VerifierOptions } from '../../../../sdk/typescript/server/src/index.ts';
import type { DemoRecord } from '../../../../src/server/demo.ts';
import { Line } from '../../../line.ts';
import { portOf } from '../service.ts';
import { Judge } from './judge.ts';

export type MakeVerifier = new (options: VerifierOptions) => Verifier;

/** Between two rounds of checks of a verifier. */
const PAUSE_MS = 10;

/** What a verifier said of a token last. */
interface Said {
  readonly what: 'kept' | 'active' | 'denied' | 'failed';
  readonly begun: number;
}

class Member {
  readonly verifier: Verifier;
  readonly line: Line;
  readonly said = new Map<string, Said>();
  readonly #index: number;
  readonly #judge: Judge;
  readonly #asked = new Set<string>();

  constructor(verifier: Verifier, line: Line, index: number, judge: Judge) {
    this.verifier = verifier;
    this.line = line;
    this.#index = index;
    this.#judge = judge;
  }

  check(token: string): void {
    if (this.#asked.has(token)) {
      return;
    }
    const begun = performance.now();
    if (this.verifier.kept(token) !== undefined) {
      this.#note(token, 'kept', begun);
      return;
    }
    this.#asked.add(token);
    this.verifier
      .check(token)
      .then(
        (caller) => this.#note(token, caller === undefined ? 'denied' : 'active', begun),
        (error: unknown) => {
          // Of a copy of the SDK it is another class.
          if (!(error instanceof Error) || error.name !== SymbolonError.name) {
            throw error;
          }
          this.#note(token, 'failed', begun);
        },
      )
      .finally(() => this.#asked.delete(token));
  }

  #note(token: string, what: Said['what'], begun: number): void {
    this.said.set(token, { what, begun });
    if (what === 'kept' || what === 'active') {
      this.#judge.saidActive(this.#index, token, begun);
    }
  }
}

export class Fleet implements AsyncDisposable {
  readonly judge = new Judge();
  readonly tokens = new Set<string>();
  readonly #members: readonly Member[];
  readonly #checking: NodeJS.Timeout;

  private constructor(lines: readonly Line[], { service }: DemoRecord, make: MakeVerifier) {
    const { client_id: clientId, client_secret: clientSecret } = service;
    this.#members = lines.map((line, i) => {
      const verifier = new make({ address: `127.0.0.1:${line.port}`, clientId, clientSecret, timeoutMs: 1_000 });
      return new Member(verifier, line, i, this.judge);
    });
    this.#checking = setInterval(() => {
      for (const member of this.#members) {
        for (const token of this.tokens) {
          member.check(token);
        }
      }
    }, PAUSE_MS);
  }

  /** One verifier for each address of a server. */
  static async start(addresses: readonly string[], demo: DemoRecord, make: MakeVerifier = Verifier): Promise<Fleet> {
    const lines = await Promise.all(addresses.map((address) => Line.start(portOf(address))));
    return new Fleet(lines, demo, make);
  }

  get lines(): readonly Line[] {
    return this.#members.map(({ line }) => line);
  }

  /** From now on new connections of each lead there. */
  leadTo(addresses: readonly string[]): void {
    for (const [i, line] of this.lines.entries()) {
      line.leadTo(portOf(addresses[i % addresses.length] ?? ''));
    }
  }

  /** Each verifier that did not say this of the token in a check that began later; as `2: failed`. */
  others(what: Said['what'], token: string, since: number): string[] {
    return this.#members.flatMap(({ said }, i) => {
      const last = said.get(token);
      return last?.what === what && last.begun > since ? [] : [`${i}: ${last?.what}`];
    });
  }

  get areAllOpen(): boolean {
    return this.#members.every(({ verifier }) => verifier.isOpen);
  }

  forget(tokens: Iterable<string>): void {
    for (const token of tokens) {
      this.tokens.delete(token);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#checking);
    for (const { verifier } of this.#members) {
      verifier.close();
    }
    await Promise.all(this.lines.map((line) => line[Symbol.asyncDispose]()));
  }
}
