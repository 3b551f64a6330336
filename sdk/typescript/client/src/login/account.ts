/** What users do for themselves, by the access token of the moment. */
import type { TokenFamily } from '../../../../../gen/web/symbolon/v1/token_service.ts';
import type { UpdateUserRequest, User } from '../../../../../gen/web/symbolon/v1/user_service.ts';
import { SymbolonError } from '../errors/symbolon-error.ts';
import type { SignedOutReason } from './events.ts';
import type { Limits, LoginCalls, WaitOptions } from './port.ts';
import type { Factor } from './second-factor.ts';

/** What is left out stays as it is; an empty text takes it away. */
export type UserChanges = Partial<
  Pick<UpdateUserRequest, 'loginName' | 'email' | 'phone' | 'phoneCountry' | 'displayName' | 'attributes'>
>;

/** What a pseudo user gets when it becomes a normal one: a password, and at least one name. */
export type FirstNames = Partial<Pick<UpdateUserRequest, 'loginName' | 'email' | 'phone' | 'phoneCountry'>> & {
  readonly password: string;
};

export interface FactorOptions extends WaitOptions {
  /** Of the second factor, where it is on: a one-time password, or a recovery code. */
  readonly code?: string;
}

/** Where a code was sent, and until when it is good by the server's clock. */
export interface CodeSent {
  readonly address: string;
  readonly expireTime: Date;
}

/** What it is made with: the token, and the login that this is of. */
type Run<T> = (accessToken: string, limits: Limits, familyId: string) => Promise<T>;

/** How a call is made: with the token of the moment, and once more with the next one where that token has just ended. */
export type Doing = <T>(options: WaitOptions, run: Run<T>) => Promise<T>;

const MASKS = {
  loginName: 'login_name',
  email: 'email',
  phone: 'phone',
  displayName: 'display_name',
  attributes: 'attributes',
};

export class Account {
  readonly #calls: LoginCalls;
  readonly #do: Doing;
  readonly #ended: (reason: SignedOutReason, familyId: string) => Promise<void>;

  /** `ended`: a login has ended at the server. */
  constructor(calls: LoginCalls, run: Doing, ended: (reason: SignedOutReason, familyId: string) => Promise<void>) {
    this.#calls = calls;
    this.#do = run;
    this.#ended = ended;
  }

