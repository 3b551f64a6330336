/** The shape of a command's file: what it reads and locks, what it decides, and what of that goes into the audit log. */
import type { Decision } from '../changes.ts';
import { given } from '../given.ts';
import type { Instant } from '../model.ts';
import type { Plan, Reads, StateOf } from '../plan.ts';
import { snakeCase } from '../table.ts';
import type { AuditRecord } from '../tables/audit.ts';
import type { Client } from '../tables/clients.ts';

/** What an audit record says besides who, when and with which result. */
export type AuditEntry = Pick<AuditRecord, 'tenantId' | 'action' | 'targetKind' | 'targetId' | 'details'>;

/** Every command is plain data: it can be queued, sent to another thread, and done again. */
export interface CommandData {
  readonly kind: string;
}

/**
 * The rule of one kind of command. All of it is pure and synchronous, so that it runs inside a transaction of any store. The type of
 * the state comes from the plan: what was not read can't be decided by.
 */
export interface Rule<C extends CommandData, First extends Reads, Next extends Reads, A> {
  readonly kind: C['kind'];
  readonly plan: (command: C) => Plan<First>;
  /** Reads that the first ones lead to. */
  readonly follow?: (first: StateOf<First>, command: C) => Next;
  readonly decide: (state: StateOf<First> & StateOf<Next>, command: C, now: Instant) => Decision<A>;
  /** The clients of the tenant that it changes, or whose own tokens it ends: those of operators are for operators alone. */
  readonly touches?: (state: StateOf<First> & StateOf<Next>, command: C) => readonly Pick<Client, 'roles'>[];
  /** For whom a change is recorded; the state holds the tenant then. Undefined: nothing worth a record. */
  readonly audit?: (command: C, state: StateOf<First> & StateOf<Next>, decision: Decision<A>) => AuditEntry | undefined;
  /** What is recorded is the server's doing, and of whom led to it the address alone. */
  readonly byServer?: true;
  /** Its changes count a guess, and are made though its caller has lost its standing: else a refusal would tell right from wrong. */
  readonly countsGuess?: true;
}

/** `rule<Command>()({…})`: the command is named, the rest inferred. */
export function rule<C extends CommandData>() {
  return <First extends Reads, Next extends Reads = Record<never, never>, A = never>(
    it: Rule<C, First, Next, A>,
  ): Rule<C, First, Next, A> => it;
}

export function entry(
  tenantId: string,
  action: string,
  targetKind: string,
  targetId: string,
  details: readonly string[] = [],
): AuditEntry {
  return { tenantId, action, targetKind, targetId, details: details.join(', ') };
}

/** Of what was given, the names alone. */
export function namesOf(fields: object): string[] {
  return Object.keys(given(fields)).map(snakeCase);
}
