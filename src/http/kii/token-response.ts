/** The answer to a granted token request. */
import type { Instant } from '../../core/model.ts';
import type { PendingLogin } from '../../core/operations/issue.ts';
import type { IssuedTokens } from '../../core/operations/new-tokens.ts';
import type { Answer } from '../answer.ts';
import { kiiBody, kiiHeaders } from './headers.ts';

/** Clients keep it in 32 bits. */
const MAX_EXPIRES_IN_S = 2_147_483_647;

export function tokenAnswer(issued: IssuedTokens | PendingLogin, now: Instant): Answer {
  if ('mfaToken' in issued) {
    return pendingAnswer(issued, now);
  }
  const { subjectId, accessToken, refreshToken, expireTime } = issued;
  const body = {
    id: subjectId,
    access_token: accessToken,
    expires_in: remainingSeconds(expireTime, now),
    token_type: 'Bearer',
    // Absent, not empty, where there is none: its presence tells clients that the app has the feature.
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  };
  return { status: 200, headers: kiiHeaders(200), body: kiiBody(body) };
}

/** The first step of a login with a second factor: `scope` tells that the token is good for the second step alone. */
function pendingAnswer({ subjectId, mfaToken, expireTime }: PendingLogin, now: Instant): Answer {
  const body = {
    id: subjectId,
    access_token: mfaToken,
    expires_in: remainingSeconds(expireTime, now),
    token_type: 'Bearer',
    scope: 'mfa',
  };
  return { status: 200, headers: kiiHeaders(200), body: kiiBody(body) };
}

/** What remains now, rounded so that no client believes a token for longer than it lives. */
function remainingSeconds(expireTime: Instant, now: Instant): number {
  const seconds = Math.floor((expireTime - now) / 1_000);
  return Math.min(Math.max(seconds, 0), MAX_EXPIRES_IN_S);
}
