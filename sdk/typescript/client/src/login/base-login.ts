/** A login as an app sees it, over whatever carries its calls. */
import type { User } from '../../../../../gen/web/symbolon/v1/user_service.ts';
import { SymbolonError } from '../errors/symbolon-error.ts';
import { Account } from './account.ts';
import { Events } from './events.ts';
import { completeReset, type ResetChannel, requestReset } from './forgotten.ts';
import { Keeper } from './keeper.ts';
import { type CurrentUser, currentUserOf, deviceOf, type LoginOptions, type NewUser } from './options.ts';
import type { Limits, LoginCalls, LoginClient, Platform, WaitOptions } from './port.ts';
import { credentialOf, Renewal } from './renewal.ts';
import { requireOpen, waitFor } from './repeat.ts';
import { Revocations } from './revocations.ts';
import type { SecondFactor } from './second-factor.ts';
import { SignIns } from './sign-ins.ts';
import { SignOuts } from './sign-outs.ts';
import { MemoryStore } from './store.ts';
import { Tokens } from './tokens.ts';

/** How long a refresh that is under way goes on after `close`. */
const DRAIN_MS = 2_000;

export class BaseLogin implements Disposable {
  /** What its user does for itself. */
  readonly account: Account;
  readonly #calls: LoginCalls;
  readonly #platform: Platform;
  readonly #client: LoginClient;
  readonly #keeper: Keeper;
  readonly #renewal: Renewal;
  readonly #tokens: Tokens;
  readonly #signIns: SignIns;
  readonly #signOuts: SignOuts;
  readonly #closed = new AbortController();

  protected constructor(calls: LoginCalls, platform: Platform, client: LoginClient, options: LoginOptions) {
    const { signal: closed } = this.#closed;
    this.#calls = calls;
    this.#platform = platform;
    this.#client = client;
    const keeper = new Keeper(options.store ?? new MemoryStore(), new Events(options.onEvent), platform);
    const renewal = new Renewal(keeper, calls, platform, client, closed);
    const revocations = new Revocations(calls, platform, client, closed);
    this.#keeper = keeper;
    this.#renewal = renewal;
    this.#signOuts = new SignOuts(keeper, renewal, revocations, client);
    this.#tokens = new Tokens(keeper, renewal, calls, client, closed);
    this.#signIns = new SignIns({ keeper, renewal, revocations, calls, platform, client, closed });
    this.account = new Account(
      calls,
      (wait, run) => this.#withToken(wait, run),
      (reason, familyId) => this.#signOuts.ended(reason, familyId),
    );
  }

  /** Whether a token can be had, as far as is known here. Makes no call. */
  get signedIn(): boolean {
    return this.#tokens.isAtHand;
  }

  get currentUser(): CurrentUser | undefined {
    const { held } = this.#tokens;
    return held && currentUserOf(held.record);
  }

  /** The access token for a call. @throws SymbolonError UNAUTHENTICATED: nobody is signed in */
  async token({ signal }: WaitOptions = {}): Promise<string> {
    this.#requireOpen();
    return this.#tokens.token(signal);
  }

  /** A call with this token was UNAUTHENTICATED, or 401: answers whether it is worth another try, with another token. */
  async refused(token: string, { signal }: WaitOptions = {}): Promise<boolean> {
    this.#requireOpen();
    return this.#tokens.refused(token, signal);
  }

  /** By login name, e-mail address or phone number. Answers the second factor that is wanted, or nothing: signed in. */
  async signInUser(
    username: string,
    password: string,
    { signal }: WaitOptions = {},
  ): Promise<SecondFactor | undefined> {
    this.#requireOpen();
    return this.#signIns.byCredential({ $case: 'userPassword', value: { username, password } }, signal);
  }

  /** By the id that Symbolon gave the device (`th.…`), or the one of its vendor. */
  async signInDevice(id: string, password: string, { signal }: WaitOptions = {}): Promise<void> {
    this.#requireOpen();
    await this.#signIns.byCredential({ $case: 'devicePassword', value: { device: deviceOf(id), password } }, signal);
  }

  /** Whose name alone the tokens know: the client, which is public. */
  async signInAnonymously({ signal }: WaitOptions = {}): Promise<void> {
    this.#requireOpen();
    if (this.#client.clientSecret !== undefined) {
      throw new SymbolonError(
        'FAILED_PRECONDITION',
        'clientSecret is given: only a public client signs in anonymously',
      );
    }
    await this.#signIns.byCredential(credentialOf(this.#client), signal);
  }

  /** Where the tenant lets people register themselves. Signed in at once. */
  async signUpUser(user: NewUser, { signal }: WaitOptions = {}): Promise<User> {
    this.#requireOpen();
    return this.#signIns.signUp(user, signal);
  }

