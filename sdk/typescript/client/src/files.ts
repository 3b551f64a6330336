/** What a file store and its lock have in common. */
import { randomBytes } from 'node:crypto';

/** For its owner alone. */
export const PRIVATE = 0o600;

/** 22 characters, which are good in the name of a file. */
export function randomName(): string {
  return randomBytes(16).toString('base64url');
}

/** Such as ENOENT. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
