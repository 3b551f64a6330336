/** Calls that must fail. */

/** The error of a promise that must not be kept. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Error) {
    return outcome.error;
  }
  throw new Error(`it did not fail: ${JSON.stringify(outcome)}`);
}
