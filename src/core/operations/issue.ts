import type { Outcome } from '../changes.ts';
import { clientTokenKind, type Issue, type IssueAnswer } from '../commands/issue.ts';
import { INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import { vendorIdHandle } from '../handles.ts';
import type { Instant } from '../model.ts';
import { MAX_ID, parseUsername } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { matchesSecret } from '../rules/liveness.ts';
import { deriveKey, NONCE_BYTES, seal, unseal } from '../seal.ts';
import { digestOf, formatSecret, PENDING_LOGIN_PREFIX, SECRET_BYTES } from '../secrets.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { ClientReading } from '../services/store.ts';
import type { Call } from './authenticate.ts';
import { type Login, login, strengthenHash } from './login.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import type { TokenPair } from './pair.ts';
import { answerOf, execute } from './perform.ts';
import { completeLogin, type SecondFactorCredential } from './prove-second-factor.ts';
import { requirePassword, requireRequestId, requireScopes, requireText, requireUsername } from './validate.ts';

export type Credential =
  | { readonly kind: 'user'; readonly username: string; readonly password: string }
  | { readonly kind: 'device'; readonly deviceId: string; readonly password: string }
  | { readonly kind: 'device_by_vendor_id'; readonly vendorId: string; readonly password: string }
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'anonymous'; readonly clientId: string }
  | SecondFactorCredential;

export interface IssueRequest {
  readonly credential: Credential;
  readonly expireTime?: Instant;
  readonly scopes?: readonly string[];
  readonly requestId?: string;
}

/** What a proven credential contributes to the command. */
type Proven = Pick<Issue, 'clientId' | 'subjectId' | 'tokenKind' | 'proof' | 'counters'>;

/** A login that waits for its second factor: `mfaToken` begins the second step, and opens nothing else. */
export interface PendingLogin {
  readonly mfaToken: string;
  readonly subjectId: string;
  readonly expireTime: Instant;
}

/** Checks one credential and begins a family with it, or asks a user for the second factor. */
export async function issue(
  services: Services,
  call: Call,
  request: IssueRequest,
): Promise<IssuedTokens | PendingLogin> {
  requirePermission(call.caller, 'issue');
  if (request.credential.kind === 'second_factor') {
    return completeLogin(services, call, request.credential);
  }
  const scopes = requireScopes(request.scopes ?? []);
  if (request.requestId !== undefined) {
    requireRequestId(request.requestId);
  }
  const proven = await prove(services, call, request.credential);
  const { pair, begun } = await newFamily(services, proven.tokenKind);
  // Only after a password there can be a second step.
  const mfaToken =
    proven.proof.by === 'password' ? formatSecret(PENDING_LOGIN_PREFIX, services.random(SECRET_BYTES)) : '';
  const outcome = await execute(services, call, 'issue', {
    kind: 'issue',
    tenantId: call.caller.tenantId,
    refreshClientId: call.caller.clientId,
    ...proven,
    ...begun,
    scopes,
    expireTime: request.expireTime,
    ...(mfaToken === '' ? {} : { pendingDigest: digestOf(mfaToken) }),
    ...requestOf(services, call, request, proven, scopes, pair),
  });
  if (await wasChanged(services, call, proven, outcome)) {
    return issue(services, call, request);
  }
  return answer(outcome, pair, mfaToken, () => sealKey(call, request.requestId ?? ''));
}

/**
 * Whether a login failed for no other reason than that a parallel one had the password hashed anew, or that the client was given or
 * has lost the role that its token says: it is checked again.
 */
async function wasChanged(
  { store, knownClients }: Services,
  { caller }: Call,
  { proof, subjectId, clientId, tokenKind }: Proven,
  outcome: Outcome<IssueAnswer>,
): Promise<boolean> {
  if (!('refusal' in outcome) || outcome.refusal.code !== 'invalid_credentials') {
    return false;
  }
  if (proof.by === 'password') {
    const subject = await findSubject(store, caller.tenantId, { kind: 'subject_id', key: subjectId });
    return subject !== undefined && subject.passwordHash !== proof.passwordHash;
  }
  // Remembered, or the next attempt would find what was known before, and so on without end.
  const reading = proof.by === 'client_secret' ? await knownClients.read(clientId) : undefined;
  return reading?.client.tenantId === caller.tenantId && clientTokenKind(reading.client) !== tokenKind;
}

