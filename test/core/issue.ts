/** Issue of those who have no second factor. */
import { issue as issueOrAsk } from '../../src/core/operations/issue.ts';
import type { IssuedTokens } from '../../src/core/operations/new-tokens.ts';

export async function issue(...given: Parameters<typeof issueOrAsk>): Promise<IssuedTokens> {
  const result = await issueOrAsk(...given);
  if ('mfaToken' in result) {
    throw new Error('a second factor was asked for');
  }
  return result;
}
