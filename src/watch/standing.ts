/** Whether the caller of a stream still is who it was, for a stream outlives what was known when it began. */
import type { Instant } from '../core/model.ts';
import { authenticate, type Caller } from '../core/operations/authenticate.ts';
import { requirePermission } from '../core/permissions.ts';
import type { Services } from '../core/services/services.ts';

/** A caller as it was read last. */
export interface Standing {
  /** As in ClientReading: another one means that the caller may have been changed since. */
  readonly clientVersion: number;
  /** When its secret or token expires. */
  readonly expireTime: Instant | null;
  /** The same for those who prove themselves by the same. */
  readonly credential: object;
  /** An event about one of these may have ended it. */
  readonly keys: readonly string[];
  /** Whether that may have been before its stream followed the log, and is not seen by `clientVersion`: of a token. */
  readonly mayHaveEnded: boolean;
  /** As it is now. Throws `caller_unauthenticated` or `permission_denied` when it has ended. */
  renew(): Promise<Standing>;
}

/** Throws `permission_denied` for a caller that may not watch. */
export function standingOf(services: Services, caller: Caller): Standing {
  requirePermission(caller, 'introspect');
  const { proof, credential, clientVersion, clientId, tenantId } = caller;
  const keys = [clientId, tenantId, ...(proof.by === 'token' ? [proof.familyId, proof.subjectId] : [])];
  return {
    clientVersion,
    expireTime: proof.by === 'name' ? null : proof.expireTime,
    credential,
    keys,
    mayHaveEnded: proof.by === 'token',
    renew: async () => standingOf(services, await authenticate(services, credential)),
  };
}
