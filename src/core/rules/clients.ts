/** What holds of every client. */
import type { Refusal } from '../errors.ts';
import { lockRow, one } from '../plan.ts';
import { CLIENT, type Client } from '../tables/clients.ts';
import { TENANT, type Tenant } from '../tables/tenants.ts';
import { invalid, notFound, unmet } from './refusals.ts';

interface Named {
  readonly tenantId: string;
  readonly clientId: string;
}

/** Who names a public client is believed to be it. */
export function refuseRoles({ confidential, roles }: Pick<Client, 'confidential' | 'roles'>): Refusal | undefined {
  return confidential || roles.length === 0 ? undefined : invalid('roles must be empty for a public client', 'roles');
}

/** What a client can do grows with none of its secrets and tokens: who kept one would have the new role too (decision 0071). */
export function refuseMoreRoles(before: Pick<Client, 'roles'>, after: Pick<Client, 'roles'>): Refusal | undefined {
  const added = after.roles.find((role) => !before.roles.includes(role));
  return added === undefined
    ? undefined
    : unmet(
        `roles are given when a client is made, and can only be taken away later: make another client with the role ${added}`,
      );
}

/** A client and its tenant, which is locked. */
export function planClient({ tenantId, clientId }: Named) {
  return {
    locks: [lockRow(TENANT, { tenantId })],
    reads: { tenant: one(TENANT, { tenantId }), client: one(CLIENT, { clientId }) },
  };
}

export function requireClient(
  { tenant, client }: { readonly tenant: Tenant | undefined; readonly client: Client | undefined },
  { tenantId, clientId }: Named,
): { readonly tenant: Tenant; readonly client: Client } | { readonly refusal: Refusal } {
  return tenant === undefined || client?.tenantId !== tenantId
    ? { refusal: notFound('client', clientId) }
    : { tenant, client };
}

/** The client that a command names, where its tenant has it. */
export function namedClient(
  { client }: { readonly client: Client | undefined },
  { tenantId }: { readonly tenantId: string },
): readonly Client[] {
  return client?.tenantId === tenantId ? [client] : [];
}
