/** What a request id keeps: for a while the same request is answered with what it made, and another one is refused. */
import { timingSafeEqual } from 'node:crypto';
import { type Change, put } from '../changes.ts';
import type { Refusal } from '../errors.ts';
import { KEPT_ANSWER_LIFETIME_MS } from '../lifetimes.ts';
import type { Instant } from '../model.ts';
import { type Lock, lockName, type One, one } from '../plan.ts';
import type { Family } from '../tables/families.ts';
import { KEPT_ANSWER, type KeptAnswer } from '../tables/kept-answers.ts';
import { beganInFuture } from '../wrong-clock.ts';
import { type FamilyRows, isFamilyLive } from './liveness.ts';

/** A request with its id, as a command takes it. */
export type KeptRequest = Pick<KeptAnswer, 'requestDigest' | 'fingerprint' | 'box'>;

/** There may be no row yet. */
export function lockRequest(request: Pick<KeptRequest, 'requestDigest'> | undefined): Lock[] {
  return request === undefined ? [] : [lockName(`request ${Buffer.from(request.requestDigest).toString('hex')}`)];
}

export function readKept(request: Pick<KeptRequest, 'requestDigest'> | undefined): One<KeptAnswer> {
  return one(KEPT_ANSWER, request && { requestDigest: request.requestDigest });
}

/** Whether it still answers repeats. A clock that was ahead must not keep an id taken. */
export function isKept(kept: KeptAnswer | undefined, now: Instant): kept is KeptAnswer {
  return kept !== undefined && kept.expireTime > now && !beganInFuture(kept.expireTime, KEPT_ANSWER_LIFETIME_MS, now);
}

/** What is there under this request id has expired: it is under the lock of its name. */
export function keepAnswer(request: KeptRequest | undefined, familyId: string, now: Instant): Change[] {
  return request === undefined
    ? []
    : [put(KEPT_ANSWER, { ...request, familyId, expireTime: now + KEPT_ANSWER_LIFETIME_MS })];
}

export function isSameRequest(kept: KeptAnswer, { fingerprint }: Pick<KeptRequest, 'fingerprint'>): boolean {
  return timingSafeEqual(kept.fingerprint, fingerprint);
}

/** Whether the tokens of the first answer still are what they were: nobody wants to be answered with dead ones. */
export function isUntouched(rows: FamilyRows & { readonly family: Pick<Family, 'generation'> }, now: Instant): boolean {
  return rows.family.generation === 0 && isFamilyLive(rows, now);
}

export const OTHER_REQUEST: Refusal = {
  code: 'request_id_reused',
  message: 'The request_id was used before with another request. Take another',
};

export const REQUEST_ENDED: Refusal = {
  code: 'request_id_reused',
  message: 'The tokens of this request_id have ended since. Take another request_id',
};
