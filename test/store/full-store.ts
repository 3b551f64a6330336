/**
 * A SQLite store with rows of every table. Most are made from the descriptions of the tables, with odd texts in them, so a table or a
 * column that comes later is there as well. They mean nothing; what means something is one login.
 */
import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { type Change, insert } from '../../src/core/changes.ts';
import type { Digest, Instant } from '../../src/core/model.ts';
import { policyOfProfile } from '../../src/core/policy.ts';
import { AUDIT_START } from '../../src/core/rules/audit.ts';
import type { AnyTable, Stored } from '../../src/core/table.ts';
import { CLIENT, defaultRegistration } from '../../src/core/tables/clients.ts';
import { FAMILY, type RefreshState } from '../../src/core/tables/families.ts';
import { TABLES } from '../../src/core/tables/index.ts';
import { SUBJECT } from '../../src/core/tables/subjects.ts';
import { TENANT } from '../../src/core/tables/tenants.ts';
import { FAMILY_RANDOM_BYTES, newFamilyId } from '../../src/core/token-form.ts';
import { insertSql } from '../../src/store/rows/sql.ts';
import { prepareApplier } from '../../src/store/sqlite/apply.ts';
import { openWriter } from '../../src/store/sqlite/connection.ts';
import { migrate } from '../../src/store/sqlite/migrations.ts';
import { bindable, mark } from '../../src/store/sqlite/statements.ts';
import { type RowOptions, rowOf, SINGLE } from './contract/table-rows.ts';
import { TENANT as ACME, ANN, APP, aDigest } from './fixtures.ts';

/** All that quoting, arrays of PostgreSQL and encodings could trip over. */
const ODD_TEXTS = [
  '',
  ' ',
  `it's "quoted"`,
  'back\\slash \\\\ \\x41 \\u0041',
  '{curly,NULL}',
  'NULL',
  'null',
  'zwölf 🦊👩‍👩‍👧 日本語 \u{10ffff}',
  'e\u0301 and é',
  'line\nbreak\r\n\ttab',
  '%s $1 ?',
];

/** Columns that can't hold any text. */
const WORDED = ['subject.kind', 'message.state', 'tenant.policy', 'single_use.payload'];

/** What the rest of the rows are. */
const OTHERS: readonly RowOptions[] = [
  { withNulls: true },
  { withNulls: true },
  { number: 0 },
  { number: Number.MAX_SAFE_INTEGER },
];

/** A login that was refreshed once, so that the answer can be repeated. */
export interface Refreshed {
  readonly familyId: string;
  /** Of the refresh token that was presented. */
  readonly presented: Digest;
  readonly last: RefreshState;
}

export function fillStore(path: string, now: Instant): Refreshed {
  const database = openWriter(path);
  try {
    migrate(database, path);
    const options = [...ODD_TEXTS.map(() => ({})), ...OTHERS];
    for (const [i, each] of options.entries()) {
      fillTables(database, i + 1, each);
    }
    const { refreshed, changes } = aLogin(now);
    changes.forEach(prepareApplier(database));
    return refreshed;
  } finally {
    database.close();
  }
}

/** The n-th row of each table. */
function fillTables(database: Database, n: number, options: RowOptions): void {
  for (const table of TABLES.filter(({ name }) => n === 1 || !SINGLE.includes(name))) {
    const row = table.toRow(rowOf(table, n, options)).map((value, i) => odd(table, i, value, n));
    database.prepare(insertSql(table, mark)).run(bindable(row));
  }
}

/** The n-th odd text at the end of every text, so that an id is the same in all tables. */
function odd({ name, columns }: AnyTable, column: number, value: Stored, n: number): Stored {
  const isFree = !WORDED.includes(`${name}.${columns[column]?.name}`);
  return typeof value === 'string' && isFree ? value + (ODD_TEXTS[n - 1] ?? '') : value;
}

function aLogin(now: Instant): { refreshed: Refreshed; changes: readonly Change[] } {
  const familyId = newFamilyId(now, randomBytes(FAMILY_RANDOM_BYTES));
  const presented = aDigest();
  const last = {
    digest: aDigest(),
    presented: presented.slice(0, 16),
    repeatUntil: now + 60_000,
    box: new Uint8Array(randomBytes(40)),
  };
  const common = { tenantId: ACME, displayName: '', disabled: false, cutoff: 0, createTime: now };
  const head = { auditSequence: 0, auditHash: AUDIT_START };
  const ofTenant = { ...head, revision: 3, clientVersion: 5, logoUri: '', accentColor: '' };
  const names = {
    loginName: 'ann',
    email: null,
    phone: null,
    vendorId: null,
    emailVerified: false,
    phoneVerified: false,
  };
  const app = { clientId: APP, confidential: false, roles: [], scopes: ['read'] };
  const changes = [
    insert(TENANT, { ...common, ...ofTenant, policy: { ...policyOfProfile('kii'), refreshEnabled: true } }),
    insert(CLIENT, { ...common, ...app, ...defaultRegistration(app) }),
    insert(SUBJECT, {
      ...common,
      ...names,
      subjectId: ANN,
      kind: 'user',
      passwordHash: null,
      attributes: '{}',
      ownerIds: [],
      pendingEmail: null,
      pendingPhone: null,
      mfaEnabled: false,
      disabledByOwner: false,
    }),
    insert(FAMILY, {
      familyId,
      tenantId: ACME,
      clientId: APP,
      refreshClientId: null,
      subjectId: ANN,
      kind: 'USER',
      scopes: ['read'],
      generation: 1,
      issueRevision: 3,
      issueTime: now,
      expireTime: now + 3_600_000,
      revokedRevision: null,
      audience: null,
      consentId: null,
      keyId: '0',
      accessDigest: aDigest(),
      accessIssueTime: now,
      accessExpireTime: now + 60_000,
      refresh: last,
      placeAddress: '192.0.2.7',
      placeAgent: 'Firefox, Windows',
      visitTime: null,
    }),
  ];
  return { refreshed: { familyId, presented, last }, changes };
}
