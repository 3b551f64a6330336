/**
 * Whose ids of clients are (decision 0070): a tenant's id is its public client's, and what begins with it and a dot is its own. No tenant's
 * id has a dot, so that these are nobody else's, whatever is deleted and made.
 */

/** Whether an admin of the tenant may choose the id. */
export function isOwnClientId(tenantId: string, clientId: string): boolean {
  return clientId.startsWith(`${tenantId}.`) && clientId.length > tenantId.length + 1;
}

/**
 * What is wrong with a client that has the id of another tenant, whose apps would then log people in elsewhere. No door makes one; a
 * store that has one was written by something else.
 */
export function explainForeign(
  { clientId, tenantId }: { readonly clientId: string; readonly tenantId: string },
  isTenant: (id: string) => boolean,
): string | undefined {
  return clientId !== tenantId && isTenant(clientId)
    ? `the client ${clientId} of the tenant ${tenantId} has the id of another tenant. Delete that client in the source first`
    : undefined;
}

/** The tenant that an id names, or whose names it is among: `acme` of `acme`, `ACME` and `acme.web`. No tenant's id has a dot. */
export function namesakeOf(clientId: string): string {
  return clientId.replace(/\..*$/, '').toLowerCase();
}
