/** What the driver does for logins: test/sdk/README.md, "Logins". */
import { Client, credentials, type Interceptor, status } from '@grpc/grpc-js';
import type {
  BegunCode,
  Login,
  LoginEvent,
  NewUser,
  NodeLoginOptions,
  SecondFactor,
  ShownCode,
} from '../../../sdk/typescript/client/src/index.ts';

type Bare = typeof import('../../../sdk/typescript/client/src/index.ts');
type Ops = Readonly<Record<string, (request: Readonly<Record<string, unknown>>) => object | Promise<object>>>;
type Texts = Readonly<Record<string, string | undefined>>;

interface Open {
  readonly login: Login;
  readonly events: LoginEvent[];
  factor?: SecondFactor | undefined;
  /** Of the last sign-ins in a browser: what was opened, begun and shown. */
  url?: PromiseWithResolvers<string>;
  begun?: BegunCode;
  shown?: PromiseWithResolvers<ShownCode>;
}

/** What an error is answered as. */
type ErrorOf = (error: unknown) => object;
type Cancellable = <T>(
  request: Readonly<Record<string, unknown>>,
  run: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** `cancellable`: runs it with a signal that the op `cancel` aborts. */
export function loginOps(
  bare: Bare,
  errorOf: ErrorOf,
  cancellable: Cancellable,
): { readonly ops: Ops; readonly closeAll: () => void } {
  const all = new Map<string, Open>();
  const openOf = ({ login = 'one' }: Readonly<Record<string, unknown>>): Open => {
    const open = all.get(String(login));
    if (open === undefined) {
      throw new bare.SymbolonError('FAILED_PRECONDITION', 'no such login is open');
    }
    return open;
  };
  const loginOf = (request: Readonly<Record<string, unknown>>) => openOf(request).login;
  const ok = { ok: true };

  function open(request: Readonly<Record<string, unknown>>): object {
    const { address, client_id, client_secret, root_certificates, plaintext, timeout_ms, store, resource, scopes } =
      request;
    const events: LoginEvent[] = [];
    const given = {
      ...{ address, clientId: client_id, clientSecret: client_secret, rootCertificates: root_certificates },
      ...{
        plaintext,
        resource,
        scopes,
        timeoutMs: timeout_ms,
        store: store === undefined ? undefined : new bare.FileStore(String(store)),
      },
    };
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const login = new bare.Login({
      ...options,
      onEvent: (event: LoginEvent) => events.push(event),
    } as unknown as NodeLoginOptions);
    const { login: name = 'one' } = request;
    all.get(String(name))?.login.close();
    all.set(String(name), { login, events });
    return ok;
  }

  async function signIn(request: Readonly<Record<string, unknown>>): Promise<object> {
    const opened = openOf(request);
    const { login } = opened;
    const { username = '', password = '', device_id, vendor_id = '' } = request as Texts;
    switch (request.as) {
      case 'user':
        opened.factor = await login.signInUser(username, password);
        return { second_factor: opened.factor !== undefined };
      case 'device':
        await login.signInDevice(device_id ?? vendor_id, password);
        break;
      case 'client':
        await login.signInClient();
        break;
      default:
        await login.signInAnonymously();
    }
    return { second_factor: false };
  }

  async function signInWithCode(request: Readonly<Record<string, unknown>>): Promise<object> {
    const opened = openOf(request);
    const url = Promise.withResolvers<string>();
    opened.url = url;
    const { issuer = '', redirect_uri: redirectUri } = request as Texts;
    const options = redirectUri === undefined ? { issuer } : { issuer, redirectUri };
    await cancellable(request, (signal) => opened.login.signInWithCode(url.resolve, { ...options, signal }));
    return ok;
  }

  async function beginCode(request: Readonly<Record<string, unknown>>): Promise<object> {
    const opened = openOf(request);
    const { issuer = '', redirect_uri: redirectUri = '' } = request as Texts;
    // As an app keeps it in a session.
    opened.begun = JSON.parse(JSON.stringify(await opened.login.beginCode({ issuer, redirectUri }))) as BegunCode;
    const { url, state } = opened.begun;
    return { url, state };
  }

  async function completeCode(request: Readonly<Record<string, unknown>>): Promise<object> {
    const { login, begun } = openOf(request);
    if (begun === undefined) {
      throw new bare.SymbolonError('FAILED_PRECONDITION', 'no code_begin came before');
    }
    await cancellable(request, (signal) => login.completeCode(begun, String(request.callback), { signal }));
    return ok;
  }

  async function signInWithDeviceCode(request: Readonly<Record<string, unknown>>): Promise<object> {
    const opened = openOf(request);
    const shown = Promise.withResolvers<ShownCode>();
    opened.shown = shown;
    await cancellable(request, (signal) => opened.login.signInWithDeviceCode(shown.resolve, { signal }));
    return ok;
  }

  async function shownCode(request: Readonly<Record<string, unknown>>): Promise<object> {
    const opened = openOf(request);
    opened.shown ??= Promise.withResolvers<ShownCode>();
    const { userCode, verificationUri, verificationUriComplete } = await opened.shown.promise;
    return {
      ...{ user_code: userCode, verification_uri: verificationUri },
      verification_uri_complete: verificationUriComplete,
    };
  }

  async function secondFactor(request: Readonly<Record<string, unknown>>): Promise<object> {
    const { factor } = openOf(request);
    if (factor === undefined) {
      throw new bare.SymbolonError('FAILED_PRECONDITION', 'no second factor is wanted');
    }
    const { code = '', recovery_code } = request as Texts;
    await (recovery_code === undefined ? factor.complete(code) : factor.completeWithRecoveryCode(recovery_code));
    return ok;
  }

  async function signUp(request: Readonly<Record<string, unknown>>): Promise<object> {
    const login = loginOf(request);
    const { vendor_id = '', password = '', owner_access_token: ownerAccessToken } = request as Texts;
    if (request.as === 'device') {
      const device = await login.onboardDevice(
        vendor_id,
        password,
        ownerAccessToken === undefined ? {} : { ownerAccessToken },
      );
      return { subject_id: device.deviceId };
    }
    const user = request.as === 'pseudo' ? login.signUpPseudoUser() : login.signUpUser(namesOf(request) as NewUser);
    return { subject_id: (await user).userId };
  }

  async function tokens(request: Readonly<Record<string, unknown>>): Promise<object> {
    const login = loginOf(request);
    const answers = await settled(request, () => login.token());
    const got = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    return { tokens: [...new Set(got)], ...failuresOf(answers) };
  }

  function failuresOf(answers: readonly PromiseSettledResult<unknown>[]): object {
    const failed = answers.filter((answer) => answer.status === 'rejected');
    const [first] = failed;
    return { errors: failed.length, ...(first === undefined ? {} : { failed_with: errorOf(first.reason) }) };
  }

  function state(request: Readonly<Record<string, unknown>>): object {
    const { login, events } = openOf(request);
    const signed_in = login.signedIn;
    const { kind, subjectId, clientId, scopes, tokenId, familyId } = login.currentUser ?? {};
    const user = { kind, subject_id: subjectId, client_id: clientId, scopes, token_id: tokenId, family_id: familyId };
    const told = events.map((event) => ({
      event: event.type,
      ...(event.type === 'signed_out' ? { reason: event.reason } : {}),
      ...(event.type === 'store_failed' ? { error: errorOf(event.error) } : {}),
    }));
    return { signed_in, ...(login.currentUser === undefined ? {} : { current_user: user }), events: told };
  }

  async function account(request: Readonly<Record<string, unknown>>): Promise<object> {
    const { account } = loginOf(request);
    const { old_password = '', new_password = '', code, password = '', family_id = '' } = request as Texts;
    const factor = code === undefined ? {} : { code };
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      get: async () => userOf(await account.get()),
      update: async () => userOf(await account.update(namesOf(request))),
      become_normal: async () => userOf(await account.becomeNormal({ ...namesOf(request), password })),
      change_password: () => account.changePassword(old_password, new_password, factor),
      start_email: () => account.startEmail(),
      confirm_email: () => account.confirmEmail(code ?? ''),
      start_phone: () => account.startPhone(),
      confirm_phone: () => account.confirmPhone(code ?? ''),
      enroll: async () => {
        const { secret, otpauthUri } = await account.enrollSecondFactor(password);
        return { secret, otpauth_uri: otpauthUri };
      },
      confirm_enrollment: async () => ({ recovery_codes: await account.confirmSecondFactor(code ?? '') }),
      remove_second_factor: () => account.removeSecondFactor(code ?? ''),
      logins: async () => ({ family_ids: (await account.logins()).map(({ familyId }) => familyId) }),
      revoke: () => account.revoke(family_id),
      delete: () => account.delete(),
    };
    const call = calls[String(request.call)];
    return call === undefined ? { unsupported: true } : { ...ok, ...((await call()) as object | undefined) };
  }

  async function call(request: Readonly<Record<string, unknown>>): Promise<object> {
    const login = loginOf(request);
    const address = String(request.address);
    const how = request.how === 'grpc' ? overGrpc(address, login.interceptor()) : overHttp(address, login);
    const answers = await settled(request, how.call);
    how.close();
    return { ok: answers.filter(({ status }) => status === 'fulfilled').length, ...failuresOf(answers) };
  }

  function overHttp(address: string, login: Login) {
    const attached = login.fetchFor(`http://${address}`);
    const call = async () => {
      const { ok, status } = await attached(`http://${address}/`);
      if (!ok) {
        throw new bare.SymbolonError(status === 401 ? 'UNAUTHENTICATED' : 'UNKNOWN', `HTTP status ${status}`);
      }
    };
    return { call, close: () => undefined };
  }

  const ops: Ops = {
    login_open: open,
    sign_in: signIn,
    sign_in_code: signInWithCode,
    code_url: async (request) => {
      const opened = openOf(request);
      opened.url ??= Promise.withResolvers<string>();
      return { url: await opened.url.promise };
    },
    code_begin: beginCode,
    code_complete: completeCode,
    sign_in_device_code: signInWithDeviceCode,
    device_code_shown: shownCode,
    second_factor: secondFactor,
    sign_up: signUp,
    sign_out: async (request) => ({ told: await loginOf(request).signOut() }),
    token: tokens,
    refused: async (request) => ({ again: await loginOf(request).refused(String(request.token)) }),
    login_state: state,
    export: (request) => ({ text: loginOf(request).exportTokens() }),
    resume: (request) =>
      loginOf(request)
        .resume(String(request.text))
        .then(() => ok),
    resume_token: (request) =>
      loginOf(request)
        .resumeWithToken(String(request.token))
        .then(() => ok),
    resume_stored: async (request) => ({ signed_in: await loginOf(request).resumeStored() }),
    account,
    forgot_password: (request) => {
      const channel = request.channel === 'phone' ? 'phone' : 'email';
      return loginOf(request)
        .forgotPassword(String(request.username), channel)
        .then(() => ok);
    },
    complete_reset: (request) => {
      const { username = '', code = '', new_password = '' } = request as Texts;
      return loginOf(request)
        .completePasswordReset(username, code, new_password)
        .then(() => ok);
    },
    call,
    login_close: (request) => {
      loginOf(request).close();
      return ok;
    },
  };
  const closeAll = () => {
    for (const { login } of all.values()) {
      login.close();
    }
    all.clear();
  };
  return { ops, closeAll };
}

