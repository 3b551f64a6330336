/** What is kept of a request with an id: digests of it, and the pair that it got, sealed under what its caller alone knows. */
import type { KeptRequest } from '../rules/kept-answers.ts';
import { deriveKey, NONCE_BYTES, seal, unseal } from '../seal.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import type { Call } from './authenticate.ts';
import type { TokenPair } from './pair.ts';

/** `asked`: all of the request that is no secret, in one text for equal requests. */
export function requestOf(call: Call, requestId: string, asked: string): Omit<KeptRequest, 'box'> {
  return { requestDigest: digestOf(`${call.caller.clientId}\0${requestId}`), fingerprint: digestOf(asked) };
}

export function sealPair(services: Services, call: Call, requestId: string, pair: TokenPair): Uint8Array {
  const { accessToken, refreshToken } = pair;
  return seal(`${accessToken} ${refreshToken}`, sealKey(call, requestId), services.random(NONCE_BYTES));
}

/** Undefined when it was sealed for another caller. */
export function unsealPair(call: Call, requestId: string, box: Uint8Array): TokenPair | undefined {
  const first = unseal(box, sealKey(call, requestId));
  if (first === undefined) {
    return undefined;
  }
  const [accessToken = '', refreshToken = ''] = first.split(' ');
  return { accessToken, refreshToken };
}

/** The caller's own secret where it has proven one, so that a request id that can be guessed opens nothing. */
function sealKey(call: Call, requestId: string): Uint8Array {
  const { credential, standings } = call.caller;
  const secret = credential.kind === 'client' && !standings.includes('public') ? credential.secret : '';
  return deriveKey(`${secret}\0${requestId}`, 'issue');
}
