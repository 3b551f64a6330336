/** Who is calling: a client that names itself, proves itself by a secret, or is known by a bearer token. */
import { matchesSecret } from '../decide/issue.ts';
import { CALLER_UNAUTHENTICATED, SymbolonError } from '../errors.ts';
import { isLive } from '../liveness.ts';
import type { Digest, Instant } from '../model.ts';
import type { Standing } from '../permissions.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { ClientReading } from '../store.ts';

/** The client that is calling. */
export interface Caller {
  readonly tenantId: string;
  readonly clientId: string;
  readonly standings: readonly Standing[];
  /** The tenant's revision when the caller was read. */
  readonly revision: number;
  /** The secret that it proved itself by; empty otherwise. */
  readonly secret: string;
}

/** A call as every transport hands it to an operation. */
export interface Call {
  readonly caller: Caller;
  /** When the caller stops waiting. */
  readonly deadline?: Instant;
  /** The caller's network address, unless it is this machine's own. */
  readonly address?: string;
}

export type CallerCredential =
  | { readonly kind: 'client'; readonly clientId: string; readonly secret: string; readonly digest: Digest }
  | { readonly kind: 'bearer'; readonly digest: Digest };

const BASIC = /^Basic +([A-Za-z0-9+/_-]+=*)$/i;
const BEARER = /^Bearer +(\S+)$/i;

/** Reads an `authorization` value (RFC 7617, RFC 6750); undefined when it is none of these. The work of a pure function. */
export function parseAuthorization(value: string): CallerCredential | undefined {
  const basic = BASIC.exec(value);
  if (basic?.[1] !== undefined) {
    const pair = Buffer.from(basic[1], 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    return colon < 1 ? undefined : clientCredential(pair.slice(0, colon), pair.slice(colon + 1));
  }
  const token = BEARER.exec(value)?.[1];
  return token !== undefined && isToken(token) ? { kind: 'bearer', digest: digestOf(token) } : undefined;
}

export function clientCredential(clientId: string, secret: string): CallerCredential {
  return { kind: 'client', clientId, secret, digest: digestOf(secret) };
}

/** Answers the caller, or throws `caller_unauthenticated` without telling what was wrong. */
export async function authenticate(services: Services, credential: CallerCredential | undefined): Promise<Caller> {
  const caller =
    credential?.kind === 'client'
      ? await authenticateClient(services, credential)
      : credential?.kind === 'bearer'
        ? await authenticateBearer(services, credential.digest)
        : undefined;
  if (caller === undefined) {
    throw SymbolonError.of(CALLER_UNAUTHENTICATED);
  }
  return caller;
}

async function authenticateClient(
  services: Services,
  credential: Extract<CallerCredential, { kind: 'client' }>,
): Promise<Caller | undefined> {
  const reading = await services.store.readClient(credential.clientId);
  if (reading === undefined || reading.client.disabled || reading.tenant.disabled) {
    return undefined;
  }
  if (!reading.client.confidential) {
    return callerOf(reading, ['public'], '');
  }
  return matchesSecret(reading.secrets, credential.digest, services.clock())
    ? callerOf(reading, ['client', ...reading.client.roles], credential.secret)
    : undefined;
}

async function authenticateBearer(services: Services, digest: Digest): Promise<Caller | undefined> {
  const token = await services.store.readBearer(digest);
  if (token === undefined || !isLive(token, services.clock())) {
    return undefined;
  }
  if (token.family.kind !== 'ADMIN' && token.family.kind !== 'APPLICATION') {
    return undefined;
  }
  const reading = await services.store.readClient(token.family.clientId);
  return reading === undefined ? undefined : callerOf(reading, ['client', ...reading.client.roles], '');
}

function callerOf({ client, tenant }: ClientReading, standings: readonly Standing[], secret: string): Caller {
  const { clientId, tenantId } = client;
  return { tenantId, clientId, standings, revision: tenant.revision, secret };
}