function settled<T>({ times = 1 }: Readonly<Record<string, unknown>>, run: () => Promise<T>) {
  return Promise.allSettled(Array.from({ length: Number(times) }, run));
}

function namesOf(request: Readonly<Record<string, unknown>>): NewUser {
  const { login_name: loginName, email, phone, password, display_name: displayName } = request as Texts;
  const given = { loginName, email, phone, password, displayName };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function userOf(user: Awaited<ReturnType<Login['account']['get']>>): object {
  const { userId, loginName, email, emailVerified, phone, phoneVerified, displayName, hasPassword } = user;
  return {
    user: {
      ...{ user_id: userId, login_name: loginName, email, email_verified: emailVerified, phone },
      ...{ phone_verified: phoneVerified, display_name: displayName, has_password: hasPassword },
    },
  };
}

const CALL_MS = 30_000;

function overGrpc(address: string, interceptor: Interceptor) {
  const client = new Client(address, credentials.createInsecure(), { interceptors: [interceptor] });
  const same = (bytes: Buffer) => bytes;
  const call = () =>
    new Promise<void>((resolve, reject) => {
      const path = '/symbolon.test.Guarded/Show';
      const options = { deadline: Date.now() + CALL_MS };
      client.makeUnaryRequest(path, same, same, Buffer.alloc(0), options, (error) =>
        error === null ? resolve() : reject(asTyped(error)),
      );
    });
  return { call, close: () => client.close() };
}

function asTyped({ code, message }: { readonly code: number; readonly message: string }): object {
  return { code: status[code] ?? 'UNKNOWN', message };
}
