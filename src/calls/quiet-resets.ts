/** Asking for a code that resets a password, so that the answer tells strangers nothing (decision 0042). */
import { setTimeout as pause } from 'node:timers/promises';
import { SymbolonError } from '../core/errors.ts';
import type { Call } from '../core/operations/authenticate.ts';
import { requestPasswordReset } from '../core/operations/codes.ts';
import type { Services } from '../core/services/services.ts';

type Asked = Parameters<typeof requestPasswordReset>;

/** The commit of a code takes longer than the look-up of a name that nobody has; both are answered after this. */
const RESET_MS = 200;

export async function requestPasswordResetQuietly(
  services: Services,
  call: Call,
  ref: Asked[2],
  channel: Asked[3],
): Promise<void> {
  await Promise.all([send(services, call, ref, channel), pause(RESET_MS)]);
}

/** Neither whether there is such a user nor how many codes it was sent is told to strangers. */
async function send(services: Services, call: Call, ref: Asked[2], channel: Asked[3]): Promise<void> {
  try {
    await requestPasswordReset(services, call, ref, channel);
  } catch (error) {
    if (!(error instanceof SymbolonError && error.code === 'too_many_codes')) {
      throw error;
    }
  }
}
