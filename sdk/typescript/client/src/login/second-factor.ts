/** A sign-in whose password was right, and which waits for a second factor. */
import type { MfaChallenge } from '../../../../../gen/web/symbolon/v1/token_service.ts';
import type { WaitOptions } from './port.ts';

export type Factor = { $case: 'totpCode'; value: string } | { $case: 'recoveryCode'; value: string };

/** Complete it before `expireTime`. After a wrong code it may be completed with another one. */
export class SecondFactor {
  /** By the server's clock. */
  readonly expireTime: Date;
  readonly #complete: (factor: Factor, signal: AbortSignal | undefined) => Promise<void>;

  constructor(
    { expireTime }: MfaChallenge,
    complete: (factor: Factor, signal: AbortSignal | undefined) => Promise<void>,
  ) {
    this.expireTime = new Date((expireTime?.seconds ?? 0) * 1_000 + (expireTime?.nanos ?? 0) / 1_000_000);
    this.#complete = complete;
  }

  /** With a one-time password of 6 digits. @throws SymbolonError with INVALID_CREDENTIALS: it is wrong, or the time is over */
  complete(code: string, { signal }: WaitOptions = {}): Promise<void> {
    return this.#complete({ $case: 'totpCode', value: code }, signal);
  }

  /** With one of the codes that the second factor was set up with. Each is good once. */
  completeWithRecoveryCode(code: string, { signal }: WaitOptions = {}): Promise<void> {
    return this.#complete({ $case: 'recoveryCode', value: code }, signal);
  }
}
