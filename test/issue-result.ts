/** What an Issue answered. */
import type { IssuedTokens, IssueResponse } from '../gen/ts/symbolon/v1/token_service.ts';

/** Undefined where a second factor is asked for. */
export function tokensIn({ result }: IssueResponse): IssuedTokens | undefined {
  return result?.$case === 'tokens' ? result.value : undefined;
}

/** Of the challenge; fails where there is none. */
export function mfaTokenIn({ result }: IssueResponse): string {
  if (result?.$case !== 'mfaChallenge') {
    throw new Error('no second factor was asked for');
  }
  return result.value.mfaToken;
}
