/** What a client asks for besides the grant: scopes, and whom the token is for. */
import { SCOPE_FORM } from '../../core/names.ts';
import { OAuthError } from './errors.ts';
import type { Form } from './form.ts';

/** RFC 6749 section 3.3. Undefined: the client does not say. */
export function scopesIn(form: Form): readonly string[] | undefined {
  const text = form.text('scope');
  const scopes = text?.split(' ').filter((scope) => scope !== '');
  if (scopes === undefined || scopes.length === 0) {
    return undefined;
  }
  if (!scopes.every((scope) => SCOPE_FORM.test(scope))) {
    throw new OAuthError('invalid_scope', 'scope must be scopes with single spaces between them');
  }
  return [...new Set(scopes)];
}

/** RFC 8707 section 2: one at most, for tokens here are for one resource server or for all. */
export function resourceIn({ resources }: Form): string | undefined {
  const [resource, other] = resources;
  if (other !== undefined) {
    throw new OAuthError('invalid_target', 'resource must come once. Ask for a token for each');
  }
  return resource;
}
