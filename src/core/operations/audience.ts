/** Whether a caller may be told of a token that is for a resource server: that one's clients may, and who manages the tenant. */
import { isForPages } from '../rules/audiences.ts';
import type { TokenReading } from '../rules/liveness.ts';
import { isForClient } from '../rules/resource-servers.ts';
import type { Services } from '../services/services.ts';
import type { Caller } from './authenticate.ts';

/** Undefined where the resource server has to be read. Nothing is looked up of a token without an audience. */
export function mayKnow(
  { knownResourceServers }: Services,
  caller: Caller,
  { family }: TokenReading,
  clientVersion: number,
): boolean | undefined {
  const { audience, tenantId } = family;
  if (audience === null || seesAll(caller, audience)) {
    return true;
  }
  const known = knownResourceServers.get(tenantId, audience, clientVersion);
  return known && isForClient(family, known.server, caller.clientId);
}

/** The same, where it has to be read. */
export async function learnWhether(
  { knownResourceServers }: Services,
  caller: Caller,
  { family }: TokenReading,
  clientVersion: number,
): Promise<boolean> {
  const { audience, tenantId } = family;
  const { server } = await knownResourceServers.read(tenantId, audience ?? '', clientVersion);
  return isForClient(family, server, caller.clientId);
}

/** Services let in who has a live token. What a browser holds for the pages is not one for them. */
function seesAll({ standings }: Caller, audience: string): boolean {
  return (standings.includes('admin') && !isForPages(audience)) || standings.includes('machine');
}
