/** Reading what decides about a token: what can change of it in one statement, so that it is of one moment. */
import type { Database } from 'better-sqlite3';
import type { TokenReading } from '../../core/liveness.ts';
import type { Digest } from '../../core/model.ts';
import type { IntrospectionReading } from '../../core/store.ts';
import {
  NOTHING,
  ORIGIN_COLUMNS,
  type Origin,
  type OriginRow,
  Origins,
  STANDING_COLUMNS,
  type StandingRow,
  tokenReadingOf,
} from '../rows/token-readings.ts';

export class TokenReader {
  readonly #origin;
  readonly #standing;
  readonly #origins = new Origins();

  constructor(database: Database) {
    // In a join a bare `?` makes SQLite prepare the statement anew at every execution; `(SELECT ?)` does not (docs/decisions.md).
    this.#origin = database
      .prepare<[Digest]>(
        `SELECT ${ORIGIN_COLUMNS} FROM token t JOIN family f ON f.family_id = t.family_id WHERE t.digest = (SELECT ?)`,
      )
      .raw();
    // From the tenant outwards, so that its revision is answered even when there is no such family.
    this.#standing = database
      .prepare<[string | null, string]>(
        `SELECT ${STANDING_COLUMNS}
        FROM tenant n
          LEFT JOIN family f ON f.family_id = (SELECT ?) AND f.tenant_id = n.tenant_id
          LEFT JOIN client c ON c.client_id = f.client_id
          LEFT JOIN subject s ON s.subject_id = f.subject_id
        WHERE n.tenant_id = (SELECT ?)`,
      )
      .raw();
  }

  /** A token of another tenant is as unknown. */
  readInTenant(tenantId: string, digest: Digest): IntrospectionReading {
    const origin = this.#originOf(digest);
    return this.#read(tenantId, origin?.family.tenantId === tenantId ? origin : undefined);
  }

  read(digest: Digest): TokenReading | undefined {
    const origin = this.#originOf(digest);
    return origin && this.#read(origin.family.tenantId, origin).reading;
  }

  #read(tenantId: string, origin: Origin | undefined): IntrospectionReading {
    const row = this.#standing.get(origin?.family.familyId ?? null, tenantId) as StandingRow | undefined;
    return row === undefined
      ? NOTHING
      : { reading: origin && tokenReadingOf(origin, row), revision: row[0], clientVersion: row[1] };
  }

  #originOf(digest: Digest): Origin | undefined {
    const known = this.#origins.get(digest);
    if (known !== undefined) {
      return known;
    }
    const row = this.#origin.get(digest) as OriginRow | undefined;
    return row && this.#origins.remember(digest, row);
  }
}
