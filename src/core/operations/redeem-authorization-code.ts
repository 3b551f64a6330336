/** Trading an authorization code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.6). */
import { hash } from 'node:crypto';
import type { CommandData } from '../commands/index.ts';
import { CODE_REUSE, INVALID_GRANT, SymbolonError } from '../errors.ts';
import { MAX_TOKEN } from '../names.ts';
import type { Issued } from '../rules/grants.ts';
import { AUTHORIZATION_CODE_PREFIX, digestOf, isSecret } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import { authenticateAgain } from './machine-operator.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import { noteIssued } from './notes.ts';
import { execute } from './perform.ts';
import { requireText } from './validate.ts';

export interface AuthorizationCodeCredential {
  readonly kind: 'authorization_code';
  readonly code: string;
  /** Absent: the token call has none. */
  readonly redirectUri?: string | undefined;
  readonly codeVerifier?: string | undefined;
}

/** RFC 7636 section 4.1. */
const VERIFIER_FORM = /^[A-Za-z0-9\-._~]{43,128}$/;

/** The method S256 of RFC 7636 section 4.6. */
export function challengeOf(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}

/** Begins a family with what the user agreed to. A code that comes back ends what it gave. */
export async function redeemAuthorizationCode(
  services: Services,
  call: Call,
  { code, redirectUri, codeVerifier }: AuthorizationCodeCredential,
  resource?: string,
): Promise<IssuedTokens> {
  requireText(code, 'code', MAX_TOKEN);
  if (redirectUri !== undefined) {
    requireText(redirectUri, 'redirect_uri', MAX_TOKEN);
  }
  if (codeVerifier !== undefined && !VERIFIER_FORM.test(codeVerifier)) {
    throw new SymbolonError('invalid_argument', 'code_verifier must be 43 to 128 characters of RFC 7636 section 4.1');
  }
  return redeem(services, call, AUTHORIZATION_CODE_PREFIX, code, (begun) => ({
    kind: 'redeem_authorization_code',
    digest: digestOf(code),
    redirectUri,
    challenge: codeVerifier === undefined ? undefined : challengeOf(codeVerifier),
    resource,
    ...begun,
  }));
}

type Begun = Awaited<ReturnType<typeof newFamily>>['begun'] & { readonly tenantId: string; readonly clientId: string };
type Redeeming = Extract<CommandData, { kind: 'redeem_authorization_code' | 'redeem_device_code' }>;

/** What every kind of code has in common. */
export async function redeem(
  services: Services,
  call: Call,
  prefix: string,
  code: string,
  commandOf: (begun: Begun) => Redeeming,
): Promise<IssuedTokens> {
  if (!isSecret(prefix, code)) {
    // What was made up reads nothing.
    await authenticateAgain(services, call);
    throw SymbolonError.of(INVALID_GRANT);
  }
  const { tenantId, clientId } = call.caller;
  const { pair, begun } = await newFamily(services, 'USER', call);
  const outcome = await execute(services, call, 'issue', commandOf({ ...begun, tenantId, clientId }));
  if ('refusal' in outcome) {
    if (outcome.refusal.cause === CODE_REUSE.cause) {
      call.notes?.note({ isReuse: true });
    }
    throw SymbolonError.of(outcome.refusal);
  }
  const { issued }: { readonly issued: Issued } = outcome.answer;
  noteIssued(call.notes, issued);
  return issuedTokens(issued, pair);
}
