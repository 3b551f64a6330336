/** What a client asks of the authorization endpoint: its parameters, checked anew at each step. */
import {
  AuthorizationError,
  type CheckedAuthorization,
  checkAuthorization,
} from '../../core/operations/check-authorization.ts';
import { MAX_USERNAME } from '../../core/text/usernames.ts';
import { ARTIK_LINK } from '../issuers.ts';
import { UI_LOCALES } from './frame.ts';
import type { PageRequest } from './page-request.ts';
import { type Parameters, queryText } from './parameters.ts';

/** Below a tenant's base. */
export const AUTHORIZE_PATH = '/oauth2/authorize';

const NAMES = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'resource',
  'code_challenge',
  'code_challenge_method',
  'prompt',
  'login_hint',
  UI_LOCALES,
  ARTIK_LINK.name,
];

/** Those that were given of ours: the rest is ignored (RFC 6749 section 3.1), and goes no further. */
export function requestEntries({ entries }: Parameters): readonly (readonly [string, string])[] {
  return entries.filter(([name]) => NAMES.includes(name));
}

export interface Asked {
  readonly query: Parameters;
  readonly state: string | undefined;
  readonly inFragment: boolean;
  readonly prompts: ReadonlySet<string>;
  readonly loginHint: string;
  /** Of ARTIK's /authorize, and not of the standard endpoint. */
  readonly isOfArtik: boolean;
}

export function askedOf(query: Parameters): Asked {
  const hint = query.get('login_hint') ?? '';
  return {
    query,
    state: query.get('state'),
    inFragment: query.get('response_type') === 'token',
    prompts: new Set((query.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '')),
    loginHint: hint.length <= MAX_USERNAME ? hint : '',
    isOfArtik: query.get(ARTIK_LINK.name) === ARTIK_LINK.value,
  };
}

/** The same request as text of a link. `prompts`: those that are left to be obeyed. */
export function askedText({ query }: Asked, prompts?: readonly string[]): string {
  const others = requestEntries(query).filter(([name]) => name !== 'prompt' || prompts === undefined);
  const prompt = prompts === undefined || prompts.length === 0 ? [] : [['prompt', prompts.join(' ')] as const];
  return queryText([...others, ...prompt]);
}

/** Throws an AuthorizationError, which says whether it may be sent to the client. */
export async function checkAsked(
  { services, site }: PageRequest,
  { query, prompts }: Asked,
): Promise<CheckedAuthorization> {
  const repeated = NAMES.filter((name) => query.repeated.has(name));
  // Until it is known where an error may be sent, it is sent nowhere.
  if (repeated.includes('client_id') || repeated.includes('redirect_uri')) {
    throw new AuthorizationError('invalid_request', 'client_id and redirect_uri must be given once');
  }
  const checking = checkAuthorization(services, site.tenantId, {
    clientId: query.get('client_id') ?? '',
    redirectUri: query.get('redirect_uri'),
    responseType: query.get('response_type') ?? '',
    scopes: query
      .get('scope')
      ?.split(' ')
      .filter((scope) => scope !== ''),
    resource: query.get('resource'),
    codeChallenge: query.get('code_challenge'),
    codeChallengeMethod: query.get('code_challenge_method'),
  });
  const [first] = repeated;
  if (first !== undefined) {
    const error = first === 'resource' ? 'invalid_target' : 'invalid_request';
    throw new AuthorizationError(error, `${first} must be given once`, await redirectOf(checking));
  }
  const checked = await checking;
  if (prompts.has('none') && prompts.size > 1) {
    throw new AuthorizationError('invalid_request', 'prompt must not have none beside others', checked.redirectUri);
  }
  return checked;
}

async function redirectOf(checking: Promise<CheckedAuthorization>): Promise<string> {
  try {
    return (await checking).redirectUri;
  } catch (error) {
    if (error instanceof AuthorizationError && error.redirectUri !== undefined) {
      return error.redirectUri;
    }
    throw error;
  }
}
