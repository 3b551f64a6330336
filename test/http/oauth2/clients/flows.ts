/** A server for real clients: what people do in a browser is done here, until a code has come back. */
import { authenticateTokenHolder, type Caller } from '../../../../src/core/operations/authenticate.ts';
import { authorize } from '../../../../src/core/operations/authorize.ts';
import { checkAuthorization } from '../../../../src/core/operations/check-authorization.ts';
import { decideDeviceAuthorization } from '../../../../src/core/operations/device-authorization.ts';
import { openMemoryTestBed } from '../../../support.ts';
import { logIn, type OAuthBed, openOAuthBed } from '../bed.ts';

export const BACK = 'https://app.example/back';

export interface ClientsBed extends OAuthBed {
  /** Of the tenant. */
  readonly issuer: string;
  secretOf(clientId: string): string;
}

/** `web` has a secret, `native` none; `gate` may introspect. */
export async function openClientsBed(): Promise<ClientsBed> {
  const bed = await openOAuthBed({ open: openMemoryTestBed });
  const grants = ['authorization_code', 'refresh_token', 'device_code'] as const;
  await bed.makeClient('web', { grants: [...grants, 'client_credentials'], redirectUris: [BACK] });
  await bed.makeClient('native', { isPublic: true, grants, redirectUris: [BACK] });
  return { ...bed, issuer: `${bed.url}/t/acme`, secretOf: (clientId) => bed.secrets.get(clientId) ?? '' };
}

/** Ann types the code that a device shows, and approves. */
export async function approved(bed: ClientsBed, userCode: string): Promise<void> {
  await decideDeviceAuthorization(bed.services, { caller: await ann(bed) }, userCode, 'approve');
}

async function ann(bed: ClientsBed): Promise<Caller> {
  const { access_token } = await logIn(bed);
  const caller = await authenticateTokenHolder(bed.services, 'acme', access_token);
  if (caller === undefined) {
    throw new Error('ann is not signed in');
  }
  return caller;
}

/** Ann agrees to what the URL asks for. Answers where her browser is sent. */
export async function agreed(bed: ClientsBed, asked: URL): Promise<URL> {
  const parameter = (name: string) => asked.searchParams.get(name) ?? undefined;
  const caller = await ann(bed);
  const checked = await checkAuthorization(bed.services, 'acme', {
    clientId: parameter('client_id') ?? '',
    responseType: parameter('response_type') ?? '',
    redirectUri: parameter('redirect_uri'),
    scopes: parameter('scope')?.split(' '),
    codeChallenge: parameter('code_challenge'),
    codeChallengeMethod: parameter('code_challenge_method'),
  });
  const response = await authorize(bed.services, { caller }, checked);
  const back = new URL(checked.redirectUri);
  back.searchParams.set('code', 'code' in response ? response.code : '');
  back.searchParams.set('state', parameter('state') ?? '');
  back.searchParams.set('iss', bed.issuer);
  return back;
}
