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
  Store,
  TimePosition,
} from '../../core/store.ts';
import { faultOf } from './faults.ts';
import { Reader } from './reader.ts';
import { WriterClient, type WriterOptions } from './writer-client.ts';

/** The SQLite engine. Its port is asynchronous because other engines are; its reads are not. */
export class SqliteStore implements Store {
  readonly #reader: Reader;
  readonly #writer: WriterClient;
  #isClosed = false;

  private constructor(reader: Reader, writer: WriterClient) {
    this.#reader = reader;
    this.#writer = writer;
  }

  /** Opens the file, creating or migrating it. Rejects with a message for the operator when it can't. */
  static async open(options: WriterOptions): Promise<SqliteStore> {
    const writer = await WriterClient.start(options);
    return new SqliteStore(new Reader(options.path), writer);
  }

  async execute<C extends Command>(command: C, options: ExecuteOptions = {}): Promise<Outcome<C>> {
    return (await this.#writer.execute(command, options.deadline)) as Outcome<C>;
  }

  readToken(tenantId: string, digest: Digest): Promise<IntrospectionReading> {
    return this.#reader.readToken(tenantId, digest).catch((error: unknown) => this.#refuse(error));
  }

  async readBearer(digest: Digest): Promise<TokenReading | undefined> {
    return this.#read(() => this.#reader.readBearer(digest));
  }

  async readClient(clientId: string): Promise<ClientReading | undefined> {
    return this.#read(() => this.#reader.readClient(clientId));
  }

  async readTenant(tenantId: string): Promise<Tenant | undefined> {
    return this.#read(() => this.#reader.readTenant(tenantId));
  }

  async findSubject(tenantId: string, handle: LoginHandle): Promise<Subject | undefined> {
    return this.#read(() => this.#reader.findSubject(tenantId, handle));
  }

  async readLoginFailures(tenantId: string, keys: readonly string[]): Promise<readonly LoginFailures[]> {
    return this.#read(() => this.#reader.readLoginFailures(tenantId, keys));
  }

  async readTotp(tenantId: string, subjectId: string): Promise<Totp | undefined> {
    return this.#read(() => this.#reader.readTotp(tenantId, subjectId));
  }

  async readMfaChallenge(tenantId: string, digest: Digest): Promise<MfaChallenge | undefined> {
    return this.#read(() => this.#reader.readMfaChallenge(tenantId, digest));
  }

  async listTenants(page: Page<string>): Promise<readonly Tenant[]> {
    return this.#read(() => this.#reader.lists.tenants(page));
  }

  async listClients(tenantId: string, page: Page<string>): Promise<readonly Client[]> {
    return this.#read(() => this.#reader.lists.clients(tenantId, page));
  }

  async listSubjects(tenantId: string, kind: Subject['kind'], page: Page<TimePosition>): Promise<readonly Subject[]> {
    return this.#read(() => this.#reader.lists.subjects(tenantId, kind, page));
  }

  async listFamilies(...query: Parameters<Store['listFamilies']>): Promise<readonly FamilyListing[]> {
    return this.#read(() => this.#reader.lists.families(...query));
  }

  async listMessages(tenantId: string, page: Page<TimePosition>): Promise<readonly Message[]> {
    return this.#read(() => this.#reader.lists.messages(tenantId, page));
  }

  async listAuditRecords(tenantId: string, page: Page<number>): Promise<readonly AuditRecord[]> {
    return this.#read(() => this.#reader.lists.auditRecords(tenantId, page));
  }

  bindKey(fingerprint: Digest, { replace }: BindKeyOptions = { replace: false }): Promise<boolean> {
    return this.#writer.bindKey(fingerprint, replace);
  }

  purgeExpired(limit: number): Promise<number> {
    return this.#writer.purge(limit);
  }

  isWritable(): boolean {
    return this.#writer.isWritable;
  }

  isReadable(): boolean {
    return !this.#isClosed;
  }

  onStandingChange(listener: () => void): void {
    this.#writer.onWritableChange(listener);
  }

  async close(): Promise<void> {
    // The writer is the last to close, for only a connection that can write empties the WAL.
    this.#isClosed = true;
    this.#reader.close();
    await this.#writer.close();
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      return this.#refuse(error);
    }
  }

  /** Driver text goes to the log alone. */
  #refuse(error: unknown): never {
    if (this.#isClosed) {
      throw new SymbolonError('store_unavailable', 'The store is closed');
    }
    const { code, message, detail } = faultOf(error);
    throw new SymbolonError(code, message, { cause: new Error(detail) });
  }
}
