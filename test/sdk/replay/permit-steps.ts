/** Whether bearers of tokens may do something: questions that a service asks its verifier. */
import { AccessReason } from '../../../gen/ts/symbolon/v1/access_service.ts';
import type { Answer } from '../driver.ts';
import { loginsOf } from './login-ops.ts';
import { expectError, type Outcome } from './outcome.ts';
import { difference } from './values.ts';
import type { Question, World } from './world.ts';

/** What a scenario calls an answer. */
type Says = 'allowed' | 'denied' | 'error';

interface PermitStep extends Omit<Outcome, 'says' | 'reason'> {
  readonly question: string;
  readonly says: Says;
  readonly reason?: string;
  readonly user_id?: string;
}

interface AccessStep {
  readonly allowed?: boolean;
  /** Where it is not allowed. */
  readonly reason?: keyof typeof AccessReason;
  readonly user_id?: string;
  readonly time_to_live_ms?: number;
  readonly live?: boolean;
  readonly subject_id?: string;
  readonly client_id?: string;
  readonly family_id?: string;
  readonly revision?: number;
}

export const PERMIT_STEPS = {
  /** A question that later steps name: a token, a permission, and perhaps a user or a device. */
  question: async (world: World, { as, ...question }: { as: string } & Question) => {
    world.questions.set(as, world.filled(question));
  },

  permit: async (world: World, { question, ...expected }: PermitStep) => {
    expectAccess(world, await world.permitAnswered(question, expected.says), expected);
  },

  until_permit: async (world: World, { question, ...expected }: PermitStep) => {
    await world.until(`${question} to be ${expected.says}`, async () => {
      const answer = await world.permit(question);
      if (saidOf(answer) !== expected.says) {
        return JSON.stringify(answer);
      }
      expectAccess(world, answer, expected);
      return true;
    });
  },

  /** Asks for a while, whatever is said within the bound. */
  keep_asking: async (world: World, { questions, for_ms }: { questions: readonly string[]; for_ms: number }) => {
    const end = performance.now() + for_ms;
    await world.until('the time to pass', async () => {
      await Promise.all(questions.map((name) => world.permit(name)));
      return performance.now() > end || 'not yet';
    });
  },

  /** Who runs the tenant ends by this what these questions were allowed. */
  end_permit: async (world: World, { does, to, ends }: { does: string; to: string; ends: readonly string[] }) => {
    const { tenant, values } = loginsOf(world);
    await tenant.end(does, String(values.filled(to)));
    world.judgeEnded(ends);
  },

  /** What questions are answered from now on, by a server that is played by hand. */
  access_with: async ({ scripted }: World, step: AccessStep) => {
    const {
      allowed = true,
      reason = 'SCOPE_MISSING',
      user_id: userId = '',
      time_to_live_ms: ttl = 10_000,
      revision,
    } = step;
    const { live = true, subject_id: subjectId, client_id: clientId, family_id: familyId } = step;
    scripted.access = {
      ...{ allowed, reason: AccessReason[allowed ? 'ALLOWED' : reason], userId },
      ...{ timeToLive: { seconds: Math.floor(ttl / 1_000), nanos: (ttl % 1_000) * 1_000_000 } },
    };
    scripted.live = live
      ? {
          ...(subjectId === undefined ? {} : { subjectId }),
          ...(clientId === undefined ? {} : { clientId }),
          ...(familyId === undefined ? {} : { familyId }),
        }
      : undefined;
    scripted.revision = revision ?? scripted.revision;
  },

  /** An answer that must be a call. */
  asks_permit: async (world: World, { question, ...expected }: PermitStep) => {
    const before = world.scripted.accessAsked;
    const answer = await world.permitAnswered(question, expected.says);
    if (world.scripted.accessAsked === before) {
      throw new Error(`a question must ask the server: ${JSON.stringify(answer)}`);
    }
    expectAccess(world, answer, expected);
  },

  /** An answer that costs no call. */
  until_permit_from_memory: async (world: World, { question }: { question: string }) => {
    await world.until('an answer from memory', async () => {
      const before = world.scripted.accessAsked;
      const answer = await world.permit(question);
      return (saidOf(answer) === 'allowed' && world.scripted.accessAsked === before) || JSON.stringify(answer);
    });
  },

  /** A question that is not waited for, and that the server has. */
  begin_permit: async (world: World, { question, as }: { question: string; as: string }) => {
    const before = world.scripted.accessAsked;
    world.begun.set(as, [world.beginPermit(question)]);
    await world.until('the question to be a call', async () => world.scripted.accessAsked > before || 'none yet');
  },

  finish_permit: async (world: World, { as, says }: { as: string; says: Says }) => {
    for (const { answer } of world.begun.get(as) ?? []) {
      expectAccess(world, await answer, { says });
    }
  },
};

/** @throws where it is no answer to a question */
export function saidOf({ allowed, error, reason }: Answer): Says {
  if (error !== undefined) {
    return 'error';
  }
  if (typeof allowed !== 'boolean' || typeof reason !== 'string' || (reason === 'ALLOWED') !== allowed) {
    throw new Error(`the answer must be allowed or not, and say why: ${JSON.stringify({ allowed, reason })}`);
  }
  return allowed ? 'allowed' : 'denied';
}

function expectAccess(
  world: World,
  answer: Answer,
  { says, reason, caller, user_id, ...failing }: Omit<PermitStep, 'question'>,
) {
  if (saidOf(answer) !== says) {
    throw new Error(`the answer must be ${says}: ${JSON.stringify(answer)}`);
  }
  if (says === 'error') {
    expectError(answer, { ...failing, reason });
    return;
  }
  const expected = {
    ...(reason === undefined ? {} : { reason }),
    ...(caller === undefined ? {} : { caller }),
    ...(user_id === undefined ? {} : { user_id }),
  };
  const differs = difference(world.filled(expected), answer);
  if (differs !== undefined) {
    throw new Error(`${differs}: ${JSON.stringify(answer)}`);
  }
}
