/**
 * What servers of a store say to each other by NOTIFY. Anybody who may connect to the database can read and send it. So an answer is sealed
 * with the id of the process that gives it, which stands in the table of heartbeats alone; and for this question alone.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Count } from '../../core/services/verifiers.ts';

export interface Question {
  /** Who asks, by a name that is used for this alone. */
  readonly by: string;
  /** Nobody knows it before it is asked. */
  readonly id: string;
  readonly tenantId: string;
  readonly revision: number;
}

export interface Answer {
  readonly to: string;
  readonly id: string;
  readonly count: Required<Count>;
  readonly seal: string;
}

export function writeQuestion({ by, id, tenantId, revision }: Question): string {
  return JSON.stringify({ by, id, tenantId, revision });
}

export function writeAnswer(question: Question, count: Count, processId: string): string {
  const { acknowledged, waitedOut, missing, isUnknown = false } = count;
  const whole = { acknowledged, waitedOut, missing, isUnknown };
  return JSON.stringify({ to: question.by, id: question.id, count: whole, seal: sealOf(question, whole, processId) });
}

/** Undefined: it is no letter. What has the parts of both is an answer, or none. */
export function readLetter(text: string): Question | Answer | undefined {
  let letter: unknown;
  try {
    letter = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof letter !== 'object' || letter === null) {
    return undefined;
  }
  return ('to' in letter ? isAnswer(letter) : isQuestion(letter)) ? (letter as Question | Answer) : undefined;
}

export function isFrom(processId: string, question: Question, { count, seal }: Answer): boolean {
  const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(question, count, processId))];
  return given.length === right.length && timingSafeEqual(given, right);
}

function sealOf({ id, tenantId, revision }: Question, count: Required<Count>, processId: string): string {
  const { acknowledged, waitedOut, missing, isUnknown } = count;
  const said = JSON.stringify([id, tenantId, revision, acknowledged, waitedOut, missing, isUnknown]);
  return createHmac('sha256', processId).update(said).digest('base64url');
}

/** As `Asking` makes them. What is longer would make an answer that no notification has room for. */
const NAME = /^[\w-]{22}$/;

function isQuestion(letter: object): boolean {
  return (
    hasTypes(letter, { by: 'string', id: 'string', tenantId: 'string', revision: 'number' }) &&
    NAME.test((letter as Question).by) &&
    NAME.test((letter as Question).id)
  );
}

function isAnswer(letter: object): boolean {
  return (
    hasTypes(letter, { to: 'string', id: 'string', count: 'object', seal: 'string' }) &&
    hasTypes((letter as Answer).count, {
      ...{ acknowledged: 'number', waitedOut: 'number', missing: 'number', isUnknown: 'boolean' },
    })
  );
}

function hasTypes(value: object | null, types: Readonly<Record<string, string>>): boolean {
  return (
    value !== null &&
    Object.entries(types).every(([name, type]) => typeof (value as Record<string, unknown>)[name] === type)
  );
}
