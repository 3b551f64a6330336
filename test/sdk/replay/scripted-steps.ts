/** Steps of a server that is played by hand, for what the real one never does. */
import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { RetryInfo } from '../../../gen/ts/google/rpc/error_details.ts';
import { RevocationCause, WatchRevocationsResponse } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { mintToken, newFamilyId, openTagKey } from '../../../src/core/token-form.ts';
import type { Checked } from '../driver.ts';
import TEXTS_OF_FILE from '../fixtures/tokens.json' with { type: 'json' };
import { type Echo, failureWith, type ScriptedStream } from '../typescript/scripted-server.ts';
import { expectAnswer } from './outcome.ts';
import { beginCheck, type Said, said, type World } from './world.ts';

const EVENTS_IN_MESSAGE = 1_000;
export const TEXTS = TEXTS_OF_FILE as readonly {
  readonly name: string;
  readonly token: string;
  readonly sent: string;
}[];
const KEY = openTagKey('A', Buffer.alloc(32, 7));

let count = 0;

interface AnswerStep {
  /** Whether tokens are live, and where they are what they stand for. */
  readonly live?: boolean;
  readonly subject_id?: string;
  readonly client_id?: string;
  readonly family_id?: string;
  readonly time_to_live_ms?: number;
  /** What answers are read at. */
  readonly revision?: number;
  /** Fails instead, perhaps with how long to wait. */
  readonly code?: keyof typeof status;
  readonly retry_after_ms?: number;
  /** Answers for fewer tokens than were asked for. */
  readonly too_few?: boolean;
}

interface MessageStep {
  /** Its number, from 0. The newest unless it is said. */
  readonly stream?: number;
  readonly revision: number;
  readonly previous_revision?: number;
  readonly afresh?: boolean;
  readonly acknowledge_now?: boolean;
  readonly longest_bound_ms?: number;
  /** One event of this revision: of the family of a token, a subject, a client, a pair of both, the tenant, or of tomorrow. */
  readonly event?: {
    readonly token?: string;
    readonly family_id?: string;
    readonly subject_id?: string;
    readonly client_id?: string;
    readonly all_of_tenant?: boolean;
    readonly unknown?: boolean;
    readonly none?: boolean;
  };
}

