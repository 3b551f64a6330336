/** Telling those who follow revocation logs that some may have grown. */
import type { Change } from '../../core/changes.ts';
import { REVOCATION, type RevocationEvent } from '../../core/tables/revocations.ts';

/** The tenants whose logs the changes write to, one for each event. */
export function grownLogsOf(changes: readonly Change[]): string[] {
  const grown: string[] = [];
  for (const change of changes) {
    if (change.change === 'insert' && change.table.name === REVOCATION.name) {
      grown.push((change.row as RevocationEvent).tenantId);
    }
  }
  return grown;
}

export class LogFollowers {
  readonly #listeners: ((tenantIds: readonly string[]) => void)[] = [];

  add(listener: (tenantIds: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  tell(tenantIds: readonly string[] | undefined): void {
    if (tenantIds !== undefined && tenantIds.length > 0) {
      for (const listener of this.#listeners) {
        listener(tenantIds);
      }
    }
  }
}
