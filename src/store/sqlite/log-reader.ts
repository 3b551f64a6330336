/** Reading revocation logs from positions on. Where nothing has come, which is nearly always, that is one look-up of the tenant. */
import type { Database, Statement } from 'better-sqlite3';
import {
  type LogPosition,
  type LogReading,
  logReadingOf,
  NO_TENANT,
  REVOCATIONS,
} from '../../core/services/revocation-log.ts';
import type { Lists } from './lists.ts';

/** Without standbys there is one history. */
const TIMELINE = 0;

export class LogReader {
  readonly #tenant: Statement;
  readonly #lists: Lists;
  readonly #atOnce: (positions: readonly LogPosition[], limit: number) => readonly LogReading[];

  constructor(database: Database, lists: Lists) {
    this.#tenant = database.prepare('SELECT revision, client_version FROM tenant WHERE tenant_id = ?').raw();
    this.#lists = lists;
    this.#atOnce = database.transaction((positions: readonly LogPosition[], limit: number) =>
      positions.map((position) => this.#readOne(position, limit)),
    );
  }

  read(positions: readonly LogPosition[], limit: number): readonly LogReading[] {
    return this.#atOnce(positions, limit);
  }

  #readOne(position: LogPosition, limit: number): LogReading {
    const { tenantId, after } = position;
    const [revision, clientVersion] = (this.#tenant.get(tenantId) ?? []) as [number?, number?];
    if (revision === undefined || clientVersion === undefined) {
      return logReadingOf(position, NO_TENANT, [], limit);
    }
    const events = revision > after ? this.#lists.page(REVOCATIONS, { tenantId }, { after: [after], limit }) : [];
    return logReadingOf(position, { revision, clientVersion, timeline: TIMELINE }, events, limit);
  }
}
