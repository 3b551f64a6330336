/** Reads, on the calling thread. Each sees one moment and holds nothing open afterwards. */
import type { Database, Statement } from 'better-sqlite3';
import type { State } from '../../core/commands/decide.ts';
import type { Instant } from '../../core/model.ts';
import type { Reads, StateOf } from '../../core/plan.ts';
import type { LogPosition, LogReading } from '../../core/services/revocation-log.ts';
import type { ClientReading, IntrospectionReading } from '../../core/services/store.ts';
import { anyTable, type List, type Page, type Where } from '../../core/table.ts';
import { CLIENT, CLIENT_SECRET, type ClientSecret } from '../../core/tables/clients.ts';
import { columnList } from '../rows/sql.ts';
import { ChangeMarks, type ReadMoment } from './change-marks.ts';
import { openReader } from './connection.ts';
import { countFamilies, familySteps } from './family-count.ts';
import { FamilyReader } from './family-reader.ts';
import { SharedValues } from './family-rows.ts';
import { KeptRows, readingOf } from './kept-rows.ts';
import { Lists } from './lists.ts';
import { type Loader, prepareLoader } from './load.ts';
import { LogReader } from './log-reader.ts';
import { ManyFamilies } from './many-families.ts';
import { ReadGroup } from './read-group.ts';

export class Reader {
  readonly #database: Database;
  readonly #client: Statement;
  readonly #familySteps: ReturnType<typeof familySteps>;
  readonly #families: FamilyReader;
  readonly #manyFamilies: ManyFamilies;
  readonly #lists: Lists;
  readonly #logs: LogReader;
  readonly #load: Loader;
  readonly #atOnce: (work: () => State) => State;
  readonly #group: ReadGroup;
  #kept: KeptRows | undefined;
  /** Of before the group that is being read. */
  #moment: ReadMoment | undefined;

  constructor(path: string) {
    this.#database = openReader(path);
    this.#client = this.#database.prepare(CLIENT_SQL).raw();
    this.#familySteps = familySteps(this.#database);
    const shared = new SharedValues();
    this.#families = new FamilyReader(this.#database, shared);
    this.#manyFamilies = new ManyFamilies(this.#database, shared);
    this.#lists = new Lists(this.#database);
    this.#logs = new LogReader(this.#database, this.#lists);
    this.#load = prepareLoader(this.#database);
    this.#atOnce = this.#database.transaction((work: () => State) => work());
    this.#group = new ReadGroup(this.#database);
  }

  /** Keeps rows from now on, for those who mark what they change. */
  keepRows(marks: SharedArrayBuffer): void {
    const kept = new KeptRows(new ChangeMarks(marks));
    this.#kept = kept;
    this.#families.keepIn(kept);
    this.#manyFamilies.keepIn(kept);
    this.#group.beforeEach(() => {
      this.#moment = kept.moment();
    });
  }

  /** What is kept and has not changed; undefined where it has to be read. */
  findFamily(tenantId: string | null, familyId: string): IntrospectionReading | undefined {
    const kept = this.#kept?.find(tenantId, familyId);
    return kept !== undefined && this.#kept?.isWhole(kept) ? readingOf(kept) : undefined;
  }

  readFamily(tenantId: string | null, familyId: string): Promise<IntrospectionReading> {
    return this.#group.run(() => this.#families.read(tenantId, familyId, this.#moment));
  }

  readFamilies(tenantId: string | null, familyIds: readonly string[]): IntrospectionReading[] {
    return this.#manyFamilies.read(tenantId, familyIds);
  }

  readClient(clientId: string): ClientReading | undefined {
    const rows = this.#client.all(clientId) as unknown[][];
    const [first] = rows;
    return first && clientReadingOf(first, rows);
  }

  /** Several reads see one moment too. */
  read<R extends Reads>(reads: R, now: Instant): StateOf<R> {
    const load = this.#load(now);
    return (isSingle(reads) ? load(reads) : this.#atOnce(() => load(reads))) as StateOf<R>;
  }

  list<T>(list: List<T>, by: Where<T>, page: Page): T[] {
    return this.#lists.page(list, by, page);
  }

  readRevocations(positions: readonly LogPosition[], limit: number): readonly LogReading[] {
    return this.#logs.read(positions, limit);
  }

  countFamilies(now: Instant): Promise<number> {
    return countFamilies(this.#familySteps, now);
  }

  close(): void {
    this.#database.close();
  }
}

/** `each` reads one row after the other. */
function isSingle(reads: Reads): boolean {
  const [first, ...others] = Object.values(reads);
  return others.length === 0 && first?.read !== 'each';
}

/**
 * A client joined with its tenant, once for each of its secrets; with none, the secret's columns are null. `(SELECT ?)` and not `?` in
 * joins: decision 0017.
 */
export const CLIENT_SQL = `SELECT ${columnList(anyTable(CLIENT), 'c.')}, n.disabled, n.revision, n.client_version,
    n.display_name, n.logo_uri, n.accent_color, ${columnList(anyTable(CLIENT_SECRET), 'k.')}
  FROM client c JOIN tenant n ON n.tenant_id = c.tenant_id LEFT JOIN client_secret k ON k.client_id = c.client_id
  WHERE c.client_id = (SELECT ?)`;

const TENANT_AT = CLIENT.columns.length;
const SECRET_AT = TENANT_AT + 6;

function clientReadingOf(first: readonly unknown[], rows: readonly unknown[][]): ClientReading {
  const ofTenant = first.slice(TENANT_AT, SECRET_AT) as [number, number, number, string, string, string];
  const [disabled, revision, clientVersion, displayName, logoUri, accentColor] = ofTenant;
  const secrets: ClientSecret[] = [];
  for (const row of rows) {
    if (row[SECRET_AT] !== null) {
      secrets.push(CLIENT_SECRET.fromRow(row, SECRET_AT));
    }
  }
  const tenant = { disabled: disabled === 1, revision, displayName, logoUri, accentColor };
  return { client: CLIENT.fromRow(first), tenant, secrets, clientVersion };
}
