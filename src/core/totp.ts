/** Time-based one-time passwords (RFC 6238) with the parameters that every authenticator app knows: SHA-1, 6 digits, 30 seconds. */
import { Secret, TOTP } from 'otpauth';
import type { Instant } from './model.ts';

const PERIOD_S = 30;
export const STEP_MS = PERIOD_S * 1_000;
const DIGITS = 6;
/** RFC 6238 section 5.2: one step of delay, and as much for a clock that runs ahead. */
const STEPS_AROUND = 1;
/** RFC 4226 section 4, R6: 128 bits at least, 160 recommended. */
export const TOTP_SECRET_BYTES = 20;

/** The secret in base32, as people type it where no QR code can be read. */
export function totpSecret(random: Uint8Array): string {
  return new Secret({ buffer: new Uint8Array(random).buffer }).base32;
}

/** What an authenticator app takes, as a link or in a QR code. */
export function totpUri(secret: string, issuer: string, label: string): string {
  return totpOf(secret, issuer, label).toString();
}

/** The time step whose code this is, of those around now; undefined when it is none of them. The code is bare digits. */
export function matchingStep(secret: string, token: string, now: Instant): number | undefined {
  if (!/^[0-9]{6}$/.test(token)) {
    return undefined;
  }
  const delta = totpOf(secret).validate({ token, timestamp: now, window: STEPS_AROUND });
  return delta === null ? undefined : Math.floor(now / 1_000 / PERIOD_S) + delta;
}

/** The code of a moment. */
export function totpCode(secret: string, at: Instant): string {
  return totpOf(secret).generate({ timestamp: at });
}

function totpOf(secret: string, issuer = 'Symbolon', label = ''): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), digits: DIGITS, period: PERIOD_S });
}
