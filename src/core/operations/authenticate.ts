/** Who is calling: a client that names itself, proves itself by a secret, or is known by a bearer token. */
import type { Actor } from '../actor.ts';
import { matchesSecret } from '../decide/issue.ts';
import { CALLER_UNAUTHENTICATED, SymbolonError } from '../errors.ts';
import { isLive } from '../liveness.ts';
import type { Digest, Instant, Subject } from '../model.ts';
import type { Standing } from '../permissions.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { ClientReading } from '../store.ts';
import { confirmUse } from './confirm-use.ts';

/** The client that is calling. */
export interface Caller {
  readonly tenantId: string;
  readonly clientId: string;
  readonly standings: readonly Standing[];
  /** The tenant's revision when the caller was read. */
  readonly revision: number;
  /** As in ClientReading, when the caller was read. */
  readonly clientVersion: number;
  readonly credential: CallerCredential;
  /** The token that it proved itself by. */
  readonly tokenId?: string;
  /** The user or device whose token it bears, where those may call. */
  readonly subject?: { readonly kind: Subject['kind']; readonly id: string; readonly issueRevision: number };
}

/** A call as every transport hands it to an operation. */
export interface Call {
  readonly caller: Caller;
  /** When the caller stops waiting. */
  readonly deadline?: Instant;
  /** The caller's network address, unless it is this machine's own. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

export type CallerCredential =
  | { readonly kind: 'client'; readonly clientId: string; readonly secret: string; readonly digest: Digest }
  | { readonly kind: 'bearer'; readonly digest: Digest };

type ClientCredential = Extract<CallerCredential, { kind: 'client' }>;

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
        ? await authenticateBearer(services, credential)
        : undefined;
  if (caller === undefined) {
    throw SymbolonError.of(CALLER_UNAUTHENTICATED);
  }
  return caller;
}

async function authenticateClient(services: Services, credential: ClientCredential): Promise<Caller | undefined> {
  const reading = await services.store.readClient(credential.clientId);
  return reading && proveClient(reading, credential, services.clock());
}

/** The caller that the credential proves by what is known of its client; undefined when it proves none. */
function proveClient(reading: ClientReading, credential: ClientCredential, now: Instant): Caller | undefined {
  if (reading.client.disabled || reading.tenant.disabled) {
    return undefined;
  }
  if (!reading.client.confidential) {
    return callerOf(reading, ['public'], credential);
  }
  return matchesSecret(reading.secrets, credential.digest, now)
    ? callerOf(reading, ['client', ...reading.client.roles], credential)
    : undefined;
}

/** Clients as they were read last, by store. */
const knownClients = new WeakMap<Services['store'], Map<string, ClientReading>>();
const MOST_KNOWN_CLIENTS = 10_000;

/**
 * Answers the caller by what was known of its client, which saves a read, but is worth something only to an operation that
 * compares `clientVersion` with what it reads itself, and authenticates anew when they differ. Introspect does. Undefined when
 * nothing is known that proves it.
 */
export function knownCaller(services: Services, credential: CallerCredential | undefined): Caller | undefined {
  if (credential?.kind !== 'client') {
    return undefined;
  }
  const known = knownClients.get(services.store)?.get(credential.clientId);
  return known && proveClient(known, credential, services.clock());
}

/** Answers the caller as it is known, or as the store says now. */
export async function authenticateAsKnown(
  services: Services,
  credential: CallerCredential | undefined,
): Promise<Caller> {
  const known = knownCaller(services, credential);
  if (known !== undefined || credential === undefined) {
    return known ?? authenticate(services, credential);
  }
  return authenticateAndKeep(services, credential);
}

/** Authenticates by what the store says now, and keeps it for `authenticateAsKnown`. */
export async function authenticateAndKeep(services: Services, credential: CallerCredential): Promise<Caller> {
  if (credential.kind !== 'client') {
    return authenticate(services, credential);
  }
  const reading = await services.store.readClient(credential.clientId);
  const caller = reading && proveClient(reading, credential, services.clock());
  if (caller === undefined || reading === undefined) {
    throw SymbolonError.of(CALLER_UNAUTHENTICATED);
  }
  const known = knownClients.get(services.store) ?? new Map<string, ClientReading>();
  knownClients.set(services.store, known.size < MOST_KNOWN_CLIENTS ? known : new Map());
  knownClients.get(services.store)?.set(credential.clientId, reading);
  return caller;
}

async function authenticateBearer(
  services: Services,
  credential: Extract<CallerCredential, { kind: 'bearer' }>,
): Promise<Caller | undefined> {
  const token = await services.store.readBearer(credential.digest);
  if (token === undefined || !isLive(token, services.clock())) {
    return undefined;
  }
  confirmUse(services, token, services.clock());
  if (token.family.kind !== 'ADMIN' && token.family.kind !== 'APPLICATION') {
    return undefined;
  }
  const reading = await services.store.readClient(token.family.clientId);
  return (
    reading && { ...callerOf(reading, ['client', ...reading.client.roles], credential), tokenId: token.token.tokenId }
  );
}

const BEARER_STANDINGS = { USER: 'user', DEVICE: 'device', ANONYMOUS: 'anonymous' } as const;

/**
 * The bearer of any live token of the tenant, for dialects whose users call in person; undefined when there is none. Tokens of
 * clients stand for these.
 */
export async function authenticateTokenHolder(
  services: Services,
  tenantId: string,
  token: string,
): Promise<Caller | undefined> {
  if (!isToken(token)) {
    return undefined;
  }
  const credential = { kind: 'bearer', digest: digestOf(token) } as const;
  const { reading } = await services.store.readToken(tenantId, credential.digest);
  if (reading === undefined || !isLive(reading, services.clock())) {
    return undefined;
  }
  const { kind, subjectKind, subjectId, clientId, issueRevision } = reading.family;
  if (kind === 'ADMIN' || kind === 'APPLICATION') {
    return authenticateBearer(services, credential);
  }
  confirmUse(services, reading, services.clock());
  const client = await services.store.readClient(clientId);
  return (
    client && {
      ...callerOf(client, [BEARER_STANDINGS[kind]], credential),
      tokenId: reading.token.tokenId,
      ...(subjectKind === 'client' ? {} : { subject: { kind: subjectKind, id: subjectId, issueRevision } }),
    }
  );
}

/** Who makes the change of a call, for the audit log. */
export function actorOf({ caller, address, requestId }: Call): Actor {
  const { subject, clientId, tokenId } = caller;
  return {
    kind: subject?.kind ?? 'client',
    id: subject?.id ?? clientId,
    tokenId: tokenId ?? null,
    address: address ?? null,
    requestId: requestId ?? null,
  };
}

function callerOf(reading: ClientReading, standings: readonly Standing[], credential: CallerCredential): Caller {
  const { client, tenant, clientVersion } = reading;
  const { clientId, tenantId } = client;
  return { tenantId, clientId, standings, revision: tenant.revision, clientVersion, credential };
}
