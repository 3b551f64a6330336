/** The operator on the machine: who can open the store needs no other proof, and calls as a client does. */
import { SymbolonError } from '../errors.ts';
import { readTenant } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import { authenticate, type Call, type Caller, type CallerCredential } from './authenticate.ts';

/** Proves no client: who has the files needs no credential. */
const NOBODY: CallerCredential = { kind: 'client', clientId: '', secret: '', digest: new Uint8Array(32) };

export interface MachineOperator {
  /** The tenant that it acts in; empty for what is about all tenants, or about a token of whichever. */
  readonly tenantId: string;
  /** Its name on the machine, for the audit log. */
  readonly name: string;
}

/** Throws `not_found` for a tenant that is not there: a mistyped one must not look like one without entries. */
export async function operatorOnMachine(
  { store }: Pick<Services, 'store'>,
  { tenantId, name }: MachineOperator,
): Promise<Caller> {
  const tenant = tenantId === '' ? undefined : await readTenant(store, tenantId);
  if (tenantId !== '' && tenant === undefined) {
    throw new SymbolonError(
      'not_found',
      `There is no tenant ${tenantId}. Name another, or make it with symbolon tenant create`,
    );
  }
  return {
    tenantId,
    clientId: '',
    standings: ['machine'],
    revision: tenant?.revision ?? 0,
    // No change of a client ends what the operator may do.
    clientVersion: Number.MAX_SAFE_INTEGER,
    credential: NOBODY,
    proof: { by: 'name' },
    operator: name,
  };
}

/** For an answer that needs nothing of the store: nothing else tells whether the caller still stands. */
export function authenticateAgain(services: Services, { caller }: Call): Promise<Caller> {
  const { operator, tenantId, credential } = caller;
  return operator === undefined
    ? authenticate(services, credential)
    : operatorOnMachine(services, { tenantId, name: operator });
}
