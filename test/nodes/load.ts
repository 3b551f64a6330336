/**
 * Many clients of several nodes at once, who go to another node when theirs fails, and note all that they were answered. A call
 * without an answer has an unknown outcome: its login is put aside until the ledger is judged.
 */
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import type { DemoRecord } from '../../src/server/demo.ts';
import { CallFailed, TokenClient } from '../process/grpc-client.ts';
import { judge, Ledger, type Lineage } from '../process/ledger.ts';

/** How a call ends that got no answer. Anything else is an answer, and so must be right. */
const WITHOUT_ANSWER = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'];
const MAX_REMEMBERED = 500;
const PAUSE_AFTER_FAILURE_MS = 50;

export interface LoadOptions {
  readonly demo: DemoRecord;
  /** Where the nodes serve gRPC. */
  readonly addresses: readonly string[];
  readonly workers?: number;
}

export class NodesLoad {
  readonly ledger = new Ledger();
  /** What was answered wrongly. */
  readonly faults: string[] = [];
  /** How often which failure was seen. */
  readonly failures = new Map<string, number>();
  answers = 0;
  /** The longest time in which no write was answered: monotonic milliseconds. */
  longestOutageMs = 0;
  #lastWriteAt = performance.now();
  readonly #options: LoadOptions;
  readonly #revoked: string[] = [];
  #isStopping = false;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    const workers = Array.from({ length: this.#options.workers ?? 8 }, (_, i) => this.#work(i));
    this.#working = Promise.all(workers);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#working;
  }

  /** Resolves when so many more answers have come. */
  async answered(count: number): Promise<void> {
    const goal = this.answers + count;
    while (this.answers < goal) {
      await pause(5);
    }
  }

  /** For those who run it: how much was checked, and how long it took. */
  get summary(): string {
    const { lineages } = this.ledger;
    const revoked = lineages.filter(({ isRevoked }) => isRevoked).length;
    const outage = (this.longestOutageMs / 1_000).toFixed(1);
    const failures = JSON.stringify([...this.failures]);
    return `${lineages.length} logins, ${revoked} revoked, no write answered for ${outage} s; failures ${failures}`;
  }

  /** Holds all that was answered against what a node says now. */
  async judge(address: string): Promise<string[]> {
    using client = clientOf(this.#options.demo, address).persistently();
    const { admin } = this.#options.demo;
    const issue = (requestId: string): Promise<IssuedTokens> => client.issueToClient(admin, requestId);
    return [...this.faults, ...(await judge(this.ledger, { client, issue }))];
  }

  async #work(index: number): Promise<void> {
    const { addresses, demo } = this.#options;
    const clients = addresses.map((address) => clientOf(demo, address));
    const own: Lineage[] = [];
    let at = index % clients.length;
    while (!this.#isStopping) {
      const client = clients[at] as TokenClient;
      try {
        await this.#step(client, own, clients);
        this.answers += 1;
      } catch (error) {
        this.#note(error);
        at = (at + 1) % clients.length;
        await pause(PAUSE_AFTER_FAILURE_MS);
      }
    }
    for (const client of clients) {
      client[Symbol.dispose]();
    }
  }

  #note(error: unknown): void {
    if (error instanceof CallFailed && WITHOUT_ANSWER.includes(error.status)) {
      const name = `${error.status} ${error.reason}`.trim();
      this.failures.set(name, (this.failures.get(name) ?? 0) + 1);
    } else {
      this.faults.push(`a call was answered wrongly: ${String(error)}`);
    }
  }

  async #step(client: TokenClient, own: Lineage[], all: readonly TokenClient[]): Promise<void> {
    const lineage = pick(own);
    const choice = Math.random();
    if (lineage === undefined || choice < 0.3) {
      await this.#issue(client, own);
    } else if (choice < 0.55) {
      await this.#refresh(client, lineage, own);
    } else if (choice < 0.7) {
      await this.#revoke(client, lineage, own, all);
    } else if (choice < 0.85) {
      await this.#expectDead(pick(this.#revoked), client);
    } else if (!(await client.isActive(lineage.current.accessToken))) {
      this.faults.push(`the live token ${lineage.current.tokenId} was said to be inactive`);
    }
  }

  async #issue(client: TokenClient, own: Lineage[]): Promise<void> {
    const requestId = crypto.randomUUID();
    this.ledger.unansweredIssues.push(requestId);
    const tokens = await client.issueToClient(this.#options.demo.admin, requestId);
    this.ledger.unansweredIssues.splice(this.ledger.unansweredIssues.indexOf(requestId), 1);
    own.push(this.ledger.issued(tokens, requestId));
    this.#wrote();
  }

  async #refresh(client: TokenClient, lineage: Lineage, own: Lineage[]): Promise<void> {
    own.splice(own.indexOf(lineage), 1);
    lineage.unanswered = 'refresh';
    const next = await client.refresh(lineage.current.refreshToken);
    lineage.unanswered = 'none';
    lineage.replaced.push(lineage.current.accessToken);
    lineage.current = next;
    own.push(lineage);
    this.#wrote();
  }

  async #revoke(client: TokenClient, lineage: Lineage, own: Lineage[], all: readonly TokenClient[]): Promise<void> {
    own.splice(own.indexOf(lineage), 1);
    lineage.unanswered = 'revoke';
    const revision = await client.revokeToken(lineage.current.refreshToken);
    lineage.unanswered = 'none';
    lineage.isRevoked = true;
    this.ledger.revisions.push(revision);
    this.#wrote();
    const { accessToken } = lineage.current;
    this.#revoked.push(accessToken);
    if (this.#revoked.length > MAX_REMEMBERED) {
      this.#revoked.shift();
    }
    // At once, on every node: this is what Revoke promises.
    await Promise.all(all.map((each) => this.#expectDead(accessToken, each).catch((error) => this.#note(error))));
  }

  async #expectDead(token: string | undefined, client: TokenClient): Promise<void> {
    if (token !== undefined && (await client.isActive(token))) {
      this.faults.push('a token was said to be active after its Revoke was answered');
    }
  }

  #wrote(): void {
    const now = performance.now();
    this.longestOutageMs = Math.max(this.longestOutageMs, now - this.#lastWriteAt);
    this.#lastWriteAt = now;
  }
}

export function clientOf({ admin }: DemoRecord, address: string): TokenClient {
  const pair = Buffer.from(`${admin.client_id}:${admin.client_secret}`).toString('base64');
  return new TokenClient(address, `Basic ${pair}`);
}

function pick<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
