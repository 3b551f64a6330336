/** The driver of the SDK in TypeScript. `SYMBOLON_TEST_SDK`: the folder of another copy of it, with something wrong. */
import { createInterface } from 'node:readline';
import type { CallOptions, Client } from '../../../sdk/typescript/client/src/index.ts';
import type {
  Caller,
  Permission,
  SymbolonError,
  Verifier,
  VerifierOptions,
} from '../../../sdk/typescript/server/src/index.ts';
import { bench, denied } from './driver-bench.ts';
import { loginOps } from './driver-logins.ts';

type Server = typeof import('../../../sdk/typescript/server/src/index.ts');
type Bare = typeof import('../../../sdk/typescript/client/src/index.ts');

interface Request {
  readonly id: number;
  readonly op: string;
  readonly [name: string]: unknown;
}

const { SYMBOLON_TEST_SDK: FOLDER = new URL('../../../sdk/typescript/', import.meta.url).href } = process.env;
const sdk = (await import(`${FOLDER}server/src/index.ts`)) as Server;
const bare = (await import(`${FOLDER}client/src/index.ts`)) as Bare;

// The verifier reads its clocks where all of the process does. Timers and sockets have another one.
const wall = Date.now.bind(Date);
const monotonic = performance.now.bind(performance);
const shift = { wall: 0, monotonic: 0 };
Date.now = () => wall() + shift.wall;
performance.now = () => monotonic() + shift.monotonic;

let verifier: Verifier | undefined;
/** More of them, by mistake. */
const others: Verifier[] = [];
/** Of the calls of the bare client that are under way, by the request. */
const cancellers = new Map<number, AbortController>();
let client: Client | undefined;

function opened(): Verifier {
  if (verifier === undefined) {
    throw new sdk.SymbolonError('FAILED_PRECONDITION', 'no verifier is open');
  }
  return verifier;
}

/** What `cancel` aborts. */
function signalOf(id: number): AbortSignal {
  const canceller = new AbortController();
  cancellers.set(id, canceller);
  return canceller.signal;
}

/** The bare client, and what a request says of the call. */
function calls({ id, timeout_ms }: Request): { readonly tokens: Client['tokens']; readonly options: CallOptions } {
  if (client === undefined) {
    throw new sdk.SymbolonError('FAILED_PRECONDITION', 'no client is open');
  }
  const signal = signalOf(id);
  const options = timeout_ms === undefined ? { signal } : { signal, timeoutMs: timeout_ms as number };
  return { tokens: client.tokens, options };
}

function open(request: Request): object {
  const { connection, options } = optionsOf(request);
  verifier = new sdk.Verifier(options);
  client = new bare.Client(connection);
  return { ok: true };
}

function optionsOf(request: Request): { readonly connection: VerifierOptions; readonly options: VerifierOptions } {
  const { address, client_id, client_secret, root_certificates, plaintext, timeout_ms, max_entries } = request;
  const connection = {
    ...{ address, clientId: client_id, clientSecret: client_secret },
    ...(root_certificates === undefined ? {} : { rootCertificates: root_certificates }),
    ...(plaintext === undefined ? {} : { plaintext }),
  };
  const options = {
    ...connection,
    ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }),
    ...(max_entries === undefined ? {} : { maxEntries: max_entries }),
  };
  return { connection: connection as VerifierOptions, options: options as VerifierOptions };
}

/** Makes a verifier for each check, and closes none. */
async function checkAnew(request: Request): Promise<object> {
  const { options } = optionsOf(request);
  const answers = Array.from({ length: request.times as number }, async () => {
    const made = new sdk.Verifier(options);
    others.push(made);
    return made.check(request.token as string);
  });
  return counted(await Promise.allSettled(answers));
}

async function check(token: string): Promise<object> {
  const began_ms = wall();
  const timed = (answer: object) => ({ ...answer, began_ms, ended_ms: wall() });
  try {
    const caller = await opened().check(token);
    return timed(caller === undefined ? { active: false } : { active: true, caller: callerOf(caller) });
  } catch (error) {
    return timed({ error: errorOf(error) });
  }
}

function callerOf({ kind, subjectId, clientId, tenantId, scopes, tokenId, familyId, audience }: Caller): object {
  return {
    ...{ kind, scopes, subject_id: subjectId, client_id: clientId, tenant_id: tenantId },
    ...{ token_id: tokenId, family_id: familyId, audience },
  };
}

async function permit(request: Request): Promise<object> {
  const began_ms = wall();
  const timed = (answer: object) => ({ ...answer, began_ms, ended_ms: wall() });
  const { token, permission, user_id: userId, device_id: deviceId, device_type: deviceType } = request;
  const given = Object.entries({ userId, deviceId, deviceType }).filter(([, value]) => value !== undefined);
  try {
    const access = await opened().checkPermission(token as string, permission as Permission, Object.fromEntries(given));
    const { allowed, reason, caller, userId: user_id } = access;
    return timed({
      ...{ allowed, reason },
      ...(caller === undefined ? {} : { caller: callerOf(caller) }),
      ...(user_id === '' ? {} : { user_id }),
    });
  } catch (error) {
    return timed({ error: errorOf(error) });
  }
}

