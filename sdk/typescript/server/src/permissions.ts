/** The permission checks of a verifier: from memory where it allows, and together with others where not. */
import { Permission as Permissions } from '../../../../gen/ts/symbolon/v1/access_service.ts';
import { type Access, checkQuestion, type Permission, type Target } from './access.ts';
import type { Caller } from './caller.ts';
import type { Connection } from './connection.ts';
import { type Asker, Asks, type Batch } from './core/asks.ts';
import type { AccessAnswer } from './core/protocol.ts';
import type { VerifierState } from './core/state.ts';
import { closed, isHopeless, REFUSED_MS, type SymbolonError, TOKEN, toSymbolonError } from './errors.ts';
import { toAccess } from './messages.ts';

interface Question {
  readonly key: string;
  readonly token: string;
  readonly permission: Permission;
  readonly target: Target;
}

/** An answer as the core keeps it, and as a service is told it. */
interface Given extends AccessAnswer<Caller> {
  readonly access: Access;
}

const NOT_LIVE: Access = Object.freeze({
  ...({ allowed: false, reason: 'TOKEN_NOT_LIVE', caller: undefined, userId: '' } as const),
});

export class PermissionChecks {
  readonly #state: VerifierState<Caller>;
  readonly #connection: Connection;
  readonly #asks: Asks<Access, Given>;
  /** Those that are not answered yet, by their keys, and how many calls each is in. */
  readonly #questions = new Map<string, { readonly question: Question; calls: number }>();
  #isClosed = false;
  /** How many secrets there were: what is sent with one says nothing of the next. */
  #secrets = 0;
  #refusal: { readonly error: SymbolonError; readonly time: number } | undefined;

  constructor(state: VerifierState<Caller>, connection: Connection) {
    this.#state = state;
    this.#connection = connection;
    this.#asks = new Asks({
      sending: () => state.sending(),
      keep: (key, sending, given) => {
        const targetId = targetIdOf(this.#questions.get(key)?.question.target ?? {});
        state.keepAllowed({ key, targetId }, sending, given);
        return given.access;
      },
    });
  }

  async check(token: string, permission: Permission, target: Target): Promise<Access> {
    checkQuestion(permission, target);
    if (typeof token !== 'string' || !TOKEN.test(token)) {
      this.#requireOpen();
      return NOT_LIVE;
    }
    const question = { key: keyOf(token, permission, target), token, permission, target };
    const kept = this.#state.findAllowed(question.key);
    if (kept !== undefined) {
      return { allowed: true, reason: 'ALLOWED', caller: kept.caller, userId: kept.userId };
    }
    this.#requireOpen();
    if (this.#refusal !== undefined && performance.now() - this.#refusal.time < REFUSED_MS) {
      throw this.#refusal.error;
    }
    return this.#ask(question);
  }

  #requireOpen(): void {
    if (this.#isClosed) {
      throw closed();
    }
  }

  #ask(question: Question): Promise<Access> {
    return new Promise((resolve, reject) => this.#join(question, { answer: resolve, fail: reject }));
  }

  #join(question: Question, asker: Asker<Access>): void {
    if (!this.#asks.isAsked(question.key)) {
      const there = this.#questions.get(question.key);
      this.#questions.set(question.key, { question, calls: (there?.calls ?? 0) + 1 });
    }
    if (this.#asks.ask(question.key, asker)) {
      // What misses in one turn of the event loop goes out together.
      setImmediate(() => this.#send());
    }
  }

  #send(): void {
    for (const batch of this.#asks.send()) {
      const checks = batch.tokens.map((key) => toCheck(this.#questions.get(key)?.question));
      if (this.#isClosed) {
        this.#ended(batch, () => this.#asks.fail(batch, closed()));
        continue;
      }
      const secret = this.#secrets;
      this.#connection.checkPermissions(checks, (error, response) =>
        this.#ended(batch, () => {
          if (response === undefined || this.#isClosed) {
            this.#fail(batch, this.#isClosed ? closed() : error, secret);
          } else {
            this.#refusal = undefined;
            this.#asks.answer(batch, response.answers.map(toAccess));
          }
        }),
      );
    }
  }

  #ended(batch: Batch<Access>, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#fail(batch, error);
    } finally {
      for (const key of batch.tokens) {
        const asked = this.#questions.get(key);
        if (asked !== undefined) {
          asked.calls -= 1;
          if (asked.calls === 0) {
            this.#questions.delete(key);
          }
        }
      }
    }
  }

  #fail(batch: Batch<Access>, cause: unknown, secret?: number): void {
    const error = toSymbolonError("The permission can't be checked", cause);
    if (isHopeless(error) && secret === this.#secrets) {
      this.#refusal = { error, time: performance.now() };
    }
    this.#asks.fail(batch, error);
  }

  /** The client has another secret. */
  forgetRefusal(): void {
    this.#secrets += 1;
    this.#refusal = undefined;
  }

  close(): void {
    this.#isClosed = true;
  }
}

function targetIdOf({ userId, deviceId }: Target): string | undefined {
  return userId ?? deviceId;
}

/** No two questions have the same: only the last text may have anything in it. */
function keyOf(token: string, permission: Permission, target: Target): string {
  const { userId, deviceId, deviceType = '' } = target;
  const kind = userId !== undefined ? 'user' : deviceId !== undefined ? 'device' : 'own';
  return `${token} ${permission} ${kind} ${deviceType.length} ${deviceType} ${targetIdOf(target) ?? ''}`;
}

function toCheck(question: Question | undefined) {
  const { token = '', permission = 'READ_PROFILE', target = {} } = question ?? {};
  const { userId, deviceId, deviceType = '' } = target;
  return {
    ...{ token, permission: Permissions[permission], deviceType, atLeastRevision: 0 },
    target:
      userId !== undefined
        ? { $case: 'userId' as const, value: userId }
        : deviceId !== undefined
          ? { $case: 'deviceId' as const, value: deviceId }
          : undefined,
  };
}
