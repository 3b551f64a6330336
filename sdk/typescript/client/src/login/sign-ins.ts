/** Signing in and up: one at a time, and what fails changes nothing. */
import type {
  IssuedTokens,
  IssueRequest,
  IssueResponse,
  TokenWish,
} from '../../../../../gen/web/symbolon/v1/token_service.ts';
import type { RegisterUserRequest, User } from '../../../../../gen/web/symbolon/v1/user_service.ts';
import { SymbolonError } from '../errors/symbolon-error.ts';
import { type Held, heldByWall, heldSince } from './held.ts';
import type { Keeper, Look } from './keeper.ts';
import type { Limits, LoginCalls, LoginClient, Moment, Platform } from './port.ts';
import { type LoginRecord, parseRecord, recordOfDescription, recordOfTokens, revocable } from './record.ts';
import type { Renewal } from './renewal.ts';
import { repeated, requireNotAborted, waitFor } from './repeat.ts';
import type { Revocations } from './revocations.ts';
import { type Factor, SecondFactor } from './second-factor.ts';

type Credential = NonNullable<IssueRequest['credential']>;

/** Tokens, and when the call was sent whose answer they are. */
interface Got {
  readonly tokens: IssuedTokens | undefined;
  readonly sent: Moment;
}

/** Answers what Issue gave, and when it was sent. */
export type Steps = (limits: Limits) => Promise<{ readonly answer: IssueResponse; readonly sent: Moment }>;

export interface SignInParts {
  readonly keeper: Keeper;
  readonly renewal: Renewal;
  readonly revocations: Revocations;
  readonly calls: LoginCalls;
  readonly platform: Platform;
  readonly client: LoginClient;
  readonly closed: AbortSignal;
}

export class SignIns {
  /** For what signs in by steps of its own. */
  readonly parts: SignInParts;
  #isUnderWay = false;

  constructor(parts: SignInParts) {
    this.parts = parts;
  }

  /** Answers the second factor that is wanted, if one is. */
  byCredential(credential: Credential, signal: AbortSignal | undefined): Promise<SecondFactor | undefined> {
    return this.#alone(signal, async (limits, become) => {
      const { calls, platform, client } = this.parts;
      const { scopes, resource = '' } = client;
      const request = { credential, scopes: [...scopes], resource, requestId: platform.randomId() };
      const { answer, sent } = await repeated(platform, limits, (each) => calls.issue(request, each));
      const { result } = answer;
      if (result?.$case === 'mfaChallenge') {
        return new SecondFactor(result.value, (factor, abort) => this.#complete(result.value.mfaToken, factor, abort));
      }
      await become(this.#heldOf({ tokens: result?.value, sent }));
      return undefined;
    });
  }

