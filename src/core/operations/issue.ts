import type { CredentialKind } from '../call-notes.ts';
import type { Outcome } from '../changes.ts';
import { clientTokenKind, type IssueAnswer } from '../commands/issue.ts';
import { SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { requirePermission } from '../permissions.ts';
import { digestOf, formatSecret, PENDING_LOGIN_PREFIX, SECRET_BYTES } from '../secrets.ts';
import { findSubject } from '../services/lookups.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import { byClientSecret, byName, type Credential, type Proven, passwordGuess } from './credentials.ts';
import { type DeviceCodeCredential, redeemDeviceCode } from './device-authorization.ts';
import { type EndNodeCredential, issueForPresentedGateway } from './issue-for-end-node.ts';
import { type Asked, keptRequest, requireTarget } from './issue-terms.ts';
import { unsealPair } from './kept-answers.ts';
import { type PasswordGuess, strengthenHash, withLogin } from './login.ts';
import { type IssuedTokens, issuedTokens, type NewFamily, newFamily } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import type { TokenPair } from './pair.ts';
import { answerOf, execute } from './perform.ts';
import { completeLogin, type SecondFactorCredential } from './prove-second-factor.ts';
import { type AuthorizationCodeCredential, redeemAuthorizationCode } from './redeem-authorization-code.ts';
import { requireRequestId, requireScopes } from './validate.ts';

export interface IssueRequest {
  readonly credential: Credential;
  readonly expireTime?: Instant;
  readonly scopes?: readonly string[];
  readonly requestId?: string;
  /** The resource server that the tokens are for (RFC 8707 section 2.2). */
  readonly resource?: string | undefined;
}

/** A login that waits for its second factor: `mfaToken` begins the second step, and opens nothing else. */
export interface PendingLogin {
  readonly mfaToken: string;
  readonly subjectId: string;
  readonly expireTime: Instant;
}

/** Checks one credential and begins a family with it, or asks a user for the second factor. */
export async function issue(services: Services, call: Call, request: IssueRequest): Promise<Issued> {
  call.notes?.note({ event: 'login', credential: CREDENTIAL_KINDS[request.credential.kind] });
  requirePermission(call.caller, 'issue');
  requireTarget(request);
  if (request.credential.kind === 'second_factor') {
    return completeLogin(services, call, request.credential);
  }
  if (request.credential.kind === 'authorization_code') {
    return redeemAuthorizationCode(services, call, request.credential, request.resource);
  }
  if (request.credential.kind === 'device_code') {
    return redeemDeviceCode(services, call, request.credential, request.resource);
  }
  if (request.credential.kind === 'end_node') {
    return issueForPresentedGateway(services, call, request.credential, request);
  }
  const scopes = requireScopes(request.scopes ?? []);
  if (request.requestId !== undefined) {
    requireRequestId(request.requestId);
  }
  const { credential, resource } = request;
  const audience = resource === undefined ? {} : { audience: resource };
  return untilUnchanged(() => issueBy(services, call, credential, { ...request, scopes, ...audience }));
}

/** The login of a user for what nobody can ask for: its tokens are for the audience, and have the scopes of none. */
export function issueForAudience(
  services: Services,
  call: Call,
  credential: Extract<Credential, { kind: 'user' }>,
  audience: string,
): Promise<Issued> {
  const guessed = passwordGuess(credential);
  return untilUnchanged(() => issueByPassword(services, call, { scopes: [], audience }, guessed));
}

async function untilUnchanged(attempt: () => Promise<Issued | typeof CHANGED>): Promise<Issued> {
  for (;;) {
    const issued = await attempt();
    if (issued !== CHANGED) {
      return issued;
    }
  }
}

const CREDENTIAL_KINDS: Readonly<Record<Credential['kind'], CredentialKind>> = {
  user: 'user_password',
  device: 'device_password',
  device_by_vendor_id: 'device_password',
  client: 'client_secret',
  anonymous: 'anonymous',
  second_factor: 'second_factor',
  end_node: 'end_node',
  authorization_code: 'authorization_code',
  device_code: 'device_code',
};

/** What was proven was changed before it could be used: it is checked again. */
const CHANGED = Symbol('changed');

type Issued = IssuedTokens | PendingLogin;

async function issueBy(
  services: Services,
  call: Call,
  credential: Exclude<
    Credential,
    SecondFactorCredential | EndNodeCredential | AuthorizationCodeCredential | DeviceCodeCredential
  >,
  asked: Asked,
): Promise<Issued | typeof CHANGED> {
  switch (credential.kind) {
    case 'client':
      return beginProven(services, call, asked, await byClientSecret(services, call, credential));
    case 'anonymous':
      return beginProven(services, call, asked, await byName(services, call, credential.clientId));
    default:
      return issueByPassword(services, call, asked, passwordGuess(credential));
  }
}

async function issueByPassword(
  services: Services,
  call: Call,
  asked: Asked,
  guessed: PasswordGuess,
): Promise<Issued | typeof CHANGED> {
  const tokenKind = guessed.kind === 'user' ? 'USER' : 'DEVICE';
  // Minted for a wrong password too, so that the time tells less.
  const family = await newFamily(services, tokenKind, call);
  try {
    return await withLogin(services, call, guessed, async (login) => {
      const { subject, proof, counters } = login;
      const { subjectId } = subject;
      const proven = { tokenKind, clientId: call.caller.clientId, subjectId, proof, counters } as const;
      const issued = await begin(services, call, asked, proven, family);
      if (issued === CHANGED) {
        throw new ChangedError();
      }
      strengthenHash(services, login, guessed.password);
      return issued;
    });
  } catch (error) {
    if (error instanceof ChangedError) {
      return CHANGED;
    }
    throw error;
  }
}

/** Ends a guess that was right by the hash of before. */
class ChangedError extends Error {}

async function beginProven(services: Services, call: Call, asked: Asked, proven: Proven) {
  return begin(services, call, asked, proven, await newFamily(services, proven.tokenKind, call));
}

/** Begins a family with what was proven. */
async function begin(
  services: Services,
  call: Call,
  asked: Asked,
  proven: Proven,
  { pair, begun }: NewFamily,
): Promise<Issued | typeof CHANGED> {
  // Only after a password there can be a second step.
  const mfaToken =
    proven.proof.by === 'password' ? formatSecret(PENDING_LOGIN_PREFIX, services.random(SECRET_BYTES)) : '';
  const outcome = await execute(services, call, 'issue', {
    kind: 'issue',
    tenantId: call.caller.tenantId,
    refreshClientId: call.caller.clientId,
    ...proven,
    ...begun,
    scopes: asked.scopes,
    expireTime: asked.expireTime,
    audience: asked.audience,
    ...(mfaToken === '' ? {} : { pendingDigest: digestOf(mfaToken) }),
    ...keptRequest(services, call, asked, proven, pair),
  });
  return (await wasChanged(services, call, proven, outcome))
    ? CHANGED
    : answer(call, outcome, pair, mfaToken, asked.requestId ?? '');
}

/**
 * Whether a login failed for no other reason than that a parallel one had the password hashed anew, or that the client was given or
 * has lost the role that its token says.
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
  call: Call,
  outcome: Outcome<IssueAnswer>,
  pair: TokenPair,
  mfaToken: string,
  requestId: string,
): IssuedTokens | PendingLogin {
  const answered = answerOf(outcome);
  if ('issued' in answered) {
    noteIssued(call.notes, answered.issued);
    return issuedTokens(answered.issued, pair);
  }
  if ('pending' in answered) {
    call.notes?.note({ isPending: true, family: undefined });
    return { mfaToken, ...answered.pending };
  }
  noteIssued(call.notes, answered.repeated);
  call.notes?.note({ isRepeat: true });
  const first = unsealPair(call, requestId, answered.box);
  if (first === undefined) {
    const message = 'The request_id was used before with another credential. Take another request_id';
    throw new SymbolonError('request_id_reused', message);
  }
  return issuedTokens(answered.repeated, first);
}
