/** Who is calling: a client that names itself, proves itself by a secret, or is known by a bearer token. */
import type { Actor } from '../actor.ts';
import type { CallNotes } from '../call-notes.ts';
import { CALLER_UNAUTHENTICATED, SymbolonError } from '../errors.ts';
import { decodeFormText } from '../form-text.ts';
import type { Digest, Instant } from '../model.ts';
import type { Standing } from '../permissions.ts';
import { type CallerProof, clientStandings } from '../rules/authority.ts';
import { liveSecret, NO_CLIENT, type TokenReading } from '../rules/liveness.ts';
import { digestOf } from '../secrets.ts';
import type { IsAbandoned, Services } from '../services/services.ts';
import type { ClientReading } from '../services/store.ts';
import { subjectKindOf } from '../tables/families.ts';
import type { Subject } from '../tables/subjects.ts';
import { type ParsedToken, parseToken, tokenIdOf } from '../token-form.ts';
import { noteDenied } from './notes.ts';
import { type LiveReading, readLive, type TakenTokens } from './read-live.ts';

/** Who is calling: a client, the bearer of a token, or the operator on the machine. */
export interface Caller {
  /** Its client's; of the operator on the machine the one that it names, or empty. */
  readonly tenantId: string;
  /** Empty of the operator on the machine. */
  readonly clientId: string;
  readonly standings: readonly Standing[];
  /** The tenant's revision when the caller was read. */
  readonly revision: number;
  /** As in ClientReading, when the caller was read. */
  readonly clientVersion: number;
  readonly credential: CallerCredential;
  /** What a transaction checks again. */
  readonly proof: CallerProof;
  /** The name of the operator on the machine, when it is that one. */
  readonly operator?: string;
  /** The token that it proved itself by. */
  readonly tokenId?: string;
  /** The user or device whose token it bears, where those may call. */
  readonly subject?: { readonly kind: Subject['kind']; readonly id: string };
  /** The client that presents the user's token, or the user whom a device names its owner: they must stand too. */
  readonly presenter?: Caller;
}

/** A call as every transport hands it to an operation. */
export interface Call {
  readonly caller: Caller;
  /** When the caller stops waiting. */
  readonly deadline?: Instant;
  /** The caller's network address, unless it is this machine's own, and its User-Agent. */
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  readonly requestId?: string | undefined;
  /** Whether the caller has stopped waiting; asked before work that costs. */
  readonly isAbandoned?: IsAbandoned | undefined;
  /** Takes what is told of the call besides its answer. */
  readonly notes?: CallNotes | undefined;
  /** Is told of each command that is sent which tenant it is of: an operator's need not be of the caller's. */
  readonly onCommand?: ((tenantId: string) => void) | undefined;
}

export type CallerCredential =
  | { readonly kind: 'client'; readonly clientId: string; readonly secret: string; readonly digest: Digest }
  | { readonly kind: 'bearer'; readonly token: ParsedToken; readonly digest: Digest };

type ClientCredential = Extract<CallerCredential, { kind: 'client' }>;
export type BearerCredential = Extract<CallerCredential, { kind: 'bearer' }>;

const BASIC = /^Basic +([A-Za-z0-9+/_-]+=*)$/i;
const BEARER = /^Bearer +(\S+)$/i;

/** Reads an `authorization` value (RFC 7617, RFC 6750); undefined when it is none of these. The work of a pure function. */
export function parseAuthorization(value: string): CallerCredential | undefined {
  const basic = BASIC.exec(value);
  if (basic?.[1] !== undefined) {
    return parseBasic(Buffer.from(basic[1], 'base64').toString('utf8'));
  }
  return bearerCredential(BEARER.exec(value)?.[1] ?? '');
}

/**
 * Both halves are form-encoded (RFC 6749 section 2.3.1). Ids and secrets of ours have no `%` and no `+`, so those that were not encoded
 * read the same. A secret that can't be decoded is taken as it is: it proves nothing, and the app key of a legacy client may be any text.
 */
function parseBasic(pair: string): CallerCredential | undefined {
  const colon = pair.indexOf(':');
  const [id, secret] = [pair.slice(0, Math.max(colon, 0)), pair.slice(colon + 1)];
  const clientId = decodeFormText(id) ?? '';
  // RFC 7617 section 2: controls are in no user-id.
  return clientId === '' || /\p{Cc}/u.test(clientId)
    ? undefined
    : clientCredential(clientId, decodeFormText(secret) ?? secret);
}

export function clientCredential(clientId: string, secret: string): CallerCredential {
  return { kind: 'client', clientId, secret, digest: digestOf(secret) };
}

function bearerCredential(text: string): BearerCredential | undefined {
  const token = parseToken(text);
  return token && { kind: 'bearer', token, digest: digestOf(text) };
}

/** Answers the caller as the store says now, or throws `caller_unauthenticated` without telling what was wrong but in the notes. */
export async function authenticate(
  services: Services,
  credential: CallerCredential | undefined,
  notes?: CallNotes,
): Promise<Caller> {
  const caller =
    credential?.kind === 'client'
      ? await authenticateClient(services, credential)
      : credential?.kind === 'bearer'
        ? await authenticateBearer(services, credential)
        : undefined;
  if (caller === undefined) {
    noteDenied(services, credential, notes);
    throw SymbolonError.of(CALLER_UNAUTHENTICATED);
  }
  return caller;
}

