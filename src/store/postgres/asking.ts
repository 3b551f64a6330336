/**
 * Asking the other servers of a store what their watchers have acknowledged, and answering them (decision 0147). Anybody who may have
 * watchers is read from the heartbeats, once the revision was committed. Each of them is heard, or nobody knows. Letters that are
 * lost take time and nothing else.
 */
import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { type Count, type Look, type OtherServers, sumOf } from '../../core/services/verifiers.ts';
import type { Statement } from './batch.ts';
import type { Lease } from './lease.ts';
import { type Answer, isFrom, type Question, readLetter, writeAnswer, writeQuestion } from './letters.ts';
import { readOthers } from './other-nodes.ts';
import type { Primary } from './primary.ts';

/** Nothing is lost with them but time, so the commit waits for no disk and no replica. */
const SEND: Statement = [
  'send_letters',
  `SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, letter) FROM unnest($2::text[]) AS letter`,
];
/** Two stores may be in one database, each in its own schema. */
const CHANNEL = `SELECT 'symbolon_' || 'heartbeat'::regclass::oid AS channel`;

const MAX_LETTERS = 256;
/** Questions that are looked after at a time. Who asks beyond them waits as if nobody had answered. */
const MAX_ANSWERING = 4_096;

interface Asked {
  readonly question: Question;
  readonly silent: Set<string>;
  readonly counts: Count[];
  readonly tell: (count: Count) => void;
}

const NO_WATCHERS: Count = { acknowledged: 0, waitedOut: 0, missing: 0 };

export class Asking implements OtherServers {
  readonly #primary: Primary;
  readonly #lease: Lease;
  readonly #processId: string;
  readonly #name = randomName();
  readonly #asked = new Map<string, Asked>();
  #look: Look = async () => NO_WATCHERS;
  #answering = 0;
  #channel = '';
  #outgoing: string[] = [];
  #isSending = false;

  constructor(primary: Primary, lease: Lease, processId: string) {
    this.#primary = primary;
    this.#lease = lease;
    this.#processId = processId;
  }

  answerBy(look: Look): void {
    this.#look = look;
  }

  /** Of a new connection to the primary. */
  async listen(client: ClientBase): Promise<void> {
    client.on('notification', ({ payload = '' }) => this.#take(payload));
    const { rows } = await client.query<{ channel: string }>(CHANNEL);
    this.#channel = rows[0]?.channel ?? '';
    await client.query(`LISTEN ${this.#channel}`);
  }

  follow(tenantId: string, revision: number, tell: (count: Count) => void): () => void {
    const question: Question = { by: this.#name, id: randomName(), tenantId, revision };
    let isStopped = false;
    // Where that fails, nobody knows who there is.
    readOthers(this.#primary, this.#lease, this.#processId).then(
      (others) => {
        if (others !== undefined && !isStopped) {
          this.#ask({ question, silent: new Set(others), counts: [], tell });
        }
      },
      () => undefined,
    );
    return () => {
      isStopped = true;
      this.#asked.delete(question.id);
    };
  }

  #ask(asked: Asked): void {
    if (asked.silent.size > 0) {
      this.#asked.set(asked.question.id, asked);
      this.#send(writeQuestion(asked.question));
    }
    asked.tell(sumOf(asked.counts, asked.silent.size > 0));
  }

  #take(text: string): void {
    const letter = readLetter(text);
    if (letter === undefined) {
      return;
    }
    if ('to' in letter) {
      this.#hear(letter);
    } else if (letter.by !== this.#name && this.#answering < MAX_ANSWERING) {
      void this.#answer(letter);
    }
  }

  #hear(answer: Answer): void {
    const asked = this.#asked.get(answer.id);
    const from = asked && [...asked.silent].find((processId) => isFrom(processId, asked.question, answer));
    if (asked !== undefined && from !== undefined) {
      asked.silent.delete(from);
      asked.counts.push(answer.count);
      asked.tell(sumOf(asked.counts, asked.silent.size > 0));
    }
  }

  async #answer(question: Question): Promise<void> {
    this.#answering += 1;
    try {
      this.#send(writeAnswer(question, await this.#look(question.tenantId, question.revision), this.#processId));
    } finally {
      this.#answering -= 1;
    }
  }

  /** What comes while letters are on their way goes with the next ones. */
  #send(letter: string): void {
    this.#outgoing.push(letter);
    if (!this.#isSending) {
      void this.#sendAll();
    }
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#outgoing.length > 0) {
        const letters = this.#outgoing.splice(0, MAX_LETTERS);
        await this.#primary.read((session) => session.query(SEND, [this.#channel, letters]));
      }
    } catch {
      // Those who wait for them wait for as long as they would without.
      this.#outgoing = [];
    } finally {
      this.#isSending = false;
    }
  }
}

function randomName(): string {
  return randomBytes(16).toString('base64url');
}