  /** It has no `request_id`, so it is sent once: a code is good once. */
  #complete(mfaToken: string, factor: Factor, signal: AbortSignal | undefined): Promise<void> {
    return this.#alone(signal, async (limits, become) => {
      const { calls, keeper } = this.parts;
      const sent = keeper.now();
      const credential = { $case: 'secondFactor', value: { mfaToken, factor } } as const;
      const { result } = await calls.issue({ credential }, limits);
      await become(this.#heldOf({ tokens: result?.$case === 'tokens' ? result.value : undefined, sent }));
    });
  }

  /** By what answers as Issue does, however long it takes. */
  bySteps(signal: AbortSignal | undefined, run: Steps): Promise<void> {
    return this.#alone(signal, async (limits, become) => {
      const { answer, sent } = await run(limits);
      await become(this.#heldOf({ tokens: answer.result?.$case === 'tokens' ? answer.result.value : undefined, sent }));
    });
  }

  signUp(user: Partial<RegisterUserRequest>, signal: AbortSignal | undefined): Promise<User> {
    return this.#alone(signal, async (limits, become) => {
      const { calls, platform } = this.parts;
      const request = { ...user, withToken: this.wish(platform.randomId()) };
      const { answer, sent } = await repeated(platform, limits, (each) => calls.registerUser(request, each));
      await become(this.#heldOf({ tokens: answer.tokens, sent }));
      if (answer.user === undefined) {
        throw new SymbolonError('INTERNAL', 'the server answered no user');
      }
      return answer.user;
    });
  }

  /** By a call that may be repeated, and answers tokens beside what else it does. */
  byCall<Answer extends { readonly tokens: IssuedTokens | undefined }>(
    send: (limits: Limits) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    return this.#alone(signal, async (limits, become) => {
      const { answer, sent } = await repeated(this.parts.platform, limits, send);
      await become(this.#heldOf({ tokens: answer.tokens, sent }));
      return answer;
    });
  }

  wish(requestId: string): TokenWish {
    return { scopes: [...this.parts.client.scopes], expireTime: undefined, requestId };
  }

  byText(text: string, signal: AbortSignal | undefined): Promise<void> {
    return this.#alone(signal, async (_limits, become) => {
      const record = parseRecord(text);
      if (record === undefined) {
        throw new SymbolonError('INVALID_ARGUMENT', 'the text must be what exportTokens gave, as a whole');
      }
      this.#requireOwn(record, 'INVALID_ARGUMENT', 'the text');
      await become(heldByWall(record, this.parts.keeper.now()));
    });
  }

  byToken(accessToken: string, signal: AbortSignal | undefined): Promise<void> {
    return this.#alone(signal, async (limits, become) => {
      const { calls, platform } = this.parts;
      const { answer, sent } = await repeated(platform, limits, (each) => calls.describeToken({ accessToken }, each));
      await become(heldSince(recordOfDescription(accessToken, answer, sent), sent));
    });
  }

  /** Makes no call. Answers whether it is one to go on with. What is held and could not be written yet is newer than what the store has. */
  byStore(signal: AbortSignal | undefined): Promise<boolean> {
    return this.#alone(signal, async (limits) => {
      const { keeper, revocations } = this.parts;
      const { generation } = keeper;
      // By turns: not amid a refresh of this Login. Amid that of another process the store has the record that is held here, too.
      const resumed = keeper.shelf.alone(async () => {
        const { held } = keeper;
        const seen = await keeper.requiredLook(held);
        if (limits.signal.aborted || keeper.generation !== generation) {
          throw new SymbolonError('CANCELLED', 'given up, or signed out, while the login was resumed');
        }
        this.#goOn(seen);
        return { held, found: seen.found };
      });
      const { held, found } = await waitFor(resumed, limits.signal);
      if (found === 'same' && keeper.isUnsaved) {
        await keeper.saveUnsaved();
      }
      if (found === 'other' && held !== undefined) {
        await revocations.tell(revocable(held.record));
      }
      return found !== 'gone';
    });
  }

  #goOn(seen: Look): void {
    const { keeper, renewal } = this.parts;
    const { found, stored } = seen;
    if (found === 'same') {
      return;
    }
    if (stored === undefined) {
      keeper.follow(seen);
    } else {
      this.#requireOwn(stored, 'FAILED_PRECONDITION', 'the store');
      keeper.resumed(stored);
    }
    renewal.cancel();
  }

  /** What was handed over without a refresh token may be of another client of the tenant: it is only shown. */
  #requireOwn(record: LoginRecord, code: string, where: string): void {
    const { clientId } = this.parts.client;
    if (record.client_id !== clientId && record.refresh_token !== undefined) {
      const message = `${where} has a login of the client ${record.client_id}, and clientId is ${clientId}`;
      throw new SymbolonError(code, message);
    }
  }

  #heldOf({ tokens, sent }: Got): Held {
    return heldSince(recordOfTokens(tokens, this.parts.client.clientId, sent), sent);
  }

  async #alone<T>(
    signal: AbortSignal | undefined,
    run: (limits: Limits, become: (held: Held) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { keeper, client, closed } = this.parts;
    requireNotAborted(signal);
    if (this.#isUnderWay) {
      throw new SymbolonError('FAILED_PRECONDITION', 'another sign-in is under way: wait until it has ended');
    }
    this.#isUnderWay = true;
    const { generation } = keeper;
    const limits = {
      timeoutMs: client.timeoutMs,
      signal: AbortSignal.any([closed, ...(signal === undefined ? [] : [signal])]),
    };
    try {
      return await run(limits, (held) => this.#become(held, generation));
    } finally {
      this.#isUnderWay = false;
    }
  }

  /** The record is stored before the method answers, where that can be done. What was there before is revoked afterwards. */
  async #become(held: Held, generation: number): Promise<void> {
    const { keeper, renewal, revocations, closed } = this.parts;
    const before: LoginRecord[] = [];
    let isBecome = false;
    const isWanted = () => keeper.generation === generation;
    const become = async (save: () => Promise<void>) => {
      if (!isWanted() || closed.aborted) {
        return;
      }
      const stored = await keeper.shelf.load().catch(() => undefined);
      before.push(...(stored === undefined ? [] : [stored]));
      await save();
      if (isWanted()) {
        isBecome = true;
        before.push(...(keeper.held === undefined ? [] : [keeper.held.record]));
        keeper.signedIn(held);
        renewal.cancel();
      } else {
        await keeper.shelf.clear(held.record);
      }
    };
    // What is under way for the login before would keep the lock.
    renewal.cancel();
    try {
      await keeper.shelf.locked(() => become(() => keeper.save(held.record)));
    } catch (error) {
      keeper.shelf.lockFailed(error);
      await keeper.shelf.alone(() => become(async () => keeper.notSaved()));
    }
    const ended = new Set(before.filter(({ family_id }) => family_id !== held.record.family_id).map(revocable));
    if (!isBecome) {
      ended.add(revocable(held.record));
    }
    await Promise.all([...ended].map((token) => revocations.tell(token)));
    if (!isBecome) {
      throw new SymbolonError('CANCELLED', 'signed out while the sign-in was under way');
    }
  }
}