async function authenticateClient(services: Services, credential: ClientCredential): Promise<Caller | undefined> {
  const reading = await services.knownClients.read(credential.clientId);
  return reading && proveClient(reading, credential, services.clock());
}

/** The caller that the credential proves by what is known of its client; undefined when it proves none. */
function proveClient(reading: ClientReading, credential: ClientCredential, now: Instant): Caller | undefined {
  const { client, tenant, secrets } = reading;
  const { digest } = credential;
  const secret = liveSecret(secrets, digest, now);
  if (client.disabled || tenant.disabled || (client.confidential && secret === undefined)) {
    return undefined;
  }
  const proof: CallerProof =
    client.confidential && secret !== undefined
      ? { by: 'client_secret', digest, expireTime: secret.expireTime }
      : { by: 'name' };
  return callerOf(reading, clientStandings(client), credential, proof);
}

/**
 * Answers the caller by what was known of its client, which saves a read, but is worth something only to an operation that
 * compares `clientVersion` with what it reads itself. Introspect does, and so does every transaction. Undefined: nothing known proves it.
 */
export function knownCaller(services: Services, credential: CallerCredential | undefined): Caller | undefined {
  if (credential?.kind !== 'client') {
    return undefined;
  }
  const known = services.knownClients.get(credential.clientId);
  return known && proveClient(known, credential, services.clock());
}

/** A client by its ADMIN or APPLICATION token. */
async function authenticateBearer(services: Services, credential: BearerCredential): Promise<Caller | undefined> {
  const { reading } = (await readLive(services, null, credential)) ?? {};
  if (reading === undefined || (reading.family.kind !== 'ADMIN' && reading.family.kind !== 'APPLICATION')) {
    return undefined;
  }
  const client = await services.store.readClient(reading.family.clientId);
  return client && bearerOf(client, clientStandings(client.client), credential, reading);
}

/**
 * The bearer of any live token of the tenant, for dialects whose users call in person; undefined when there is none. Tokens of
 * clients stand for these.
 */
export async function authenticateTokenHolder(
  services: Services,
  tenantId: string,
  text: string,
  notes?: CallNotes,
  takes?: TakenTokens,
): Promise<Caller | undefined> {
  const credential = bearerCredential(text);
  const live = credential && (await readLive(services, tenantId, credential, takes));
  if (credential === undefined || live === undefined) {
    noteDenied(services, credential, notes);
    return undefined;
  }
  const { reading } = live;
  const { clientId, subjectId: id, kind: tokenKind } = reading.family;
  if (clientId === NO_CLIENT) {
    return deviceAlone(live, credential);
  }
  const client = await services.store.readClient(clientId);
  if (client === undefined) {
    return undefined;
  }
  const kind = subjectKindOf(tokenKind);
  return kind === 'client'
    ? bearerOf(client, tokenKind === 'ANONYMOUS' ? ['anonymous'] : clientStandings(client.client), credential, reading)
    : { ...bearerOf(client, [kind], credential, reading), subject: { kind, id } };
}

/**
 * Whether nothing but a name or a user's own token stands behind a call: neither a client that has proven itself nor the operator on the
 * machine answers for it.
 */
export function isStranger({ standings, presenter, operator }: Caller): boolean {
  const isProven = standings.includes('client') || (presenter?.standings.includes('client') ?? false);
  return !isProven && operator === undefined;
}

/** Who makes the change of a call, for the audit log. */
export function actorOf({ caller, address, requestId }: Call): Actor {
  const { subject, clientId, tokenId, operator } = caller;
  return {
    kind: operator === undefined ? (subject?.kind ?? 'client') : 'operator',
    id: operator ?? subject?.id ?? clientId,
    tokenId: tokenId ?? null,
    address: address ?? null,
    requestId: requestId ?? null,
  };
}

function bearerOf(
  client: ClientReading,
  standings: readonly Standing[],
  credential: BearerCredential,
  { family }: TokenReading,
): Caller {
  const { familyId, generation } = family;
  const caller = callerOf(client, standings, credential, proofOf(family));
  return { ...caller, tokenId: tokenIdOf('access', familyId, generation) };
}

/** By the token of a device that belongs to no client: it is the device, and no client answers for it. */
function deviceAlone(live: LiveReading, credential: BearerCredential): Caller {
  const { reading, revision, clientVersion } = live;
  const { family } = reading;
  const { tenantId, clientId, familyId, generation, subjectId: id } = family;
  const about = { tenantId, clientId, revision, clientVersion, credential, proof: proofOf(family) };
  const tokenId = tokenIdOf('access', familyId, generation);
  return { ...about, standings: ['device'], tokenId, subject: { kind: 'device', id } };
}

function proofOf({ familyId, subjectId, consentId, accessExpireTime }: TokenReading['family']): CallerProof {
  return { by: 'token', familyId, subjectId, consentId, expireTime: accessExpireTime };
}

function callerOf(
  { client, tenant, clientVersion }: ClientReading,
  standings: readonly Standing[],
  credential: CallerCredential,
  proof: CallerProof,
): Caller {
  const { clientId, tenantId } = client;
  return { tenantId, clientId, standings, revision: tenant.revision, clientVersion, credential, proof };
}
