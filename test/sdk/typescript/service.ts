/** A service with the SDK's verifier, beside a real server, over a line that can be cut and frozen. */
import { expect } from 'vitest';
import { RevocationWait } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { SymbolonError, Verifier, type VerifierOptions } from '../../../sdk/typescript/server/src/index.ts';
import type { DemoRecord } from '../../../src/server/demo.ts';
import { Line } from '../../line.ts';
import { TokenClient } from '../../process/grpc-client.ts';
import { eventually } from '../../process/program.ts';

/** B on the slowest clock that the protocol allows for. */
const BOUND_MS = 1_100;

export class Service implements AsyncDisposable {
  readonly line: Line;
  readonly verifier: Verifier;
  readonly admin: TokenClient;
  readonly #demo: DemoRecord;
  /** From when each token must be denied. */
  readonly #ends = new Map<string, number>();

  private constructor(line: Line, demo: DemoRecord, options: Partial<VerifierOptions>) {
    const { client_id: clientId, client_secret: clientSecret } = demo.service;
    // Tests end watches by the dozen.
    const onWatchEnd = () => {};
    this.line = line;
    this.#demo = demo;
    this.verifier = new Verifier({ address: `127.0.0.1:${line.port}`, clientId, clientSecret, onWatchEnd, ...options });
    this.admin = TokenClient.admin(demo).persistently();
  }

  /** `address`: of the node that the verifier asks. The admin is at the demo's. */
  static async start(demo: DemoRecord, address = demo.grpc, options: Partial<VerifierOptions> = {}): Promise<Service> {
    return new Service(await Line.start(portOf(address)), demo, options);
  }

  async token(): Promise<string> {
    return (await this.admin.issueToClient(this.#demo.admin)).accessToken;
  }

  /** A live token that memory answers for. */
  async kept(): Promise<string> {
    const token = await this.token();
    await this.untilKept(token);
    return token;
  }

  async untilKept(token: string): Promise<void> {
    await eventually('an answer from memory', async () => {
      await this.verifier.check(token).catch(() => undefined);
      return this.verifier.kept(token) !== undefined;
    });
  }

  async revoke(token: string): Promise<void> {
    await this.admin.revokeToken(token);
    this.end(token);
  }

  /** Answers when no check that begins anywhere says active. */
  async revokeEverywhere(token: string): Promise<void> {
    await this.admin.revoke({ $case: 'token', value: token }, RevocationWait.VERIFIERS);
    this.mustDeny(token);
  }

  /** From now on, at each check. */
  mustDeny(token: string): void {
    this.#ends.set(token, performance.now());
  }

  /** What ends the token was answered. */
  end(token: string): void {
    this.#ends.set(token, performance.now() + BOUND_MS);
  }

  /** What a check says: of one that began when the token must be denied, never `active`. */
  async check(token: string): Promise<'active' | 'not active' | 'failed'> {
    const begun = performance.now();
    const said = await this.verifier.check(token).then(
      (caller) => (caller === undefined ? 'not active' : 'active'),
      (error: unknown) => {
        expect(error).toBeInstanceOf(SymbolonError);
        return 'failed' as const;
      },
    );
    const late = begun - (this.#ends.get(token) ?? begun);
    expect(said === 'active' && late > 0, `active ${late} ms after it must be denied`).toBe(false);
    return said;
  }

  /** Checks until it is said, and holds every check on the way to the bound. */
  async until(said: 'active' | 'not active' | 'failed', token: string): Promise<void> {
    await eventually(`"${said}"`, async () => (await this.check(token)) === said);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.verifier.close();
    this.admin[Symbol.dispose]();
    await this.line[Symbol.asyncDispose]();
  }
}

export function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}
