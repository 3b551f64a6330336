import type { Issue, Outcome } from '../commands.ts';
import { matchesSecret } from '../decide/issue.ts';
import { INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import { vendorIdHandle } from '../handles.ts';
import { familyId, ID_BYTES } from '../ids.ts';
import type { Instant, TokenKind } from '../model.ts';
import { parseUsername } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { NONCE_BYTES, seal, type TokenPair, unseal } from '../seal.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services.ts';
import type { Call } from './authenticate.ts';
import { type Login, login, strengthenHash } from './login.ts';
import { type IssuedTokens, issuedTokens, makePair } from './new-tokens.ts';
import { completeLogin, type SecondFactorCredential } from './second-factor.ts';
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
type Proven = Pick<Issue, 'clientId' | 'subjectKind' | 'subjectId' | 'proof' | 'counters'> & {
  readonly kind: TokenKind;
};

const LONGEST_ID = 256;
const SEAL_PURPOSE = 'issue';

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
  const { kind, ...proof } = proven;
  const { pair, tokens } = makePair(services.random, kind);
  const command: Issue = {
    kind: 'issue',
    tenantId: call.caller.tenantId,
    refreshClientId: call.caller.clientId,
    ...proof,
    scopes,
    ...(request.expireTime === undefined ? {} : { expireTime: request.expireTime }),
    familyId: familyId(services.random(ID_BYTES)),
    tokens,
    ...requestOf(services, call, request, proven, scopes, pair),
  };
  const outcome = await services.store.execute(command, call);
  if (await wasRehashed(services, call, proven, outcome)) {
    return issue(services, call, request);
  }
  return answer(outcome, pair, sealKey(call, request.requestId ?? ''));
}

/** Whether a login failed for no other reason than that a parallel one had the password hashed anew: it is checked again. */
async function wasRehashed(
  { store }: Services,
  { caller }: Call,
  { proof, subjectId }: Proven,
  outcome: Outcome<Issue>,
): Promise<boolean> {
  if (proof.by !== 'password' || !('refusal' in outcome) || outcome.refusal.code !== 'invalid_credentials') {
    return false;
  }
  const subject = await store.findSubject(caller.tenantId, { kind: 'subject_id', key: subjectId });
  return subject !== undefined && subject.passwordHash !== proof.passwordHash;
}

function answer(outcome: Outcome<Issue>, pair: TokenPair, key: string): IssuedTokens | PendingLogin {
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  if ('issued' in outcome.answer) {
    return issuedTokens(outcome.answer.issued, pair);
  }
  if ('challenge' in outcome.answer) {
    return { mfaToken: pair.accessToken, ...outcome.answer.challenge };
  }
  const first = unseal(outcome.answer.sealed, key, SEAL_PURPOSE);
  if (first === undefined) {
    throw new SymbolonError('request_id_reused', 'The request_id was used before with another credential');
  }
  return issuedTokens(outcome.answer.repeated, first);
}

/** The caller's own secret where it has proven one, so that a request id that can be guessed opens nothing. */
function sealKey(call: Call, requestId: string): string {
  const { credential, standings } = call.caller;
  const secret = credential.kind === 'client' && !standings.includes('public') ? credential.secret : '';
  return `${secret}\0${requestId}`;
}

function requestOf(
  services: Services,
  call: Call,
  request: IssueRequest,
  proven: Proven,
  scopes: readonly string[],
  pair: TokenPair,
): Pick<Issue, 'request'> {
  const { requestId } = request;
  if (requestId === undefined) {
    return {};
  }
  const { clientId, subjectKind, subjectId, kind } = proven;
  const asked = JSON.stringify([clientId, subjectKind, subjectId, kind, request.expireTime ?? null, scopes]);
  return {
    request: {
      requestDigest: digestOf(`${call.caller.clientId}\0${requestId}`),
      fingerprint: digestOf(asked),
      sealed: seal(pair, sealKey(call, requestId), SEAL_PURPOSE, services.random(NONCE_BYTES)),
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
      const proven = await login(services, call, 'user', parseUsername(username), username, password);
      return bySubject(services, call, proven, password);
    }
    case 'device': {
      const { deviceId, password } = credential;
      requireText(deviceId, 'device_id', LONGEST_ID);
      requirePassword(password);
      const handle = { kind: 'subject_id', key: deviceId } as const;
      return bySubject(services, call, await login(services, call, 'device', handle, deviceId, password), password);
    }
    case 'device_by_vendor_id': {
      const { vendorId, password } = credential;
      requireText(vendorId, 'vendor_id', LONGEST_ID);
      requirePassword(password);
      const handle = vendorIdHandle(vendorId);
      return bySubject(services, call, await login(services, call, 'device', handle, vendorId, password), password);
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
    kind: subject.kind === 'user' ? 'USER' : 'DEVICE',
    clientId: call.caller.clientId,
    subjectKind: subject.kind,
    subjectId: subject.subjectId,
    proof,
    counters,
  };
}

async function byClientSecret(services: Services, call: Call, clientId: string, secret: string): Promise<Proven> {
  requireText(clientId, 'client_id', LONGEST_ID);
  requireText(secret, 'client_secret', LONGEST_ID);
  const { caller } = call;
  if (caller.clientId !== clientId && !caller.standings.includes('public')) {
    throw new SymbolonError('permission_denied', 'A client may present no other client’s secret');
  }
  const digest = digestOf(secret);
  const reading = await services.store.readClient(clientId);
  // Checked again in the transaction; here it keeps wrong secrets away from the writer.
  if (reading?.client.tenantId !== caller.tenantId || !matchesSecret(reading.secrets, digest, services.clock())) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  const kind = reading.client.roles.includes('admin') ? 'ADMIN' : 'APPLICATION';
  return {
    kind,
    clientId,
    subjectKind: 'client',
    subjectId: clientId,
    proof: { by: 'client_secret', digest },
    counters: [],
  };
}

async function byName(services: Services, call: Call, clientId: string): Promise<Proven> {
  requireText(clientId, 'client_id', LONGEST_ID);
  const reading = await services.store.readClient(clientId);
  if (reading?.client.tenantId !== call.caller.tenantId || reading.client.confidential) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  return {
    kind: 'ANONYMOUS',
    clientId,
    subjectKind: 'client',
    subjectId: clientId,
    proof: { by: 'name' },
    counters: [],
  };
}