export const SCRIPTED_STEPS = {
  /** A token in the form of the server's. */
  mint: async (world: World, { token }: { token: string }) => {
    const random = createHash('sha256').update(`${++count}`).digest().subarray(0, 20);
    const familyId = newFamilyId(Date.now(), random.subarray(0, 10));
    const text = mintToken(KEY, { use: 'access', kind: 'USER', familyId, generation: 0, random });
    world.tokens.set(token, { text });
  },

  /** Streams are not answered from now on, until a message is. */
  keep_silent: async ({ scripted }: World) => {
    scripted.greets = false;
  },

  /** What checks are answered from now on. */
  answer_with: async ({ scripted }: World, step: AnswerStep) => {
    const { live = true, subject_id: subjectId, client_id: clientId, time_to_live_ms: ttl, revision, code } = step;
    const { family_id: familyId } = step;
    scripted.answersTooFew = step.too_few ?? false;
    scripted.live = live
      ? {
          ...(subjectId === undefined ? {} : { subjectId }),
          ...(clientId === undefined ? {} : { clientId }),
          ...(familyId === undefined ? {} : { familyId }),
          ...(ttl === undefined ? {} : { timeToLive: spanOf(ttl) }),
        }
      : undefined;
    scripted.revision = revision ?? scripted.revision;
    scripted.error = code === undefined ? undefined : failureWith(status[code], retryDetails(step.retry_after_ms));
  },

  /** Answers are read when they are asked for, and leave when they are let go. */
  hold_answers: async (world: World) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    world.scripted.held = promise;
    world.release = () => {
      world.scripted.held = undefined;
      resolve();
    };
  },

  release_answers: async (world: World) => world.release?.(),

  /** Checks that are not waited for, and that the server has at least one of. */
  begin_check: async (world: World, { token, as, times = 1 }: { token: string; as: string; times?: number }) => {
    const before = timesAsked(world, token);
    const { text } = world.token(token);
    world.begun.set(
      as,
      Array.from({ length: times }, () => beginCheck(world, text)),
    );
    await world.until('the check to be a call', async () => timesAsked(world, token) > before || 'none yet');
  },

  /** Gives up all of them but so many while their answer is on its way: each fails at once, where the language can do so. */
  cancel_check: async (world: World, { as, but = 0 }: { as: string; but?: number }) => {
    const all = world.begun.get(as) ?? [];
    const left = all.slice(all.length - but);
    for (const { id, answer } of all.slice(0, all.length - but)) {
      const { unsupported } = await world.driver.ask('cancel', { request: id });
      if (unsupported === true) {
        return;
      }
      expectAnswer((await answer) as Checked, { says: 'error', code: 'CANCELLED', retryable: false });
    }
    world.begun.set(as, left);
  },

  /** All of them, once they are answered. */
  finish_check: async (world: World, { as, says }: { as: string; says: Said }) => {
    for (const { answer } of world.begun.get(as) ?? []) {
      expectAnswer((await answer) as Checked, { says });
    }
  },

  /** As many new tokens that are live and that are not, in turn, all at once: each has its own answer. */
  check_each: async (world: World, { live }: { live: number }) => {
    const texts: string[] = [];
    for (let index = 0; index < 2 * live; index++) {
      await SCRIPTED_STEPS.mint(world, { token: `each ${index}` });
      texts.push(world.token(`each ${index}`).text);
    }
    world.scripted.dead = new Set(texts.filter((_, index) => index % 2 === 1));
    const check = async (text: string, index: number) => {
      const isLive = index % 2 === 0;
      const says = isLive ? 'active' : 'inactive';
      expectAnswer(await world.answered(text, says), {
        says,
        ...(isLive ? { caller: { token_id: `ta_${text}` } } : {}),
      });
    };
    await Promise.all(texts.map(check));
  },

  /** Which heartbeat messages answer from now on. */
  echo: async ({ scripted }: World, { heartbeat }: { heartbeat: Echo }) => {
    scripted.echo = heartbeat;
  },

  /** A message on a stream, which answers the newest heartbeat. */
  message: async (world: World, step: MessageStep) => {
    const { stream: index, revision, afresh = false, acknowledge_now: acknowledgeNow = false, event } = step;
    const { scripted } = world;
    const longestBound = step.longest_bound_ms === undefined ? undefined : spanOf(step.longest_bound_ms);
    // Those that a verifier begins from now on, too: on a machine that stood still this one may be gone.
    Object.assign(scripted, { told: revision, greets: true, longestBound });
    const stream = await streamOf(world, index ?? Math.max(0, scripted.streams.length - 1));
    const previousRevision = step.previous_revision ?? revision - (event === undefined ? 0 : 1);
    if (event?.unknown === true) {
      const { heartbeat } = stream;
      const known = WatchRevocationsResponse.fromPartial({ previousRevision, revision, heartbeat });
      // Field 2, an event: field 1 its revision, field 19 a text.
      const tomorrow = Buffer.from([0x12, 6, 0x08, revision, 0x9a, 0x01, 1, 0x61]);
      stream.sendBytes(Buffer.concat([WatchRevocationsResponse.encode(known).finish(), tomorrow]));
      stream.send({ revision });
      return;
    }
    const events =
      event === undefined
        ? []
        : [{ revision, target: targetOf(world, event), cause: RevocationCause.UNSPECIFIED, eventTime: undefined }];
    stream.send({ previousRevision, revision, afresh, acknowledgeNow, longestBound, events });
  },

  /** Events of as many other families, after this revision. */
  many_events: async (world: World, { after, count: many }: { after: number; count: number }) => {
    const stream = await streamOf(world, world.scripted.streams.length - 1);
    world.scripted.told = after + many;
    for (let begin = after; begin < after + many; begin += EVENTS_IN_MESSAGE) {
      const revision = Math.min(begin + EVENTS_IN_MESSAGE, after + many);
      const events = Array.from({ length: revision - begin }, (_, i) => ({
        ...{ revision: begin + i + 1, cause: RevocationCause.UNSPECIFIED, eventTime: undefined },
        target: { $case: 'familyId' as const, value: `fm_other_${begin + i}` },
      }));
      stream.send({ previousRevision: begin, revision, events });
    }
  },

  garbage: async ({ scripted }: World) => {
    scripted.streams.at(-1)?.sendBytes(Buffer.from([0xff, 0xff, 0xff]));
  },

  /** Ends a stream. */
  end_stream: async ({ scripted }: World, { code }: { code: keyof typeof status | 'WATCHER_REPLACED' }) => {
    const stream = scripted.streams.at(-1);
    if (code === 'WATCHER_REPLACED') {
      stream?.replaced();
    } else {
      stream?.fail(status[code], 'as the scenario has it');
    }
  },

  /**
   * Its first request: what it goes on from, or that it begins afresh. It acknowledges nothing, for it has brought nothing, and its heartbeat
   * is another one than those of the streams before.
   */
  until_stream: async (world: World, { stream, resumes_at }: { stream: number; resumes_at?: number }) => {
    const [first] = (await streamOf(world, stream)).requests;
    const before = world.scripted.streams.slice(0, stream).map(({ heartbeat }) => heartbeat);
    const isRight = first?.acknowledgedRevision === 0 && first.heartbeat > Math.max(0, ...before);
    if (first?.start?.resumeRevision !== resumes_at || !isRight) {
      throw new Error(`the first request of stream ${stream} must say what it goes on from: ${JSON.stringify(first)}`);
    }
  },

  /** The newest stream has another id than the first. */
  other_id: async ({ scripted }: World) => {
    const [first, newest] = [scripted.streams[0], scripted.streams.at(-1)].map((stream) => stream?.start?.verifierId);
    if (!first || !newest || first === newest) {
      throw new Error(`the newest stream must have another id: ${newest}`);
    }
  },

  until_acknowledged: async (world: World, { revision }: { revision: number }) => {
    await world.until(`revision ${revision} to be acknowledged`, async () => {
      const acknowledged = world.scripted.streams.at(-1)?.acknowledged ?? 0;
      return acknowledged >= revision || `${acknowledged}`;
    });
  },

  /** Heartbeats go on and grow. */
  until_heartbeats: async (world: World, { more }: { more: number }) => {
    const newest = () => world.scripted.streams.at(-1)?.heartbeat ?? 0;
    const before = newest();
    await world.until(`${more} heartbeats`, async () => newest() >= before + more || `${newest()}`);
  },

  /** A check that costs no call. */
  until_from_memory: async (world: World, { token }: { token: string }) => {
    await world.until('an answer from memory', async () => {
      const before = timesAsked(world, token);
      const answer = await world.check(world.token(token).text);
      return (said(answer) === 'active' && timesAsked(world, token) === before) || JSON.stringify(answer);
    });
  },

  /** A check that must be a call. */
  asks: async (world: World, { token, says }: { token: string; says: Said }) => {
    const before = timesAsked(world, token);
    const answer = await world.answered(world.token(token).text, says);
    if (said(answer) !== says || timesAsked(world, token) === before) {
      throw new Error(`a check must ask the server, and say ${says}: ${JSON.stringify(answer)}`);
    }
  },

  /** Every text of fixtures/tokens.json. Here each is live, so what is said tells who said it. */
  check_texts: async (world: World) => {
    for (const { name, token, sent } of TEXTS) {
      const answer = await world.answered(token, 'active');
      const isSent = world.scripted.calls.some((tokens) => tokens.includes(token));
      const isRight = sent === 'either' || isSent === (sent === 'always');
      if (!isRight || said(answer) !== (isSent ? 'active' : 'inactive')) {
        throw new Error(`${name} must be sent ${sent}, and was ${isSent ? '' : 'not '}sent: ${JSON.stringify(answer)}`);
      }
    }
  },

  /** How many calls there were since the last time. */
  calls: async ({ scripted }: World, { at_most }: { at_most: number }) => {
    const calls = scripted.calls.splice(0).length;
    if (calls > at_most) {
      throw new Error(`there were ${calls} calls, and ${at_most} may be`);
    }
  },
};

