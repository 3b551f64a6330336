/** The bearer of a live token of the tenant, with what its token is. */
import type { IncomingHttpHeaders } from 'node:http';
import {
  authenticate,
  authenticateTokenHolder,
  type Call,
  clientCredential,
} from '../../core/operations/authenticate.ts';
import type { FamilyReading } from '../../core/rules/liveness.ts';
import { familyIn } from '../../core/token-form.ts';
import { unauthorized } from './errors.ts';
import type { ArtikRequest } from './serving.ts';

export interface Bearer {
  readonly text: string;
  readonly family: FamilyReading;
  readonly call: Call;
}

const BEARER = /^bearer +(\S+) *$/i;

/** The scheme in any case: clients send back what `token_type` was. */
export function bearerText({ authorization }: IncomingHttpHeaders): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}

export async function requireBearer(request: ArtikRequest): Promise<Bearer> {
  const bearer = await bearerBy(request, bearerText(request.headers) ?? '');
  if (bearer === undefined) {
    throw unauthorized();
  }
  return bearer;
}

/** Undefined: the token is not a live one. */
export async function bearerBy(request: ArtikRequest, text: string): Promise<Bearer | undefined> {
  const { services, tenantId, notes } = request;
  const caller = await authenticateTokenHolder(services, tenantId, text, notes, { takesConsented: true });
  if (caller === undefined) {
    return undefined;
  }
  const { reading } = await services.store.readFamily(tenantId, familyIn(text));
  return reading && { text, family: reading.family, call: request.callAs(caller) };
}

/** As the tenant's public client, which who has a token may end it by. */
export async function tenantCall(request: ArtikRequest): Promise<Call> {
  const { services, tenantId, notes } = request;
  return request.callAs(await authenticate(services, clientCredential(tenantId, ''), notes));
}
