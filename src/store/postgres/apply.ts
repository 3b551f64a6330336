/** Applying the changes of a decision. */
import type { Change } from '../../core/changes.ts';
import type { Guard } from '../../core/rules/authority.ts';
import { type Statement, together } from './batch.ts';
import type { Session } from './connections.ts';
import { changeStep, type Step, send } from './statements.ts';

/** Divides by zero, on purpose, when something is another: that ends the transaction, and faults.ts knows it as a conflict. */
const GUARD: Statement = [
  'guard',
  `SELECT 1 / count(*) FROM tenant
    WHERE tenant_id = $1 AND client_version = $2 AND ($3::bigint IS NULL OR revision = $3::bigint)`,
];

export function guardStep({ tenantId, clientVersion, revision }: Guard): Step {
  return { statement: GUARD, values: [tenantId, clientVersion, revision] };
}

/** All of them are made before the first is sent: what can't be put into words must not follow what was sent already. */
export function changeSteps(changes: readonly Change[]): Step[] {
  return changes.map(changeStep);
}

/** Sends them in their order; what comes next need not wait for them. */
export function sendAll(session: Session, steps: readonly Step[]): Promise<unknown> {
  return together(steps.map((step) => send(session, step)));
}