  async get(options: WaitOptions = {}): Promise<User> {
    return userIn(await this.#do(options, (token, limits) => this.#calls.getUser({ user: refOf(token) }, limits)));
  }

  /** A new address is not verified before its code was confirmed. */
  update(changes: UserChanges, options: WaitOptions = {}): Promise<User> {
    return this.#update(changes, options);
  }

  /** A pseudo user keeps its id, and can sign in by itself from then on. */
  becomeNormal(names: FirstNames, options: WaitOptions = {}): Promise<User> {
    return this.#update(names, options);
  }

  async #update(changes: Partial<UpdateUserRequest>, options: WaitOptions): Promise<User> {
    const updateMask = Object.entries(MASKS)
      .filter(([name]) => changes[name as keyof typeof MASKS] !== undefined)
      .map(([, path]) => path);
    const answer = this.#do(options, (token, limits) =>
      this.#calls.updateUser({ ...changes, user: refOf(token), updateMask }, limits),
    );
    return userIn(await answer);
  }

  /** Ends every login of the user, also this one: sign in again with the new password. */
  async changePassword(oldPassword: string, newPassword: string, options: FactorOptions = {}): Promise<void> {
    const factor = options.code === undefined ? undefined : factorOf(options.code);
    await this.#end('password_changed', options, (token, limits) =>
      this.#calls.changeUserPassword({ user: refOf(token), oldPassword, newPassword, factor }, limits),
    );
  }

  /** Makes a call that ends the login which it is made with, and not one that began here meanwhile. */
  async #end(reason: SignedOutReason, options: WaitOptions, run: Run<unknown>): Promise<void> {
    let madeWith = '';
    await this.#do(options, (token, limits, familyId) => {
      madeWith = familyId;
      return run(token, limits, familyId);
    });
    await this.#ended(reason, madeWith);
  }

  /** Sends a code to the e-mail address, or to the one that waits to take its place. */
  async startEmail(options: WaitOptions = {}): Promise<CodeSent> {
    return sentIn(
      await this.#do(options, (token, limits) => this.#calls.startEmailVerification({ user: refOf(token) }, limits)),
    );
  }

  async confirmEmail(code: string, options: WaitOptions = {}): Promise<void> {
    await this.#do(options, (token, limits) =>
      this.#calls.confirmEmailVerification({ user: refOf(token), code }, limits),
    );
  }

  async startPhone(options: WaitOptions = {}): Promise<CodeSent> {
    return sentIn(
      await this.#do(options, (token, limits) => this.#calls.startPhoneVerification({ user: refOf(token) }, limits)),
    );
  }

  async confirmPhone(code: string, options: WaitOptions = {}): Promise<void> {
    await this.#do(options, (token, limits) =>
      this.#calls.confirmPhoneVerification({ user: refOf(token), code }, limits),
    );
  }

  /** Begins a second factor: show the URI as a QR code. It is not needed before it is confirmed. */
  async enrollSecondFactor(password: string, options: WaitOptions = {}) {
    const { secret, otpauthUri } = await this.#do(options, (token, limits) =>
      this.#calls.enrollTotp({ user: refOf(token), password }, limits),
    );
    return { secret, otpauthUri };
  }

  /** Answers recovery codes, which can't be told again. */
  async confirmSecondFactor(code: string, options: WaitOptions = {}): Promise<readonly string[]> {
    const { recoveryCodes } = await this.#do(options, (token, limits) =>
      this.#calls.confirmTotp({ user: refOf(token), code }, limits),
    );
    return recoveryCodes;
  }

  /** With a one-time password, or with a recovery code. */
  async removeSecondFactor(code: string, options: WaitOptions = {}): Promise<void> {
    const factor = factorOf(code);
    await this.#do(options, (token, limits) => this.#calls.removeTotp({ user: refOf(token), factor }, limits));
  }

  /** The live logins of the user, whichever client they are of. */
  logins(options: WaitOptions = {}): Promise<readonly TokenFamily[]> {
    return this.#do(options, async (accessToken, limits) => {
      const logins: TokenFamily[] = [];
      const subject = { $case: 'accessToken', value: accessToken } as const;
      let pageToken = '';
      do {
        const page = await this.#calls.listTokens({ subject, pageToken }, limits);
        logins.push(...page.families);
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      return logins;
    });
  }

  /** Ends one of the logins. Where it is the one here, it signs out. */
  async revoke(familyId: string, options: WaitOptions = {}): Promise<void> {
    const target = { $case: 'familyId', value: familyId } as const;
    await this.#do(options, (userAccessToken, limits) => this.#calls.revoke({ target, userAccessToken }, limits));
    await this.#ended('revoked', familyId);
  }

  /** Deletes the user, and signs out. */
  async delete(options: WaitOptions = {}): Promise<void> {
    await this.#end('deleted', options, (token, limits) => this.#calls.deleteUser({ user: refOf(token) }, limits));
  }
}

function refOf(accessToken: string) {
  return { user: { $case: 'accessToken' as const, value: accessToken } };
}

/** A one-time password has 6 digits, and a recovery code is longer. */
function factorOf(code: string): Factor {
  return { $case: /^\d{6}$/.test(code) ? 'totpCode' : 'recoveryCode', value: code };
}

function userIn({ user }: { readonly user: User | undefined }): User {
  if (user === undefined) {
    throw new SymbolonError('INTERNAL', 'the server answered no user');
  }
  return user;
}

function sentIn({
  address,
  expireTime,
}: {
  address: string;
  expireTime: { seconds: number; nanos: number } | undefined;
}) {
  return { address, expireTime: new Date((expireTime?.seconds ?? 0) * 1_000) };
}
