/** The port to those who watch revocations and answer from memory. `src/watch` has it. */

/** How a wait ended. */
export interface Waited {
  /** Watchers that said that they know the revision. */
  readonly acknowledged: number;
  /** Watchers that did not say so until what they may answer from memory had run out. */
  readonly waitedOut: number;
  /** Whether the same was waited for of watchers that are not known here: of another server, or of a process before this one. */
  readonly unknownWaitedOut: boolean;
  /** Milliseconds. */
  readonly waitedMs: number;
}

export interface Verifiers {
  /**
   * Answers when no check that begins from now on says active of what ended at this revision of the tenant, on any verifier anywhere.
   * It may be asked as soon as the revision may be answered, and takes `MAX_WAIT_MS` at most.
   *
   * `leftMs`: for how long the caller still waits; throws `deadline_exceeded` then. The revocation stands.
   */
  awaitRevision(tenantId: string, revision: number, leftMs?: number): Promise<Waited>;
}
