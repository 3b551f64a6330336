/** The port to those who watch revocations and answer from memory. `src/watch` has it. */
import type { Waited } from '../call-notes.ts';
import type { Instant } from '../model.ts';

/** Of the watchers that a revision is awaited of. */
export interface Count {
  readonly acknowledged: number;
  /** Those that closed without, and whose time ran out meanwhile. */
  readonly waitedOut: number;
  /** Those that are still to acknowledge. */
  readonly missing: number;
  /** Whether there may be others, of which it is not known yet. */
  readonly isUnknown?: boolean;
}

/** `isUnknown`: whether there are some that did not tell. */
export function sumOf(counts: readonly Count[], isUnknown: boolean): Required<Count> {
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    acknowledged: sum(({ acknowledged }) => acknowledged),
    waitedOut: sum(({ waitedOut }) => waitedOut),
    missing: sum(({ missing }) => missing),
    isUnknown: isUnknown || counts.some((count) => count.isUnknown === true),
  };
}

/** What keeps watchers by itself: this process, a thread of it, the other servers of its store. */
export interface Member {
  /**
   * Asks all its watchers, open or remembered, for this revision, which the member must be able to read when it is asked. `tell` is
   * called with each count, the first when the member has looked; maybe at once, maybe never. `missing` never grows once it is known
   * of all. Answers how to stop.
   */
  follow(tenantId: string, revision: number, tell: (count: Count) => void): () => void;
}

/** The other servers of a store. Those that begin later know all that was committed before they were asked. */
export interface OtherServers extends Member {
  /** What this server tells when one of them asks: until this is called, that it has no watchers. */
  answerBy(look: Look): void;
}

/** Answers what the watchers of this server have acknowledged: when that is all, or after a moment. */
export type Look = (tenantId: string, revision: number) => Promise<Count>;

export interface Verifiers {
  /**
   * Answers when no check that begins from now on says active of what ended at this revision of the tenant, on any verifier anywhere.
   * It may be asked as soon as the revision may be answered, and takes `MAX_WAIT_MS` at most.
   *
   * `deadline`: when the caller stops waiting; throws `deadline_exceeded` then. The revocation stands.
   */
  awaitRevision(tenantId: string, revision: number, deadline?: Instant): Promise<Waited>;
}