async function checkMany(token: string, times: number): Promise<object> {
  const began_ms = wall();
  const answers = await Promise.allSettled(Array.from({ length: times }, async () => opened().check(token)));
  return { ...counted(answers), began_ms, ended_ms: wall() };
}

function counted(answers: readonly PromiseSettledResult<Caller | undefined>[]): object {
  const failed = answers.find((answer) => answer.status === 'rejected');
  const count = (is: (answer: PromiseSettledResult<Caller | undefined>) => boolean) => answers.filter(is).length;
  return {
    active: count((answer) => answer.status === 'fulfilled' && answer.value !== undefined),
    inactive: count((answer) => answer.status === 'fulfilled' && answer.value === undefined),
    errors: count(({ status }) => status === 'rejected'),
    ...(failed === undefined ? {} : { failed_with: errorOf(failed.reason) }),
  };
}

async function issue(request: Request): Promise<object> {
  const { username, password, client_id, client_secret } = request as unknown as Readonly<Record<string, string>>;
  const { tokens, options } = calls(request);
  const credential =
    username === undefined
      ? { $case: 'clientSecret' as const, value: { clientId: client_id ?? '', clientSecret: client_secret ?? '' } }
      : { $case: 'userPassword' as const, value: { username, password: password ?? '' } };
  const { result } = await tokens.issue({ credential }, options);
  return pairOf(result?.$case === 'tokens' ? result.value : undefined);
}

async function refresh(request: Request): Promise<object> {
  const { tokens, options } = calls(request);
  return pairOf((await tokens.refresh({ refreshToken: request.refresh_token as string }, options)).tokens);
}

function pairOf(issued: { readonly accessToken: string; readonly refreshToken: string } | undefined): object {
  return { access_token: issued?.accessToken, refresh_token: issued?.refreshToken };
}

async function revoke(request: Request): Promise<object> {
  const { tokens, options } = calls(request);
  await tokens.revoke({ target: { $case: 'token', value: request.token as string } }, options);
  return { ok: true };
}

async function introspect(request: Request): Promise<object> {
  const { tokens, options } = calls(request);
  const { active } = await tokens.introspect({ token: request.token as string }, options);
  return { active };
}

const { ops: LOGIN_OPS, closeAll: closeLogins } = loginOps(bare, errorOf, ({ id }, run) => run(signalOf(id as number)));

const OPS: Readonly<Record<string, (request: Request) => object | Promise<object>>> = {
  open,
  check: ({ token }) => check(token as string),
  permit,
  check_many: ({ token, times }) => checkMany(token as string, times as number),
  check_anew: checkAnew,
  cancel: ({ request }) => {
    const canceller = cancellers.get(request as number);
    canceller?.abort();
    // Checks have no signal: they cost nothing to wait for.
    return canceller === undefined ? { unsupported: true } : { ok: true };
  },
  state: () => ({ open: opened().isOpen, size: opened().size }),
  shift_clock: ({ wall_ms = 0, monotonic_ms = 0 }) => {
    shift.wall += wall_ms as number;
    shift.monotonic += monotonic_ms as number;
    return { ok: true };
  },
  use_client_secret: ({ client_secret }) => {
    opened().useClientSecret(client_secret as string);
    client?.useClientSecret(client_secret as string);
    return { ok: true };
  },
  issue,
  refresh,
  revoke,
  introspect,
  fork: () => ({ unsupported: true }),
  denied: ({ token }) => denied(opened(), token as string),
  bench: (request) => bench(opened(), request as unknown as Parameters<typeof bench>[1]),
  close: () => {
    for (const each of [verifier, ...others.splice(0), client]) {
      each?.close();
    }
    closeLogins();
    shift.wall = 0;
    shift.monotonic = 0;
    verifier = undefined;
    client = undefined;
    return { ok: true };
  },
  ...LOGIN_OPS,
};

function errorOf(error: unknown): object {
  const { code = 'INTERNAL', reason = '', metadata = {}, retryable = false, message } = error as Partial<SymbolonError>;
  const { retryAfterMs } = error as SymbolonError;
  return { code, reason, retryable, retry_after_ms: retryAfterMs, field: metadata.field, message };
}

async function serve(request: Request): Promise<void> {
  let answer: object;
  try {
    const op = OPS[request.op];
    answer = op === undefined ? { unsupported: true } : await op(request);
  } catch (error) {
    answer = { error: errorOf(error) };
  }
  cancellers.delete(request.id);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}

createInterface({ input: process.stdin })
  .on('line', (line) => void serve(JSON.parse(line) as Request))
  .on('close', () => process.exit(0));
