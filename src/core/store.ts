/** The store's port. `src/store` has an engine for each database; `test/store/contract.ts` holds every engine to these promises. */
import type { Command, Outcome } from './commands.ts';
import type { AuditRecord, Message, MfaChallenge, Totp } from './directory-model.ts';
import type { LoginHandle } from './handles.ts';
import type { TokenReading } from './liveness.ts';
import type {
  Client,
  ClientSecret,
  Digest,
  Family,
  Instant,
  LoginFailures,
  Subject,
  SubjectKind,
  Tenant,
  Token,
} from './model.ts';

/** A client with the standing of its tenant and with its secrets, read at one moment. */
export interface ClientReading {
  readonly client: Client;
  readonly tenant: Pick<Tenant, 'disabled' | 'revision'>;
  /** Changes whenever the standing of a client of the tenant, its secrets, or the tenant's own standing does. */
  readonly clientVersion: number;
  readonly secrets: readonly ClientSecret[];
}

/** What Introspect reads: the tenant's revision and, in the same moment, what decides about the token. */
export interface IntrospectionReading {
  /** Undefined when there is no such token in the tenant. */
  readonly reading: TokenReading | undefined;
  readonly revision: number;
  /** As in ClientReading: equal means that what was known of the tenant's clients still holds in this moment. */
  readonly clientVersion: number;
}

/** What a caller puts up with for an answer from a replica. */
export interface ReadBounds {
  /** The answer knows everything that was answered this long ago. */
  readonly maxStalenessMs: number;
  /** And this revision of the tenant. */
  readonly atLeastRevision: number;
  /** When the caller stops waiting. */
  readonly deadline?: Instant;
}

/** A part of a list: what comes after a position, or from the start. */
export interface Page<Position> {
  readonly after?: Position;
  readonly limit: number;
}

export interface TimePosition {
  readonly time: Instant;
  readonly id: string;
}

/** A family with the tokens of its current generation. */
export interface FamilyListing {
  readonly family: Family;
  readonly tokens: readonly Token[];
}

export interface BindKeyOptions {
  /** For a key that is lost: this one takes its place. */
  readonly replace: boolean;
}

export interface ExecuteOptions {
  /** A command that was not begun by then is not executed, and fails with `deadline_exceeded`. */
  readonly deadline?: Instant;
}

/**
 * Keeps tenants, clients, subjects, families and tokens.
 *
 * - **Atomic.** `execute` loads the rows that the command names, decides by the core's rules, and applies all changes or none. A
 *   refusal is an answer: the changes that come with it are applied.
 * - **Linearizable.** Commands that name a common row take effect one after the other, in one order that every reader sees.
 *   Of N concurrent refreshes with one token exactly one makes a generation.
 * - **Durable.** Once `execute` has answered, a crash of the process or the machine at any moment loses nothing of it.
 * - **Fresh.** A read that begins after `execute` has answered sees its changes, on whichever node either happens. What can't
 *   be known to be fresh is not answered: the read fails with `store_unavailable`.
 * - **Honest.** When an outcome is not known to be committed, `execute` throws `store_unavailable` or `store_full`, never answers.
 *   The caller may repeat the command. Conflicts with other transactions are retried inside.
 * - Reads wait for no write, and hold nothing open between calls.
 */
export interface Store {
  execute<C extends Command>(command: C, options?: ExecuteOptions): Promise<Outcome<C>>;

  /**
   * Reads what decides about a token of the tenant; one of another tenant is as unknown. With bounds, a store that has a replica
   * may read that, when it is within them; a store that has none ignores them.
   */
  readToken(tenantId: string, digest: Digest, bounds?: ReadBounds): Promise<IntrospectionReading>;

  /** Reads a token by its digest whatever its tenant is: for callers that are known by their token alone. */
  readBearer(digest: Digest): Promise<TokenReading | undefined>;

  readClient(clientId: string): Promise<ClientReading | undefined>;

  readTenant(tenantId: string): Promise<Tenant | undefined>;

  findSubject(tenantId: string, handle: LoginHandle): Promise<Subject | undefined>;

  readLoginFailures(tenantId: string, keys: readonly string[]): Promise<readonly LoginFailures[]>;

  readTotp(tenantId: string, subjectId: string): Promise<Totp | undefined>;

  readMfaChallenge(tenantId: string, digest: Digest): Promise<MfaChallenge | undefined>;

  /** Of `list…`: rows after the position, in ascending order, at most `limit`. The position of a row never changes. */
  listTenants(page: Page<string>): Promise<readonly Tenant[]>;

  /** By client id. */
  listClients(tenantId: string, page: Page<string>): Promise<readonly Client[]>;

  /** By time of creation, then id. */
  listSubjects(tenantId: string, kind: Subject['kind'], page: Page<TimePosition>): Promise<readonly Subject[]>;

  /** Families that may be live, by time of issue, then id: not revoked, not expired at `now`, issued at `leastRevision` or later. */
  listFamilies(
    tenantId: string,
    of: { readonly subjectKind: SubjectKind; readonly subjectId: string },
    bounds: { readonly now: Instant; readonly leastRevision: number },
    page: Page<TimePosition>,
  ): Promise<readonly FamilyListing[]>;

  /** By time of creation, then id. */
  listMessages(tenantId: string, page: Page<TimePosition>): Promise<readonly Message[]>;

  /** By sequence. */
  listAuditRecords(tenantId: string, page: Page<number>): Promise<readonly AuditRecord[]>;

  /** Remembers the fingerprint of the servers' key, the first that it is told or one that replaces it; answers whether this is that one. */
  bindKey(fingerprint: Digest, options?: BindKeyOptions): Promise<boolean>;

  /** Deletes at most `limit` rows of each kind that expired before now; answers how many it deleted in all. */
  purgeExpired(limit: number): Promise<number>;

  /** Whether the last write or probe succeeded. */
  isWritable(): boolean;

  /** Whether reads are answered: a node that has lost its database answers none. */
  isReadable(): boolean;

  /** Is told whenever `isWritable` or `isReadable` changes. */
  onStandingChange(listener: () => void): void;

  /** Finishes what was begun, refuses what comes later, and lets go of the files or connections. */
  close(): Promise<void>;
}