  /** A user without a name and a password: only its token brings it back, so give the Login a store. */
  async signUpPseudoUser(
    user: Pick<NewUser, 'displayName' | 'attributes'> = {},
    { signal }: WaitOptions = {},
  ): Promise<User> {
    this.#requireOpen();
    return this.#signIns.signUp(user, signal);
  }

  /** Goes on with what `exportTokens` gave, of this client. */
  async resume(text: string, { signal }: WaitOptions = {}): Promise<void> {
    this.#requireOpen();
    return this.#signIns.byText(text, signal);
  }

  /** With a token that somebody handed over: it can't be refreshed. @throws SymbolonError INVALID_CREDENTIALS: it is not live */
  async resumeWithToken(accessToken: string, { signal }: WaitOptions = {}): Promise<void> {
    this.#requireOpen();
    return this.#signIns.byToken(accessToken, signal);
  }

  /** Goes on with what the store has. Answers whether somebody is signed in. Makes no call. */
  async resumeStored({ signal }: WaitOptions = {}): Promise<boolean> {
    this.#requireOpen();
    return (await this.#signIns.byStore(signal)) && this.signedIn;
  }

  /** All that `resume` needs, as a text that is as good as a password. Nothing where nobody is signed in. */
  exportTokens(): string | undefined {
    const { held } = this.#keeper;
    return held && JSON.stringify(held.record);
  }

  /** Forgets here, and then tells the server. Answers whether it said so; where it is away it is told later. */
  async signOut({ signal }: WaitOptions = {}): Promise<boolean> {
    this.#requireOpen();
    return waitFor(this.#signOuts.signOut(), signal);
  }

  /** Sends a code to who forgot the password, where the username is known and its address is verified. Answers the same where not. */
  async forgotPassword(username: string, channel: ResetChannel, { signal }: WaitOptions = {}): Promise<void> {
    this.#requireOpen();
    return requestReset(this.#calls, username, channel, this.#limits(signal));
  }

  /** With the code that `forgotPassword` sent. It ends every login of the user. */
  async completePasswordReset(
    username: string,
    code: string,
    newPassword: string,
    { signal }: WaitOptions = {},
  ): Promise<void> {
    this.#requireOpen();
    return completeReset(this.#calls, [username, code, newPassword], this.#limits(signal));
  }

  /**
   * Calls fail from here on, with CANCELLED. The store keeps its record. A refresh that is under way goes on for up to 2 seconds, and what could
   * not be written is written once: a login whose next token got lost would be revoked. After that the connection ends.
   */
  close(): void {
    if (this.#closed.signal.aborted) {
      return;
    }
    this.#closed.abort();
    if (this.#renewal.current === undefined && !this.#keeper.isUnsaved) {
      this.disconnect();
    } else {
      void this.#drain();
    }
  }

  async #drain(): Promise<void> {
    const drained = new AbortController();
    const late = this.#platform.sleep(DRAIN_MS, drained.signal);
    await Promise.race([this.#saved(), late]);
    drained.abort();
    this.#renewal.cancel();
    this.disconnect();
  }

  async #saved(): Promise<void> {
    await this.#renewal.current?.catch(() => undefined);
    if (this.#keeper.isUnsaved) {
      await this.#keeper.saveUnsaved();
    }
  }

  /** Once nothing is sent any more. */
  protected disconnect(): void {}

  [Symbol.dispose](): void {
    this.close();
  }

  /** What signs in on one side alone. */
  protected get signIns(): SignIns {
    this.#requireOpen();
    return this.#signIns;
  }

  #requireOpen(): void {
    requireOpen(this.#closed.signal);
  }

  #limits(signal: AbortSignal | undefined): Limits {
    const { signal: closed } = this.#closed;
    return {
      timeoutMs: this.#client.timeoutMs,
      signal: signal === undefined ? closed : AbortSignal.any([closed, signal]),
    };
  }

  async #withToken<T>(
    { signal }: WaitOptions,
    send: (token: string, limits: Limits, familyId: string) => Promise<T>,
  ): Promise<T> {
    const wait = signal === undefined ? {} : { signal };
    const run = (token: string) => send(token, this.#limits(signal), this.#keeper.held?.record.family_id ?? '');
    const token = await this.token(wait);
    try {
      return await run(token);
    } catch (error) {
      const isOfToken = error instanceof SymbolonError && error.reason === 'INVALID_CREDENTIALS';
      // It may be of a password or a code, too: then the token is live, and another one would not help.
      if (!isOfToken || !(await this.refused(token, wait))) {
        throw error;
      }
      return run(await this.token(wait));
    }
  }
}
