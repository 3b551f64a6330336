import { randomBytes } from 'node:crypto';

const POOL_BYTES = 4_096;

/** Asking OpenSSL costs the same for many bytes as for few. What was given out is wiped here. */
export function pooledRandom(): (bytes: number) => Uint8Array {
  let pool = randomBytes(POOL_BYTES);
  let used = 0;
  return (bytes) => {
    if (bytes > POOL_BYTES) {
      return new Uint8Array(randomBytes(bytes));
    }
    if (used + bytes > POOL_BYTES) {
      pool = randomBytes(POOL_BYTES);
      used = 0;
    }
    // A copy, so that a message to another thread does not take the pool along.
    const given = new Uint8Array(pool.subarray(used, used + bytes));
    pool.fill(0, used, used + bytes);
    used += bytes;
    return given;
  };
}
