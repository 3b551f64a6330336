import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command, Outcome } from '../../core/commands.ts';
import type { AuditRecord, Message, MfaChallenge, Totp } from '../../core/directory-model.ts';
import { SymbolonError } from '../../core/errors.ts';
import type { LoginHandle } from '../../core/handles.ts';
import type { TokenReading } from '../../core/liveness.ts';
import type { Client, Digest, LoginFailures, Subject, Tenant } from '../../core/model.ts';
import type {
  BindKeyOptions,
  ClientReading,
  ExecuteOptions,
  FamilyListing,
  IntrospectionReading,
  Page,
  ReadBounds,
  Store,
  TimePosition,
} from '../../core/store.ts';
import { Origins } from '../rows/token-readings.ts';
import { Cluster } from './cluster.ts';
import type { Session } from './connections.ts';
import { Executor } from './executor.ts';
import { bindKey } from './key.ts';
import { Lease } from './lease.ts';
import * as lists from './lists.ts';
import { openDatabase } from './open.ts';
import type { PostgresOptions } from './options.ts';
import { Primary } from './primary.ts';
import { purge } from './purge.ts';
import { ReadBatches } from './read-batches.ts';
import * as reads from './reader.ts';
import { Replica } from './replica.ts';
import { type Lookup, readTokens } from './token-reader.ts';

const REPLICA_RETRY_MS = 20;

