/** The port to those who watch revocations and answer from memory. `src/watch` has it. */
import type { Waited } from '../call-notes.ts';
import type { Instant } from '../model.ts';

export interface Verifiers {
  /**
   * Answers when no check that begins from now on says active of what ended at this revision of the tenant, on any verifier anywhere.
   * It may be asked as soon as the revision may be answered, and takes `MAX_WAIT_MS` at most.
   *
   * `deadline`: when the caller stops waiting; throws `deadline_exceeded` then. The revocation stands.
   */
  awaitRevision(tenantId: string, revision: number, deadline?: Instant): Promise<Waited>;
}
