/** What is asked of a store by itself, in words that can be compared: `family …` and `password …`. */
import { createHash } from 'node:crypto';
import { one } from '../../src/core/plan.ts';
import type { Store } from '../../src/core/services/store.ts';
import { SUBJECT } from '../../src/core/tables/subjects.ts';
import { TENANT } from '../store/postgres/acme.ts';

export type Reads = Pick<Store, 'read' | 'readFamily'>;

/** Who knows of a login, by its family. */
export const familyKey = (familyId: string): string => `family ${familyId}`;
/** The password hash of a subject. */
export const passwordKey = (subjectId: string): string => `password ${subjectId}`;

export const REVOKED = 'revoked';

export function pairOf(generation: number, accessDigest: Uint8Array): string {
  return `generation ${generation}, ${createHash('sha256').update(accessDigest).digest('hex')}`;
}

/** What a store says now. */
export async function valueIn(store: Reads, key: string): Promise<string> {
  const [kind, id = ''] = key.split(' ');
  if (kind === 'password') {
    const { subject } = await store.read({ subject: one(SUBJECT, { subjectId: id }) });
    return subject?.passwordHash ?? 'nothing';
  }
  const { reading } = await store.readFamily(TENANT, id);
  if (reading === undefined) {
    return 'nothing';
  }
  const { revokedRevision, generation, accessDigest } = reading.family;
  return revokedRevision === null ? pairOf(generation, accessDigest) : REVOKED;
}

/** Where a store says something else than what was answered. */
export async function contradictions(store: Reads, known: ReadonlyMap<string, string | null>): Promise<string[]> {
  const found: string[] = [];
  for (const [key, value] of known) {
    const actual = value === null ? value : await valueIn(store, key);
    if (actual !== value) {
      found.push(`${key}: answered ${value}, found ${actual}`);
    }
  }
  return found;
}
