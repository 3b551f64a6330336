import type { RevokeTarget } from '../commands.ts';
import { SymbolonError } from '../errors.ts';
import { isPermitted, requirePermission } from '../permissions.ts';
import { digestOf, isToken } from '../secrets.ts';
import type { Services } from '../services.ts';
import { actorOf, type Call } from './authenticate.ts';
import { requireText } from './validate.ts';

export type RevokeRequest =
  | { readonly by: 'token'; readonly token: string }
  | { readonly by: 'token_id'; readonly tokenId: string }
  | { readonly by: 'family_id'; readonly familyId: string };

const LONGEST_TOKEN = 4_096;
const LONGEST_ID = 256;

/** Ends a family. Answers the revision that knows it; an unknown or dead target is answered too. */
export async function revoke(services: Services, call: Call, request: RevokeRequest): Promise<{ revision: number }> {
  const { caller } = call;
  requirePermission(caller, request.by === 'token' ? 'revoke_token' : 'revoke_own');
  const target = targetOf(request);
  if (target === undefined) {
    return { revision: caller.revision };
  }
  if (target.by === 'token') {
    // Made-up tokens are kept away from the writer; a row is there for as long as its family is.
    const { reading, revision } = await services.store.readToken(caller.tenantId, target.digest);
    if (reading === undefined) {
      return { revision };
    }
  }
  const ownOnly = request.by !== 'token' && !isPermitted(caller, 'revoke_any');
  const outcome = await services.store.execute(
    {
      kind: 'revoke',
      tenantId: caller.tenantId,
      target,
      ...(ownOnly ? { onlyClientId: caller.clientId } : {}),
      by: actorOf(call),
    },
    call,
  );
  if ('refusal' in outcome) {
    throw SymbolonError.of(outcome.refusal);
  }
  return { revision: outcome.answer.revision };
}

/** Undefined for what can be no token. */
function targetOf(request: RevokeRequest): RevokeTarget | undefined {
  switch (request.by) {
    case 'token':
      requireText(request.token, 'token', LONGEST_TOKEN);
      return isToken(request.token) ? { by: 'token', digest: digestOf(request.token) } : undefined;
    case 'token_id':
      requireText(request.tokenId, 'token_id', LONGEST_ID);
      return request;
    case 'family_id':
      requireText(request.familyId, 'family_id', LONGEST_ID);
      return request;
  }
}
