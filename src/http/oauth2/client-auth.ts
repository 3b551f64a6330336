/** How a client says who it is (RFC 6749 section 2.3.1): by Basic or in the body, and not by both. A public one only names itself. */
import { parseAuthorization } from '../../core/operations/authenticate.ts';
import { OAuthError } from './errors.ts';
import type { Form } from './form.ts';

/** More than any of ours has. */
const MAX_CREDENTIAL = 256;
const BASIC = /^basic +/i;
const BEARER = /^bearer +/i;

/**
 * The `authorization` that the call is carried out by, so that each way goes the same way. Undefined: the request names no client.
 * `takesBearer`: a token of a client will do too.
 */
export function authorizationOf(header: string | undefined, form: Form, takesBearer: boolean): string | undefined {
  if (header === undefined) {
    return bodyAuthorization(form);
  }
  if (form.text('client_secret') !== undefined) {
    throw new OAuthError(
      'invalid_request',
      'The client must prove itself once: by the Authorization header or by client_secret',
    );
  }
  if (takesBearer && BEARER.test(header)) {
    return header;
  }
  if (!BASIC.test(header)) {
    throw new OAuthError(
      'invalid_client',
      'The Authorization header must be Basic with the id and secret of the client',
    );
  }
  requireSameClient(header, form.text('client_id'));
  return header;
}

function bodyAuthorization(form: Form): string | undefined {
  const clientId = form.text('client_id');
  const secret = form.text('client_secret') ?? '';
  if (clientId === undefined) {
    throw new OAuthError('invalid_client', 'The request names no client. Send Authorization: Basic, or client_id');
  }
  if (clientId.length > MAX_CREDENTIAL || secret.length > MAX_CREDENTIAL) {
    throw new OAuthError('invalid_client', 'client_id and client_secret are not those of a client');
  }
  const pair = [clientId, secret].map((half) => encodeURIComponent(half.toWellFormed())).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Some clients send their id in the body too. */
function requireSameClient(header: string, clientId: string | undefined): void {
  if (clientId === undefined) {
    return;
  }
  const credential = parseAuthorization(header);
  if (credential?.kind === 'client' && credential.clientId !== clientId) {
    throw new OAuthError('invalid_request', 'client_id and the Authorization header name different clients');
  }
}