/** The PostgreSQL engine: a node without state, beside others on the same database. */
export class PostgresStore implements Store {
  readonly #options: PostgresOptions;
  readonly #lease: Lease;
  readonly #primary: Primary;
  readonly #replica: Replica | undefined;
  readonly #executor: Executor;
  readonly #tokens: ReadBatches<Lookup, IntrospectionReading>;
  readonly #clients: ReadBatches<string, ClientReading | undefined>;
  readonly #listeners: (() => void)[] = [];
  readonly #working = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(options: PostgresOptions, cluster: Cluster) {
    const { replica } = options;
    const origins = new Origins();
    this.#options = options;
    this.#lease = new Lease(randomUUID(), options, cluster, () => {
      for (const listener of this.#listeners) {
        listener();
      }
    });
    this.#primary = new Primary(options, cluster, this.#lease);
    this.#replica = replica && new Replica(replica, options, cluster, this.#lease, origins);
    this.#executor = new Executor(this.#primary, options);
    this.#clients = new ReadBatches((ids) => this.#primary.read((session) => reads.readClients(session, ids)));
    this.#tokens = new ReadBatches((lookups) => this.#primary.read((session) => readTokens(session, origins, lookups)));
  }

  /** Connects and migrates. Rejects with a message for the operator, which holds no password. */
  static async open(options: PostgresOptions): Promise<PostgresStore> {
    const cluster = new Cluster();
    await openDatabase(options, cluster);
    const store = new PostgresStore(options, cluster);
    try {
      await store.#lease.start();
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  execute<C extends Command>(command: C, options: ExecuteOptions = {}): Promise<Outcome<C>> {
    return this.#track(() => this.#executor.execute(command, options.deadline) as Promise<Outcome<C>>);
  }

  async readToken(tenantId: string, digest: Digest, bounds?: ReadBounds): Promise<IntrospectionReading> {
    this.#requireOpen();
    const lookup = { tenantId, digest };
    return bounds === undefined || this.#replica === undefined
      ? this.#tokens.read(lookup)
      : this.#readWithin(this.#replica, lookup, bounds);
  }

  async readBearer(digest: Digest): Promise<TokenReading | undefined> {
    this.#requireOpen();
    return (await this.#tokens.read({ tenantId: null, digest })).reading;
  }

  async readClient(clientId: string): Promise<ClientReading | undefined> {
    this.#requireOpen();
    return this.#clients.read(clientId);
  }

  readTenant(tenantId: string): Promise<Tenant | undefined> {
    return this.#read((session) => reads.readTenant(session, tenantId));
  }

  findSubject(tenantId: string, handle: LoginHandle): Promise<Subject | undefined> {
    return this.#read((session) => reads.findSubject(session, tenantId, handle));
  }

  readLoginFailures(tenantId: string, keys: readonly string[]): Promise<readonly LoginFailures[]> {
    return this.#read((session) => reads.readLoginFailures(session, tenantId, keys));
  }

  readTotp(tenantId: string, subjectId: string): Promise<Totp | undefined> {
    return this.#read((session) => reads.readTotp(session, tenantId, subjectId));
  }

  readMfaChallenge(tenantId: string, digest: Digest): Promise<MfaChallenge | undefined> {
    return this.#read((session) => reads.readMfaChallenge(session, tenantId, digest));
  }

  listTenants(page: Page<string>): Promise<readonly Tenant[]> {
    return this.#read((session) => lists.listTenants(session, page));
  }

  listClients(tenantId: string, page: Page<string>): Promise<readonly Client[]> {
    return this.#read((session) => lists.listClients(session, tenantId, page));
  }

  listSubjects(tenantId: string, kind: Subject['kind'], page: Page<TimePosition>): Promise<readonly Subject[]> {
    return this.#read((session) => lists.listSubjects(session, tenantId, kind, page));
  }

  listFamilies(...query: Parameters<Store['listFamilies']>): Promise<readonly FamilyListing[]> {
    return this.#read((session) => lists.listFamilies(session, ...query));
  }

  listMessages(tenantId: string, page: Page<TimePosition>): Promise<readonly Message[]> {
    return this.#read((session) => lists.listMessages(session, tenantId, page));
  }

  listAuditRecords(tenantId: string, page: Page<number>): Promise<readonly AuditRecord[]> {
    return this.#read((session) => lists.listAuditRecords(session, tenantId, page));
  }

  bindKey(fingerprint: Digest, options: BindKeyOptions = { replace: false }): Promise<boolean> {
    return this.#track(async () => {
      try {
        const [isBound, timeline] = await this.#primary.write(async (session) => [
          await bindKey(session, fingerprint, options),
          session.timeline,
        ]);
        await this.#primary.untilAnswerable(timeline);
        return isBound;
      } catch (error) {
        throw this.#primary.refusal(error, false);
      }
    });
  }

  purgeExpired(limit: number): Promise<number> {
    return this.#track(async () => {
      try {
        return await this.#primary.write((session) => purge(session, this.#options.clock(), limit));
      } catch (error) {
        throw this.#primary.refusal(error, false);
      }
    });
  }

  isWritable(): boolean {
    return this.#lease.isHeld;
  }

  isReadable(): boolean {
    return this.#lease.isHeld;
  }

  onStandingChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#working);
    await this.#lease.stop();
    await Promise.all([this.#primary.end(), this.#replica?.end()]);
  }

  /** What was begun is finished before the store closes, and nothing is begun after. */
  async #track<T>(work: () => Promise<T>): Promise<T> {
    this.#requireOpen();
    const working = work();
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }

  async #read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.#requireOpen();
    return this.#primary.read(work);
  }

  /** From the replica where it is within the bounds, else from the primary; waits for either while there is time. */
  async #readWithin(replica: Replica, lookup: Lookup, bounds: ReadBounds): Promise<IntrospectionReading> {
    const deadline = bounds.deadline ?? Date.now() + this.#options.answerTimeoutMs;
    for (;;) {
      const reading = await replica.readToken(lookup, bounds);
      if (reading !== undefined) {
        return reading;
      }
      try {
        return await this.#tokens.read(lookup);
      } catch (error) {
        this.#requireOpen();
        if (Date.now() + REPLICA_RETRY_MS >= deadline) {
          throw error;
        }
        await sleep(REPLICA_RETRY_MS);
      }
    }
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) {
      throw new SymbolonError('store_unavailable', 'The store is closed');
    }
  }
}
