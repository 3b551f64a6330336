/** Steps that the driver takes by the bare client of its SDK, at the server behind the line. */
import { expectError, type Outcome } from './outcome.ts';
import type { World } from './world.ts';

type Failing = Pick<Outcome, 'code' | 'reason' | 'retryable' | 'message'>;

interface CallStep extends Failing {
  readonly timeout_ms?: number;
}

/** Asks, and answers nothing where it failed as it had to. */
async function call(world: World, op: string, fields: object, { code, reason, retryable, message }: Failing) {
  if (code === undefined) {
    return world.ask(op, fields);
  }
  const answer = await world.driver.ask(op, fields);
  expectError(answer, { code, reason, retryable, message });
  return undefined;
}

export const BARE_STEPS = {
  /** The tokens of the demo's user, or of the verifier's own client. */
  bare_issue: async (
    world: World,
    {
      token,
      of,
      timeout_ms,
      password,
      ...failing
    }: CallStep & { token?: string; of: 'user' | 'self'; password?: string },
  ) => {
    const credential =
      of === 'self' ? world.self : { username: world.user.login_name, password: password ?? world.user.password };
    const answer = await call(world, 'issue', { ...credential, timeout_ms }, failing);
    if (answer !== undefined && token !== undefined) {
      world.tokens.set(token, tokensOf(answer));
    }
  },

  bare_refresh: async (
    world: World,
    { token, into, timeout_ms, ...failing }: CallStep & { token: string; into: string },
  ) => {
    const refresh_token = world.token(token).refreshToken;
    const answer = await call(world, 'refresh', { refresh_token, timeout_ms }, failing);
    if (answer !== undefined) {
      world.tokens.set(into, tokensOf(answer));
    }
  },

  bare_revoke: async (world: World, { token, timeout_ms, ...failing }: CallStep & { token: string }) => {
    const { text } = world.token(token);
    const answer = await call(world, 'revoke', { token: text, timeout_ms }, failing);
    if (answer !== undefined) {
      world.judge.ended(text);
    }
  },

  bare_introspect: async (
    world: World,
    { token, says, timeout_ms, ...failing }: CallStep & { token: string; says?: string },
  ) => {
    const fields = { token: world.token(token).text, timeout_ms };
    const answer = await call(world, 'introspect', fields, failing);
    const said = answer?.active === true ? 'active' : 'inactive';
    if (answer !== undefined && said !== says) {
      throw new Error(`introspect must say ${says}: ${JSON.stringify(answer)}`);
    }
  },

  /** Gives up a call whose answer is on its way: it fails at once, the server is told, and nobody repeats it. */
  bare_cancel: async (world: World, { token }: { token: string }) => {
    const { driver, scripted } = world;
    const before = scripted.bareCalls.length;
    const { id, answer } = driver.begin('introspect', { token: world.token(token).text });
    answer.catch(() => undefined);
    await world.until('the call', async () => scripted.bareCalls.length > before || 'none yet');
    const { unsupported } = await driver.ask('cancel', { request: id });
    if (unsupported !== true) {
      expectError(await answer, { code: 'CANCELLED', retryable: false });
      await world.until('the server to be told', async () => scripted.cancelled === 1 || `${scripted.cancelled}`);
      await BARE_STEPS.bare_calls(world, { are: before + 1 });
    }
  },

  /** So many calls of the bare client fail at the scripted server, and then none. */
  refuse_calls: async ({ scripted }: World, { first }: { first: number }) => {
    scripted.refused = first;
  },

  /** As many came there, of whichever method. */
  bare_calls: async ({ scripted }: World, { are }: { are: number }) => {
    if (scripted.bareCalls.length !== are) {
      throw new Error(`there must be ${are} calls: ${scripted.bareCalls}`);
    }
  },

  /** Where there are forks: the child must not take for its own what its parent had. */
  fork: async (world: World, { token }: { token: string }) => {
    const answer = await world.driver.ask('fork', { token: world.token(token).text });
    const isRight = answer.unsupported === true || (answer.child_was_open === false && answer.active === true);
    if (!isRight) {
      throw new Error(`the child must not be open, and must ask: ${JSON.stringify(answer)}`);
    }
  },
};

function tokensOf({ access_token: text, refresh_token: refreshToken }: Readonly<Record<string, unknown>>) {
  if (typeof text !== 'string' || text === '') {
    throw new Error('the answer holds no access token');
  }
  return { text, ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refreshToken } : {}) };
}
