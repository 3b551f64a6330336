/** What a file store and its lock have in common. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';

/** For its owner alone. */
export const PRIVATE = 0o600;

/** To read, and no link. One that would be waited for, such as a pipe, is opened all the same: look what it is. */
export const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** 22 characters, which are good in the name of a file. */
export function randomName(): string {
  return randomBytes(16).toString('base64url');
}

/** Such as ENOENT. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
