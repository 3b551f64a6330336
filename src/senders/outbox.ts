/**
 * Takes messages that are due from the store, sends them, and settles what came of it. Any number of servers may do so on one store:
 * a message is leased to one of them. What was sent and could not be settled is sent again when its lease ends: at least once.
 */
import type { Logger } from 'pino';
import type { SettleMessage } from '../core/commands/settle-message.ts';
import { LONGEST_WAIT_MS } from '../core/commands/take-messages.ts';
import { SymbolonError } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import { MESSAGE_PURPOSE } from '../core/operations/codes.ts';
import { readTenant } from '../core/services/lookups.ts';
import type { Services } from '../core/services/services.ts';
import { isNotice, type Message } from '../core/tables/messages.ts';
import type { Senders } from './open.ts';
import { type OutboxCount, OutboxCounts } from './outbox-counts.ts';
import { type Outgoing, SEND_TIMEOUT_MS, SendError } from './sender.ts';

/** Longer than a sender may take, and some more to settle. */
const LEASE_MS = SEND_TIMEOUT_MS + 15_000;
const POLL_MS = 1_000;
/** Messages that are sent at once: as many as are taken, so that none waits while its lease runs. */
const CONCURRENCY = 32;
const FIRST_RETRY_MS = 1_000;
const MAX_ERROR = 200;

export interface OutboxOptions {
  readonly services: Pick<Services, 'store' | 'keys' | 'clock' | 'random'>;
  readonly senders: Senders;
  readonly log: Logger;
  /** How often the store is asked when nobody has said that there is something. */
  readonly pollMs?: number;
  readonly concurrency?: number;
}

type Result = Omit<SettleMessage, 'kind' | 'messageId'>;

export class Outbox {
  readonly #services: OutboxOptions['services'];
  readonly #senders: Senders;
  readonly #log: Logger;
  readonly #pollMs: number;
  readonly #concurrency: number;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #counts = new OutboxCounts();
  #running: Promise<void> = Promise.resolve();
  #stopping = false;
  /** Whether the last batch was full, so that more may be due. */
  #mayHaveMore = false;
  /** Whether the store failed when it was asked last. */
  #storeFails = false;
  /** Whether something ended while the store was asked. */
  #hasRoomAgain = false;
  #wake: () => void = () => undefined;

  constructor({ services, senders, log, pollMs = POLL_MS, concurrency = CONCURRENCY }: OutboxOptions) {
    this.#services = services;
    this.#senders = senders;
    this.#log = log;
    this.#pollMs = pollMs;
    this.#concurrency = concurrency;
  }

  figures(): readonly OutboxCount[] {
    return this.#counts.all();
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Takes nothing more, and gives what is in flight some time; what is not settled by then is sent again by who comes next. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#wake();
    const timer = Promise.withResolvers<void>();
    const handle = setTimeout(timer.resolve, graceMs);
    await Promise.race([this.#running.then(() => Promise.all(this.#inFlight)), timer.promise]);
    clearTimeout(handle);
    await Promise.all(Object.values(this.#senders).map((sender) => sender.close()));
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#hasRoomAgain = false;
      const room = this.#concurrency - this.#inFlight.size;
      if (room > 0) {
        const messages = await this.#take(room);
        this.#mayHaveMore = messages.length === room;
        for (const message of messages) {
          this.#begin(message);
        }
      }
      await this.#pause();
    }
  }

  async #take(limit: number): Promise<readonly Message[]> {
    try {
      const outcome = await this.#services.store.execute({
        kind: 'take_messages',
        limit,
        leaseMs: LEASE_MS,
        authority: 'server',
      });
      if ('refusal' in outcome) {
        throw SymbolonError.of(outcome.refusal);
      }
      if (this.#storeFails) {
        this.#log.info('the outbox is read again');
      }
      this.#storeFails = false;
      return outcome.answer.messages;
    } catch (error) {
      // Once for each time that it fails, not for each second.
      if (!this.#storeFails) {
        this.#log.warn({ cause: codeOf(error) }, 'the outbox can’t be read; it is tried again');
      }
      this.#storeFails = true;
      return [];
    }
  }

