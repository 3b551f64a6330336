/** Claim: the SDK's verifier answers 1,500,000 checks a second and core from memory, with 100,000 live tokens. */
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TokenKind } from '../gen/ts/symbolon/v1/token_service.ts';
import type { Caller } from '../sdk/typescript/server/src/caller.ts';
import { MAX_AGE_MS, MAX_BOUND_MS } from '../sdk/typescript/server/src/core/limits.ts';
import { VerifierState } from '../sdk/typescript/server/src/core/state.ts';
import { toAnswer } from '../sdk/typescript/server/src/messages.ts';
import { median } from './processes.ts';
import { type Row, row } from './rows.ts';

const TOKENS = 100_000;
const CHECKS = 1_000_000;
const ROUNDS = 7;
/** After so many checks a heartbeat is answered, long before the last one is a second old. */
const CHECKS_PER_BEAT = 50_000;
const SCHEME = 'Bearer ';
const TOKEN_LENGTH = 84;
const HEADER_LENGTH = SCHEME.length + TOKEN_LENGTH;

export async function benchVerifier(): Promise<readonly Row[]> {
  const clock = { monotonic: () => performance.now(), wall: () => Date.now() };
  const state = new VerifierState<Caller>({
    ...{ clock, boundMs: MAX_BOUND_MS, maxAgeMs: MAX_AGE_MS, maxEntries: TOKENS, maxKilled: 10_000 },
  });
  const headers = Buffer.concat(Array.from({ length: TOKENS }, headerOf));
  const tokens = Array.from({ length: TOKENS }, (_, index) => tokenIn(headers, index));
  const order = Uint32Array.from({ length: CHECKS }, () => Math.floor(Math.random() * TOKENS));
  const beat = beatOf(state);
  beat();
  const before = memory();
  fill(state, tokens);
  const bytes = (memory() - before) / TOKENS;
  const [known, made]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    fill(state, tokens);
    collect();
    known.push(rateOf(beat, (check) => state.find(tokens[order[check] ?? 0] ?? '')));
    made.push(rateOf(beat, (check) => state.find(tokenIn(headers, order[check] ?? 0))));
  }
  console.log(
    `Verifier, ${TOKENS} live tokens of ${bytes.toFixed(0)} bytes each. Checks a second of processor time, in random order, ` +
      `median (least, most) of ${ROUNDS} rounds of ${CHECKS}:\n` +
      `  of texts that are there        ${figures(known)}\n` +
      `  of texts made out of a header  ${figures(made)}\n`,
  );
  return [row(`cached verifier, checks a second a core, ${TOKENS} live tokens`, 'at least 1,500,000', figures(known))];
}

function headerOf(): Buffer {
  return Buffer.from(`${SCHEME}syu_u${randomBytes(60).toString('hex')}`).subarray(0, HEADER_LENGTH);
}

/** A new text, as a server makes one of what it has read. */
function tokenIn(headers: Buffer, index: number): string {
  const begin = index * HEADER_LENGTH;
  return headers.toString('latin1', begin + SCHEME.length, begin + HEADER_LENGTH);
}

/** Answers a heartbeat, as a server does four times a second. */
function beatOf(state: VerifierState<Caller>): () => void {
  const stream = state.begin();
  let isAfresh = true;
  return () => {
    const heartbeat = state.beat();
    state.receive(stream, {
      previousRevision: 1,
      events: [],
      revision: 1,
      heartbeat,
      isAfresh,
      longestBoundMs: undefined,
    });
    isAfresh = false;
  };
}

function fill(state: VerifierState<Caller>, tokens: readonly string[]): void {
  const sending = state.sending();
  for (const [index, token] of tokens.entries()) {
    const time = { seconds: 1_800_000_000, nanos: 0 };
    const answer = toAnswer({
      ...{
        active: true,
        tokenId: `ta_${token.slice(6, 36)}`,
        kind: TokenKind.USER,
        tenantId: 'demo',
        clientId: 'cl_app',
      },
      ...{ subjectId: `user ${index % 50_000}`, scopes: ['read', 'write'], issueTime: time, expireTime: time },
      ...{
        familyId: `fm_${token.slice(6, 30)}`,
        revision: 1,
        timeToLive: { seconds: 3_600, nanos: 0 },
        audience: '',
        consentId: '',
      },
    });
    state.keep(token, sending, answer);
  }
}

/** What filling left behind is not a check's. */
const collect = (): void => {
  setFlagsFromString('--expose_gc');
  runInNewContext('gc')();
};

function memory(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/**
 * Where the machine stood still for a second memory does not answer, until a heartbeat is. A check that it does not answer then ends the
 * measurement.
 */
function rateOf(beat: () => void, find: (check: number) => Caller | undefined): number {
  const before = process.cpuUsage();
  for (let check = 0; check < CHECKS; check += 1) {
    if (check % CHECKS_PER_BEAT === 0) {
      beat();
    }
    if (find(check) === undefined) {
      beat();
      if (find(check) === undefined) {
        throw new Error('a check was not answered from memory');
      }
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (CHECKS * 1_000_000) / (user + system);
}

function figures(rates: readonly number[]): string {
  const [least, middle, most] = [Math.min(...rates), median(rates), Math.max(...rates)].map((rate) => rate.toFixed(0));
  return `${middle} (${least}, ${most})`;
}
