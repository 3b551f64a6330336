import { SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { isLive } from '../rules/liveness.ts';
import type { KnownToken } from '../services/known-tokens.ts';
import type { Services } from '../services/services.ts';
import type { IntrospectionReading } from '../services/store.ts';
import { learnWhether, mayKnow } from './audience.ts';
import type { Call } from './authenticate.ts';
import { confirmUse } from './confirm-use.ts';
import { boundsOf, describe, findToken, type Introspection, type ReadRequest, requireRevision } from './introspect.ts';
import { authenticateAgain } from './machine-operator.ts';
import { requireWaiting } from './pages.ts';

/** Tokens of one batch. */
export const MAX_BATCH = 1_000;

/** Tokens that are looked through in one turn of the event loop: half a millisecond. */
const TOKENS_A_TURN = 250;

/** Each waits with its tokens in memory, and takes some milliseconds of the thread that answers everybody. */
const MAX_BATCHES_OF_TENANT = 64;

export interface BatchIntrospectRequest extends ReadRequest {
  readonly tokens: readonly string[];
}

/**
 * Introspect for many tokens, read in one moment and answered in their order. What can't be a token is not live, however it is written:
 * a batch may carry what strangers sent, and none of them may fail it for the others.
 */
export async function batchIntrospect(
  services: Services,
  call: Call,
  request: BatchIntrospectRequest,
): Promise<readonly Introspection[]> {
  requirePermission(call.caller, 'introspect');
  requireCount(request.tokens);
  const { tenantId } = call.caller;
  const answers = await services.longReads.run('batch', tenantId, MAX_BATCHES_OF_TENANT, () =>
    answerAll(services, call, request),
  );
  const active = answers.reduce((count, { active }) => (active ? count + 1 : count), 0);
  call.notes?.note({ tokens: answers.length, active });
  return answers;
}

function requireCount({ length }: readonly string[]): void {
  if (length === 0) {
    throw new SymbolonError('invalid_argument', 'tokens is missing');
  }
  if (length > MAX_BATCH) {
    throw new SymbolonError('invalid_argument', `tokens must have at most ${MAX_BATCH} entries, and has ${length}`);
  }
}

async function answerAll(
  services: Services,
  call: Call,
  request: BatchIntrospectRequest,
): Promise<readonly Introspection[]> {
  const { caller } = call;
  const tokens = await findTokens(services, call, request.tokens);
  const familyIds = tokens.flatMap((token) => (token === undefined ? [] : [token.familyId]));
  if (familyIds.length === 0) {
    // Nothing is looked up but the caller, as at Introspect.
    const again = await authenticateAgain(services, call);
    requirePermission(again, 'introspect');
    requireRevision(again.revision, request);
    return tokens.map(() => inactiveAt(again.revision));
  }
  // The operator on the machine need not know the tenant.
  const tenantId = caller.tenantId === '' ? null : caller.tenantId;
  const readings = await services.store.readFamilies(tenantId, familyIds, boundsOf(call, request), () =>
    requireWaiting(call),
  );
  const [{ revision, clientVersion }] = readings as [IntrospectionReading];
  if (tenantId !== null && (clientVersion > caller.clientVersion || clientVersion < 0)) {
    return answerAnew(services, call, request);
  }
  requireRevision(revision, request);
  const now = services.clock();
  return judgeAll(services, call, tokens, readings, now);
}

/** Whether a piece of a batch begins there. What is small is one piece, and begins at once. */
function startsTurn(at: number, count: number): boolean {
  return count > TOKENS_A_TURN && at % TOKENS_A_TURN === 0;
}

/** Others are answered before it goes on. */
async function takeTurn(services: Services, call: Call): Promise<void> {
  await services.turns.next();
  requireWaiting(call);
}

/** What the tokens say of themselves; undefined for those that were made up. */
async function findTokens(
  services: Services,
  call: Call,
  texts: readonly string[],
): Promise<(KnownToken | undefined)[]> {
  const tokens: (KnownToken | undefined)[] = [];
  for (const [at, text] of texts.entries()) {
    if (startsTurn(at, texts.length)) {
      await takeTurn(services, call);
    }
    const found = text.length > MAX_TOKEN ? undefined : findToken(services, text);
    // A promise only where a key is new here.
    tokens.push(found instanceof Promise ? await found : found);
  }
  return tokens;
}

/** `readings`: of those tokens that were not made up, in their order, all of one moment. What is said of them later is said of that moment. */
async function judgeAll(
  services: Services,
  call: Call,
  tokens: readonly (KnownToken | undefined)[],
  readings: readonly IntrospectionReading[],
  now: Instant,
): Promise<Introspection[]> {
  const inactive = inactiveAt(readings[0]?.revision ?? 0);
  const answers: Introspection[] = [];
  let next = 0;
  for (const [at, token] of tokens.entries()) {
    if (startsTurn(at, tokens.length)) {
      await takeTurn(services, call);
    }
    if (token === undefined) {
      answers.push(inactive);
      continue;
    }
    const found = readings[next++];
    // A promise only where a token is for a resource server that is new here.
    const isTold = mayKnowOf(services, call, found);
    answers.push(
      judge(services, token, (isTold ?? (await learnOf(services, call, found))) ? found : undefined, inactive, now),
    );
  }
  return answers;
}

function mayKnowOf(services: Services, { caller }: Call, found: IntrospectionReading | undefined): boolean | undefined {
  return found?.reading === undefined ? true : mayKnow(services, caller, found.reading, found.clientVersion);
}

async function learnOf(
  services: Services,
  { caller }: Call,
  found: IntrospectionReading | undefined,
): Promise<boolean> {
  return found?.reading === undefined || learnWhether(services, caller, found.reading, found.clientVersion);
}

function judge(
  services: Services,
  token: KnownToken,
  found: IntrospectionReading | undefined,
  inactive: Introspection,
  now: Instant,
): Introspection {
  const { reading, revision = inactive.revision } = found ?? {};
  if (reading === undefined || !isLive(reading, token.digest, now)) {
    return revision === inactive.revision ? inactive : inactiveAt(revision);
  }
  confirmUse(services, reading, now);
  return describe(reading, revision, now);
}

function inactiveAt(revision: number): Introspection {
  return { active: false, revision };
}

/** The caller's client may have been disabled, stripped of its role, or moved to another tenant. */
async function answerAnew(
  services: Services,
  call: Call,
  request: BatchIntrospectRequest,
): Promise<readonly Introspection[]> {
  const caller = await authenticateAgain(services, call);
  requirePermission(caller, 'introspect');
  // From the primary, which is not behind what it just said of the caller.
  return answerAll(services, { ...call, caller }, { ...request, maxStalenessMs: 0 });
}