  #begin(message: Message): void {
    const leaseEnd = this.#services.clock() + LEASE_MS;
    const work = this.#deliver(message, leaseEnd).finally(() => {
      this.#inFlight.delete(work);
      if (this.#mayHaveMore) {
        // Looks at once.
        this.#hasRoomAgain = true;
        this.#wake();
      }
    });
    this.#inFlight.add(work);
  }

  /** Never throws. */
  async #deliver(message: Message, leaseEnd: Instant): Promise<void> {
    const fields = {
      messageId: message.messageId,
      tenant: message.tenantId,
      channel: message.channel,
      purpose: message.purpose,
    };
    let outgoing: Outgoing | undefined;
    let result: Result;
    try {
      outgoing = await this.#open(message);
      await this.#senders[message.channel].send(outgoing);
      const attempts = message.attempts + 1;
      result = { state: 'sent', attempts, nextAttemptTime: this.#services.clock(), lastError: null };
      this.#log.info({ ...fields, attempts }, 'message sent');
    } catch (error) {
      result = this.#afterFailure(message, error, outgoing);
      const { state, attempts } = result;
      const reason = error instanceof SendError ? error.reason : codeOf(error);
      this.#log.warn({ ...fields, attempts, state, reason }, 'message not sent');
    }
    this.#counts.add(message.channel, result.state);
    await this.#settle({ kind: 'settle_message', messageId: message.messageId, ...result }, leaseEnd);
  }

  async #open({ sealed, ...message }: Message): Promise<Outgoing> {
    const { store, keys, clock } = this.#services;
    if (message.expireTime <= clock()) {
      throw new SendError('expired', message.lastError ?? 'the code expired before it was sent', { permanent: true });
    }
    const code = isNotice(message.purpose) ? '' : sealed === null ? undefined : keys.unseal(MESSAGE_PURPOSE, sealed);
    if (code === undefined) {
      throw new SendError(
        'sealed',
        'the key of this server can’t open the code. Serve with the key file of the store',
        { permanent: true },
      );
    }
    const { messageId, channel, purpose, address, tenantId, expireTime } = message;
    const tenantName = (await readTenant(store, tenantId))?.displayName ?? '';
    return { messageId, channel, purpose, address, code, tenantId, tenantName, expireTime };
  }

  /** Again later, until the code expires or there is no use in it. */
  #afterFailure(message: Message, error: unknown, outgoing: Outgoing | undefined): Result {
    const now = this.#services.clock();
    // What could not be opened was not tried yet.
    const attempts = message.attempts + (outgoing === undefined ? 0 : 1);
    const lastError = errorText(error, outgoing?.code ?? '');
    const nextAttemptTime = now + this.#backoff(attempts);
    const isOver = (error instanceof SendError && error.permanent) || nextAttemptTime >= message.expireTime;
    return isOver
      ? { state: 'failed', attempts, nextAttemptTime: now, lastError }
      : { state: 'pending', attempts, nextAttemptTime, lastError };
  }

  /** Doubles from 1 s to 5 min; the half of it is by chance, so that what failed together does not come back together. */
  #backoff(attempts: number): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_RETRY_MS * 2 ** Math.min(Math.max(attempts, 1) - 1, 30));
    const chance = Buffer.from(this.#services.random(4)).readUInt32BE() / 2 ** 32;
    return Math.round(longest / 2 + (longest / 2) * chance);
  }

  /** Repeated for as long as the lease keeps others away: what is not settled is sent again. */
  async #settle(command: SettleMessage, leaseEnd: Instant): Promise<void> {
    for (;;) {
      try {
        await this.#services.store.execute({ ...command, authority: 'server' });
        return;
      } catch (error) {
        const { messageId, state } = command;
        this.#log.warn({ messageId, state, cause: codeOf(error) }, 'a message could not be settled');
        if (this.#stopping || this.#services.clock() >= leaseEnd) {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, this.#pollMs));
      }
    }
  }

  /** Until the next poll, the end of a batch that may have left some, or the end. */
  async #pause(): Promise<void> {
    if (this.#hasRoomAgain || this.#stopping) {
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, this.#pollMs);
    await promise;
    clearTimeout(timer);
  }
}

/** For people, one short line without the code. Of what is no SendError nothing is known, not even that it holds no secret. */
function errorText(error: unknown, code: string): string {
  if (!(error instanceof SendError)) {
    return `it could not be sent: ${codeOf(error)}`;
  }
  const clean = code === '' ? error.message : error.message.replaceAll(code, '***');
  const line = clean.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length <= MAX_ERROR ? line : `${line.slice(0, MAX_ERROR - 1)}…`;
}

/** The kind of a failure, without its words. */
function codeOf(error: unknown): string {
  return error instanceof SymbolonError ? error.code : error instanceof Error ? error.name : 'unknown';
}