function answer(
  outcome: Outcome<IssueAnswer>,
  pair: TokenPair,
  mfaToken: string,
  key: () => Uint8Array,
): IssuedTokens | PendingLogin {
  const answered = answerOf(outcome);
  if ('issued' in answered) {
    return issuedTokens(answered.issued, pair);
  }
  if ('pending' in answered) {
    return { mfaToken, ...answered.pending };
  }
  const first = unseal(answered.box, key());
  if (first === undefined) {
    const message = 'The request_id was used before with another credential. Take another request_id';
    throw new SymbolonError('request_id_reused', message);
  }
  const [accessToken = '', refreshToken = ''] = first.split(' ');
  return issuedTokens(answered.repeated, { accessToken, refreshToken });
}

/** The caller's own secret where it has proven one, so that a request id that can be guessed opens nothing. */
function sealKey(call: Call, requestId: string): Uint8Array {
  const { credential, standings } = call.caller;
  const secret = credential.kind === 'client' && !standings.includes('public') ? credential.secret : '';
  return deriveKey(`${secret}\0${requestId}`, 'issue');
}

function requestOf(
  services: Services,
  call: Call,
  request: IssueRequest,
  { clientId, subjectId, tokenKind }: Proven,
  scopes: readonly string[],
  pair: TokenPair,
): Pick<Issue, 'request'> {
  const { requestId } = request;
  if (requestId === undefined) {
    return {};
  }
  const asked = JSON.stringify([clientId, subjectId, tokenKind, request.expireTime ?? null, scopes]);
  return {
    request: {
      requestDigest: digestOf(`${call.caller.clientId}\0${requestId}`),
      fingerprint: digestOf(asked),
      box: seal(`${pair.accessToken} ${pair.refreshToken}`, sealKey(call, requestId), services.random(NONCE_BYTES)),
    },
  };
}

async function prove(
  services: Services,
  call: Call,
  credential: Exclude<Credential, SecondFactorCredential>,
): Promise<Proven> {
  switch (credential.kind) {
    case 'user': {
      const { username, password } = credential;
      requireUsername(username);
      requirePassword(password);
      const proven = await login(services, call, 'issue', 'user', parseUsername(username), username, password);
      return bySubject(services, call, proven, password);
    }
    case 'device': {
      const { deviceId, password } = credential;
      requireText(deviceId, 'device_id', MAX_ID);
      requirePassword(password);
      const handle = { kind: 'subject_id', key: deviceId } as const;
      const proven = await login(services, call, 'issue', 'device', handle, deviceId, password);
      return bySubject(services, call, proven, password);
    }
    case 'device_by_vendor_id': {
      const { vendorId, password } = credential;
      requireText(vendorId, 'vendor_id', MAX_ID);
      requirePassword(password);
      const proven = await login(services, call, 'issue', 'device', vendorIdHandle(vendorId), vendorId, password);
      return bySubject(services, call, proven, password);
    }
    case 'client':
      return byClientSecret(services, call, credential.clientId, credential.clientSecret);
    case 'anonymous':
      return byName(services, call, credential.clientId);
  }
}

function bySubject(services: Services, call: Call, proven: Login, password: string): Proven {
  strengthenHash(services, proven, password);
  const { subject, proof, counters } = proven;
  return {
    tokenKind: subject.kind === 'user' ? 'USER' : 'DEVICE',
    clientId: call.caller.clientId,
    subjectId: subject.subjectId,
    proof,
    counters,
  };
}

async function byClientSecret(services: Services, call: Call, clientId: string, secret: string): Promise<Proven> {
  requireText(clientId, 'client_id', MAX_ID);
  requireText(secret, 'client_secret', MAX_ID);
  const { caller } = call;
  if (caller.clientId !== clientId && !caller.standings.includes('public')) {
    throw new SymbolonError(
      'permission_denied',
      'client_secret.client_id must be the caller, unless the caller is a public client',
    );
  }
  const digest = digestOf(secret);
  const matches = (reading: ClientReading | undefined): reading is ClientReading =>
    reading?.client.tenantId === caller.tenantId && matchesSecret(reading.secrets, digest, services.clock());
  // Checked again in the transaction; here it keeps wrong secrets away from the writer. What is known may be old.
  const known = services.knownClients.get(clientId);
  const reading = matches(known) ? known : await services.knownClients.read(clientId);
  if (!matches(reading)) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  const tokenKind = clientTokenKind(reading.client);
  return { tokenKind, clientId, subjectId: clientId, proof: { by: 'client_secret', digest }, counters: [] };
}

async function byName(services: Services, call: Call, clientId: string): Promise<Proven> {
  requireText(clientId, 'client_id', MAX_ID);
  const reading = await services.knownClients.read(clientId);
  if (reading?.client.tenantId !== call.caller.tenantId || reading.client.confidential) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  return { tokenKind: 'ANONYMOUS', clientId, subjectId: clientId, proof: { by: 'name' }, counters: [] };
}
