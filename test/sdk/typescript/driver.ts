/** The driver of the SDK in TypeScript. `SYMBOLON_TEST_SDK`: another copy of its sources, with something wrong. */
import { createInterface } from 'node:readline';
import type { Caller, SymbolonError, Verifier, VerifierOptions } from '../../../sdk/typescript/server/src/index.ts';
import { bench, denied } from './driver-bench.ts';

type Sdk = typeof import('../../../sdk/typescript/server/src/index.ts');

interface Request {
  readonly id: number;
  readonly op: string;
  readonly [name: string]: unknown;
}

const { SYMBOLON_TEST_SDK: SDK = new URL('../../../sdk/typescript/server/src/index.ts', import.meta.url).href } =
  process.env;
const sdk = (await import(SDK)) as Sdk;

// The verifier reads its clocks where all of the process does. Timers and sockets have another one.
const wall = Date.now.bind(Date);
const monotonic = performance.now.bind(performance);
const shift = { wall: 0, monotonic: 0 };
Date.now = () => wall() + shift.wall;
performance.now = () => monotonic() + shift.monotonic;

let verifier: Verifier | undefined;

function opened(): Verifier {
  if (verifier === undefined) {
    throw new sdk.SymbolonError('FAILED_PRECONDITION', 'no verifier is open');
  }
  return verifier;
}

function open(request: Request): object {
  shift.wall = 0;
  shift.monotonic = 0;
  const { address, client_id, client_secret, root_certificates, plaintext, timeout_ms, max_entries } = request;
  const options = {
    ...{ address, clientId: client_id, clientSecret: client_secret },
    ...(root_certificates === undefined ? {} : { rootCertificates: root_certificates }),
    ...(plaintext === undefined ? {} : { plaintext }),
    ...(timeout_ms === undefined ? {} : { timeoutMs: timeout_ms }),
    ...(max_entries === undefined ? {} : { maxEntries: max_entries }),
  };
  verifier = new sdk.Verifier(options as VerifierOptions);
  return { ok: true };
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

function callerOf({ kind, subjectId, clientId, tenantId, scopes, tokenId, familyId }: Caller): object {
  return {
    ...{ kind, scopes, subject_id: subjectId, client_id: clientId, tenant_id: tenantId },
    ...{ token_id: tokenId, family_id: familyId },
  };
}

async function checkMany(token: string, times: number): Promise<object> {
  const began_ms = wall();
  const answers = await Promise.allSettled(Array.from({ length: times }, async () => opened().check(token)));
  const count = (is: (answer: PromiseSettledResult<Caller | undefined>) => boolean) => answers.filter(is).length;
  return {
    active: count((answer) => answer.status === 'fulfilled' && answer.value !== undefined),
    inactive: count((answer) => answer.status === 'fulfilled' && answer.value === undefined),
    errors: count(({ status }) => status === 'rejected'),
    ...{ began_ms, ended_ms: wall() },
  };
}

const OPS: Readonly<Record<string, (request: Request) => object | Promise<object>>> = {
  open,
  check: ({ token }) => check(token as string),
  check_many: ({ token, times }) => checkMany(token as string, times as number),
  state: () => ({ open: opened().isOpen, size: opened().size }),
  shift_clock: ({ wall_ms = 0, monotonic_ms = 0 }) => {
    shift.wall += wall_ms as number;
    shift.monotonic += monotonic_ms as number;
    return { ok: true };
  },
  use_client_secret: ({ client_secret }) => {
    opened().useClientSecret(client_secret as string);
    return { ok: true };
  },
  fork: () => ({ unsupported: true }),
  denied: ({ token }) => denied(opened(), token as string),
  bench: (request) => bench(opened(), request as unknown as Parameters<typeof bench>[1]),
  close: () => {
    verifier?.close();
    verifier = undefined;
    return { ok: true };
  },
};

function errorOf(error: unknown): object {
  const { code = 'INTERNAL', reason = '', retryable = false, retryAfterMs, message } = error as SymbolonError;
  return { code, reason, retryable, retry_after_ms: retryAfterMs, message };
}

async function serve(request: Request): Promise<void> {
  let answer: object;
  try {
    const op = OPS[request.op];
    answer = op === undefined ? { unsupported: true } : await op(request);
  } catch (error) {
    answer = { error: errorOf(error) };
  }
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}

createInterface({ input: process.stdin })
  .on('line', (line) => void serve(JSON.parse(line) as Request))
  .on('close', () => process.exit(0));
