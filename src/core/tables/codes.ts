import type { Digest, Instant } from '../model.ts';
import { bytes, integer, table, text } from '../table.ts';

/** What a code proves, or lets its holder do. */
export const CODE_PURPOSES = ['verify_email', 'verify_phone', 'reset_password'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

/** A code that was sent to a person. A subject has at most one of each purpose. */
export interface Code {
  readonly subjectId: string;
  readonly purpose: CodePurpose;
  readonly tenantId: string;
  /** A keyed digest, for a code is short enough to be guessed from a plain one. Null: the code is void, and only counted. */
  readonly digest: Digest | null;
  /** What it was sent to, and proves. */
  readonly address: string;
  readonly expireTime: Instant;
  /** Codes of this purpose that were sent to the subject in the window that ends at `windowEndTime`. */
  readonly sentCount: number;
  readonly windowEndTime: Instant;
}

export const CODE = table<Code>(
  'code',
  {
    subjectId: text(),
    purpose: text<CodePurpose>(),
    tenantId: text(),
    digest: bytes<Digest | null>(),
    address: text(),
    expireTime: integer(),
    sentCount: integer(),
    windowEndTime: integer(),
  },
  {
    key: ['subjectId', 'purpose'],
    diesWith: ['subjectId'],
    // When it has expired and does not count any more.
    forget: { by: 'keep_until' },
    derived: { keep_until: ({ expireTime, windowEndTime }) => Math.max(expireTime, windowEndTime) },
  },
);
