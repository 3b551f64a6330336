import type { Actor } from '../actor.ts';
import type { Digest, Instant } from '../model.ts';
import { bytes, group, integer, type List, table, text } from '../table.ts';

/** One entry of a tenant's audit log. */
export interface AuditRecord {
  readonly tenantId: string;
  /** Counts from 1, without gaps. */
  readonly sequence: number;
  readonly eventTime: Instant;
  readonly actor: Actor;
  /** The command, such as `change_password`. */
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  /** `ok`, or the error code of a refusal. */
  readonly result: string;
  /** Names of what was changed and the like: words, no values that could be secret. */
  readonly details: string;
  /** SHA-256 over the hash of the record before it and all of this one: src/core/rules/audit.ts. */
  readonly hash: Digest;
}

export const AUDIT = table<AuditRecord>(
  'audit',
  {
    tenantId: text(),
    sequence: integer(),
    eventTime: integer(),
    actor: group<Actor>('actor_', {
      kind: text<Actor['kind']>(),
      id: text(),
      tokenId: text<string | null>(),
      address: text<string | null>(),
      requestId: text<string | null>(),
    }),
    action: text(),
    targetKind: text(),
    targetId: text(),
    result: text(),
    details: text(),
    hash: bytes(),
  },
  { key: ['tenantId', 'sequence'] },
);

export const AUDIT_RECORDS: List<AuditRecord> = { table: AUDIT, by: ['tenantId'], order: ['sequence'] };
