/** Reading clients with their secrets, many at once: each of them of one moment. */
import { versionAt } from '../../core/rules/authority.ts';
import type { ClientReading } from '../../core/services/store.ts';
import { anyTable } from '../../core/table.ts';
import { CLIENT, CLIENT_SECRET, type ClientSecret } from '../../core/tables/clients.ts';
import { columnList } from '../rows/sql.ts';
import type { Row, Statement } from './batch.ts';
import type { Session } from './connections.ts';

/** Columns of the tenant, the client and the secret come one after the other. */
const CLIENT_AT = 6;
const SECRET_AT = CLIENT_AT + CLIENT.columns.length;

export const READ_CLIENTS: Statement = [
  'read_clients',
  `SELECT n.disabled, n.revision, n.client_version, n.display_name, n.logo_uri, n.accent_color,
      ${columnList(anyTable(CLIENT), 'c.')}, ${columnList(anyTable(CLIENT_SECRET), 'k.')}
    FROM client c JOIN tenant n ON n.tenant_id = c.tenant_id LEFT JOIN client_secret k ON k.client_id = c.client_id
    WHERE c.client_id = ANY($1::text[])`,
];

/** One statement for all, answered in their order. */
export async function readClients(
  session: Session,
  clientIds: readonly string[],
): Promise<(ClientReading | undefined)[]> {
  const { rows } = await session.query(READ_CLIENTS, [[...new Set(clientIds)]]);
  const rowsOf = Map.groupBy(rows, (row) => row[CLIENT_AT]);
  return clientIds.map((clientId) => clientReadingOf(session, rowsOf.get(clientId) ?? []));
}

function clientReadingOf({ timeline }: Session, rows: readonly Row[]): ClientReading | undefined {
  const [first] = rows;
  if (first === undefined) {
    return undefined;
  }
  const [disabled, revision, version, ...brand] = first as [boolean, number, number, string, string, string];
  const [displayName, logoUri, accentColor] = brand;
  return {
    client: CLIENT.fromRow(first, CLIENT_AT),
    tenant: { disabled, revision, displayName, logoUri, accentColor },
    secrets: secretsOf(rows),
    clientVersion: versionAt(timeline, version),
  };
}

/** In the order of their keys; the one row of a client that has none holds NULLs. */
function secretsOf(rows: readonly Row[]): ClientSecret[] {
  return rows
    .filter((row) => row[SECRET_AT] !== null)
    .map((row) => CLIENT_SECRET.fromRow(row, SECRET_AT))
    .sort((one, other) => (one.secretId < other.secretId ? -1 : 1));
}