/** Once its first request is there. */
async function streamOf(world: World, index: number): Promise<ScriptedStream> {
  const { streams } = world.scripted;
  await world.until(`stream ${index}`, async () => streams[index]?.start !== undefined || `${streams.length} began`);
  return streams[index] as ScriptedStream;
}

function timesAsked(world: World, token: string): number {
  const { text } = world.token(token);
  return world.scripted.calls.filter((tokens) => tokens.includes(text)).length;
}

function targetOf(world: World, event: NonNullable<MessageStep['event']>) {
  const { token, family_id: familyId, subject_id: subjectId, client_id: clientId, all_of_tenant: isAll } = event;
  if (familyId !== undefined) {
    return { $case: 'familyId' as const, value: familyId };
  }
  if (token !== undefined) {
    return { $case: 'familyId' as const, value: `fm_${world.token(token).text}` };
  }
  if (subjectId !== undefined && clientId !== undefined) {
    return { $case: 'consent' as const, value: { subjectId, clientId } };
  }
  if (subjectId !== undefined) {
    return { $case: 'subjectId' as const, value: subjectId };
  }
  if (clientId !== undefined) {
    return { $case: 'clientId' as const, value: clientId };
  }
  return isAll === true ? { $case: 'allOfTenant' as const, value: {} } : undefined;
}

function retryDetails(ms: number | undefined): readonly [type: string, value: Uint8Array] | undefined {
  return ms === undefined ? undefined : ['RetryInfo', RetryInfo.encode({ retryDelay: spanOf(ms) }).finish()];
}

function spanOf(ms: number) {
  return { seconds: Math.floor(ms / 1_000), nanos: Math.round((ms % 1_000) * 1_000_000) };
}
