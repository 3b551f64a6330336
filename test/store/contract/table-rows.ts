/** Rows of every table, made from its description: of each column a value of its kind. */
import { DEFAULT_POLICY, policyToJson } from '../../../src/core/policy.ts';
import type { AnyTable, Stored, StoredColumn, Where } from '../../../src/core/table.ts';
import { TOKEN_KINDS } from '../../../src/core/tables/families.ts';
import { TABLES } from '../../../src/core/tables/index.ts';

/** The columns that may be NULL. All others may not, in any engine. */
export const NULLABLE: Readonly<Record<string, readonly string[]>> = {
  client_secret: ['expire_time'],
  subject: ['password_hash', 'login_name', 'email', 'pending_email', 'phone', 'pending_phone', 'vendor_id'],
  consent: ['withdraw_time'],
  family: [
    'refresh_client_id',
    'expire_time',
    'revoked_revision',
    'audience',
    'consent_id',
    'refresh_digest',
    'refresh_presented',
    'refresh_repeat_until',
    'refresh_box',
    'place_address',
    'place_agent',
    'visit_time',
  ],
  single_use: ['family_id'],
  end_node_login: ['expire_time'],
  login_failures: ['lock_end_time'],
  code: ['digest'],
  message: ['sealed', 'last_error'],
  audit: ['actor_token_id', 'actor_address', 'actor_request_id'],
};

/** Of columns whose values are more than of a kind. */
const VALUES: Readonly<Record<string, (n: number) => Stored>> = {
  'tenant.policy': (n) => policyToJson({ ...DEFAULT_POLICY, loginAttempts: n }),
  'subject.kind': (n) => (n % 2 === 0 ? 'user' : 'device'),
  'family.kind': (n) => n % TOKEN_KINDS.length,
  'single_use.payload': (n) => JSON.stringify({ n, nothing: null }),
  'message.state': () => 'pending',
  'totp.recovery_digests': (n) => bytesOf('recovery_digests', n, 64),
  'server_key.id': () => 1,
  'purge_horizon.id': () => 1,
};

/** Tables of one row at most. */
export const SINGLE = ['server_key', 'purge_horizon'];

export const FAMILY_ID_BYTES = 16;
/** More than 32 bits. */
const NUMBER = 2 ** 40;

export interface RowOptions {
  /** Nulls where they may be. */
  readonly withNulls?: boolean;
  /** What every number is. */
  readonly number?: number;
}

/** The n-th row of a table. The n-th rows of all tables belong together: an id is the same wherever it is named. */
export function rowOf(table: AnyTable, n: number, { withNulls = false, number = NUMBER + n }: RowOptions = {}): object {
  const nullable = withNulls ? (NULLABLE[table.name] ?? []) : [];
  return table.fromRow(
    table.columns.map((column) => (nullable.includes(column.name) ? null : storedOf(table, column, n, number))),
  );
}

function storedOf(table: AnyTable, { name, kind }: StoredColumn, n: number, number: number): Stored {
  const special = VALUES[`${table.name}.${name}`];
  if (special !== undefined) {
    return special(n);
  }
  switch (kind) {
    case 'text':
      return `${name} ${n}`;
    case 'integer':
      return number;
    case 'flag':
      return n % 2 === 1;
    case 'bytes':
      return bytesOf(name, n, name === 'family_id' ? FAMILY_ID_BYTES : 32);
  }
}

/** Later ones are of later rows. */
function bytesOf(name: string, n: number, length: number): Uint8Array {
  return new Uint8Array(Buffer.concat([Buffer.from([n]), Buffer.from(name.padEnd(length - 1, '\0'))], length));
}

/** Rows of this table and of those before it, which it may name. */
export function rowsUpTo(table: AnyTable, n: number): { table: AnyTable; row: object }[] {
  const before = TABLES.slice(0, TABLES.indexOf(table));
  return [...before, table]
    .filter(({ name }) => n === 1 || !SINGLE.includes(name))
    .map((each) => ({ table: each, row: rowOf(each, n) }));
}

export function keyOf({ key }: AnyTable, row: object): Where<object> {
  return pick(row, (field) => key.includes(field));
}

export function withoutKey({ key }: AnyTable, row: object): object {
  return pick(row, (field) => !key.includes(field));
}

function pick(row: object, isWanted: (field: string) => boolean): object {
  return Object.fromEntries(Object.entries(row).filter(([field]) => isWanted(field)));
}
