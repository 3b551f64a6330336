/** Every step that a scenario may have, by its `do`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientRole } from '../../../gen/ts/symbolon/v1/client_service.ts';
import { RevocationWait } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { tokensIn } from '../../issue-result.ts';
import type { DriverError } from '../driver.ts';
import type { Ending } from '../typescript/faults/ends.ts';
import { BARE_STEPS } from './bare-steps.ts';
import { BROWSER_STEPS } from './browser-steps.ts';
import { LOGIN_STEPS } from './login-steps.ts';
import { MAIN } from './logins.ts';
import { OTHER_DOORS } from './other-doors.ts';
import { expectAnswer, expectError, type Outcome } from './outcome.ts';
import { PERMIT_STEPS } from './permit-steps.ts';
import { SCRIPTED_STEPS, TEXTS } from './scripted-steps.ts';
import { WAYS } from './ways.ts';
import { said, type World } from './world.ts';

/** Longer than what an SDK has by itself: a machine that stands still for a moment is no finding. */
const TIMEOUT_MS = 20_000;
/** A thousand connections, on a machine that does much else. */
const MANY_PATIENCE_MS = 150_000;
const PASSWORD = 'correct horse battery';

interface OpenStep {
  readonly address?: string;
  readonly root_certificates?: 'own' | 'foreign';
  readonly client_secret?: string;
  readonly timeout_ms?: number;
  readonly max_entries?: number;
  readonly plaintext?: boolean;
  readonly says?: 'error';
  readonly code?: string;
}

const LINES: Readonly<Record<string, (world: World, delayMs: number) => void>> = {
  cut: ({ line }) => line.cut(),
  frozen: ({ line }) => line.freeze(),
  thawed: ({ line }) => line.thaw(),
  /** What was on its way is lost with its connections. */
  lost: ({ line }) => {
    line.thaw();
    line.cut();
  },
  slow: ({ line }, delayMs) => line.slow({ delayMs }),
  quick: ({ line }) => line.slow(undefined),
};

let count = 0;

/** Its whole family ends with it. */
function revoking(value: string): Ending['end'] {
  return (admin, wait) => admin.call('revoke', { target: { $case: 'token', value }, wait });
}

export const STEPS = {
  ...BARE_STEPS,
  ...BROWSER_STEPS,
  ...LOGIN_STEPS,
  ...OTHER_DOORS,
  ...PERMIT_STEPS,
  ...SCRIPTED_STEPS,

  /** Makes the verifier, at the server behind the line. */
  open: async (world: World, { says, code, address, root_certificates, ...options }: OpenStep) => {
    const pem = root_certificates && world.real.certificates?.[root_certificates];
    const answer = await world.driver.ask('open', {
      address: address ?? `127.0.0.1:${world.line.port}`,
      ...world.self,
      ...(pem === undefined ? {} : { root_certificates: pem }),
      timeout_ms: TIMEOUT_MS,
      ...options,
    });
    if ((says === 'error') !== (answer.error !== undefined) || answer.error?.code !== code) {
      throw new Error(`open answered ${JSON.stringify(answer)}`);
    }
  },

  close: (world: World) => world.ask('close'),

  /** The verifier becomes a client of its own, which nobody else needs. */
  own_client: async (world: World) => {
    const { client, clientSecret } = await world.admin.call('createClient', {
      tenantId: world.admin.tenantId,
      confidential: true,
      roles: [ClientRole.INTROSPECT],
    });
    world.identity = { client_id: client?.clientId ?? '', client_secret: clientSecret };
  },

  /** Its secret ends, and it gets another one, which the verifier does not know yet. */
  reset_secret: async (world: World) => {
    const { client_id: clientId } = world.self;
    const { clientSecret } = await world.admin.call('addClientSecret', { clientId, reset: true });
    world.identity = { client_id: clientId, client_secret: clientSecret };
  },

  /** It gets another secret beside the one that the verifier has. */
  add_secret: async (world: World) => {
    const { client_id: clientId } = world.self;
    const { client } = await world.admin.call('getClient', { clientId });
    world.firstSecret = client?.secrets[0]?.secretId;
    const { clientSecret } = await world.admin.call('addClientSecret', { clientId });
    world.identity = { client_id: clientId, client_secret: clientSecret };
  },

  /** Its first secret ends now. */
  expire_secret: async (world: World) => {
    const { client_id: clientId } = world.self;
    await world.admin.call('expireClientSecret', { clientId, secretId: world.firstSecret ?? '' });
  },

  use_client_secret: (world: World) => world.ask('use_client_secret', { client_secret: world.self.client_secret }),

  /** A token, and what will end it: one of `WAYS`. */
  issue: async (world: World, { token, ends_by = 'revoke' }: { token: string; ends_by?: string }) => {
    const made = await WAYS[ends_by]?.(world.admin);
    if (made === undefined) {
      throw new Error(`there is no way ${ends_by} to end a token`);
    }
    world.tokens.set(token, { text: made.token, end: made.end });
  },

  /** A token of a new user, with a refresh token; `expires_in_ms`: soon. */
  log_in: async (world: World, { token, expires_in_ms }: { token: string; expires_in_ms?: number }) => {
    const loginName = `s${++count}-${Math.trunc(performance.timeOrigin)}`;
    const { user } = await world.admin.call('registerUser', { loginName, password: PASSWORD });
    const credential = { $case: 'userPassword' as const, value: { username: loginName, password: PASSWORD } };
    const at = Date.now() + (expires_in_ms ?? 0);
    const expireTime = { seconds: Math.floor(at / 1_000), nanos: (at % 1_000) * 1_000_000 };
    const issued = await world.admin.call('issue', {
      credential,
      ...(expires_in_ms === undefined ? {} : { expireTime }),
    });
    const { accessToken = '', refreshToken = '' } = tokensIn(issued) ?? {};
    world.tokens.set(token, {
      text: accessToken,
      refreshToken,
      userId: user?.userId ?? '',
      end: revoking(accessToken),
    });
    if (expires_in_ms !== undefined) {
      world.judge.deniedFrom(accessToken, at);
    }
  },

  /** The other access token lives on in memory for as long as a minute. */
  refresh: async (world: World, { token, into }: { token: string; into: string }) => {
    const { refreshToken = '' } = world.token(token);
    const { tokens } = await world.admin.call('refresh', { refreshToken });
    const { accessToken: text = '', refreshToken: next = '' } = tokens ?? {};
    world.tokens.set(into, { text, refreshToken: next, end: revoking(text) });
  },

  /** Ends the token, by another client. `wait`: until no verifier takes it for live. */
  end: async (world: World, { token, wait = false }: { token: string; wait?: boolean }) => {
    const { text, end } = world.token(token);
    if (end === undefined) {
      throw new Error(`nothing was said of how ${token} ends`);
    }
    await end(world.admin, wait ? RevocationWait.VERIFIERS : RevocationWait.UNSPECIFIED);
    if (wait) {
      world.judge.deniedFrom(text);
    } else {
      world.judge.ended(text);
    }
  },

  /** Something else ended it just now; `at_once`: no check that begins from now on may say active. */
  ended: async (world: World, { token, at_once = false }: { token: string; at_once?: boolean }) => {
    const { text } = world.token(token);
    if (at_once) {
      world.judge.deniedFrom(text);
    } else {
      world.judge.ended(text);
    }
  },

  disable_self: async (world: World) => {
    await world.admin.call('disableClient', { clientId: world.self.client_id });
  },

  enable_self: async (world: World) => {
    await world.admin.call('enableClient', { clientId: world.self.client_id });
  },

  check: async (world: World, { token, text, ...outcome }: { token?: string; text?: string } & Outcome) => {
    expectAnswer(await world.answered(text ?? world.token(token ?? '').text, outcome.says), world.filled(outcome));
  },

  /** No text of fixtures/tokens.json is live at a server that did not issue it. */
  texts_of_nobody: async (world: World) => {
    for (const { token } of TEXTS) {
      expectAnswer(await world.answered(token, 'inactive'), { says: 'inactive' });
    }
  },

  /** Checks until it is said. */
  until: async (world: World, { token, ...outcome }: { token: string } & Outcome) => {
    const { text } = world.token(token);
    await world.until(`${token} to be ${outcome.says}`, async () => {
      const answer = await world.check(text);
      if (said(answer) !== outcome.says) {
        return JSON.stringify(answer);
      }
      expectAnswer(answer, world.filled(outcome));
      return true;
    });
  },

  /** Checks all of them for a while, whatever is said within the bound. */
  keep_checking: async (world: World, { tokens, for_ms }: { tokens: readonly string[]; for_ms: number }) => {
    const end = performance.now() + for_ms;
    await world.until('the time to pass', async () => {
      // Not one after the other: a check that waits for an answer would keep the others from being made.
      await Promise.all(tokens.map((name) => world.check(world.token(name).text)));
      return performance.now() > end || 'not yet';
    });
  },

  /** All at once. Where the server could not be asked they are made again. */
  check_many: async (world: World, { token, times, ...expected }: { token: string; times: number }) => {
    const all = { active: 0, inactive: 0, errors: 0, ...expected };
    await world.until(`${JSON.stringify(all)}`, async () => {
      const answer = await world.ask('check_many', { token: world.token(token).text, times });
      const { active, inactive, errors } = answer;
      if (errors === 0 && (active as number) > 0) {
        world.judge.saidActive(world.token(token).text, answer.began_ms as number);
      }
      return JSON.stringify({ active, inactive, errors }) === JSON.stringify(all) || JSON.stringify(answer);
    });
  },

  /** With a verifier for each check, straight at the server, and none of them is closed. None may lie, and none may hang. */
  check_anew: async (world: World, { token, times }: { token: string; times: number }) => {
    const { text } = world.token(token);
    const address = `127.0.0.1:${world.real.port}`;
    const fields = { address, ...world.self, timeout_ms: 2_000, token: text, times };
    const answer = await world.driver.begin('check_anew', fields, MANY_PATIENCE_MS).answer;
    const { active, inactive, errors, failed_with: error } = answer as { [name: string]: unknown };
    if (inactive !== 0 || (active as number) + (errors as number) !== times) {
      throw new Error(`each of ${times} checks must say active, or fail: ${JSON.stringify(answer)}`);
    }
    if (error !== undefined) {
      expectError({ id: 0, error: error as DriverError }, { retryable: true });
    }
  },

  until_state: async (world: World, expected: { open?: boolean; size?: number }) => {
    await world.until(JSON.stringify(expected), async () => {
      const { open, size } = await world.ask('state');
      const isSo = open === (expected.open ?? open) && size === (expected.size ?? size);
      return isSo || JSON.stringify({ open, size });
    });
  },

  /** All of them are live, and memory has them. */
  until_kept: async (world: World, { tokens }: { tokens: readonly string[] }) => {
    await world.until(`${tokens.join(' and ')} to be kept`, async () => {
      const answers = await Promise.all(tokens.map((name) => world.check(world.token(name).text)));
      const { open, size } = await world.ask('state');
      const isSo = answers.every((answer) => said(answer) === 'active') && open === true;
      return (isSo && (size as number) >= tokens.length) || JSON.stringify({ answers, open, size });
    });
  },

  line: async (world: World, { is, delay_ms = 0 }: { is: string; delay_ms?: number }) => LINES[is]?.(world, delay_ms),

  /** Ends nothing by itself: what is waited for is told by other steps. */
  pass: async (_world: World, { ms }: { ms: number }) => sleep(ms),

  kill_server: (world: World) => world.real.kill(),

  start_server: async (world: World) => {
    await world.real.start();
    world.moveToServer();
  },

  back_up: (world: World) => world.real.backUp(),

  restore: (world: World) => world.real.restore(),

  /** `in`: another process than the one that there always is. */
  shift_clock: async (
    world: World,
    { wall_ms = 0, monotonic_ms = 0, in: process = MAIN }: { wall_ms?: number; monotonic_ms?: number; in?: string },
  ) => {
    const fields = { wall_ms, monotonic_ms };
    await (world.logins?.ask(process, 'shift_clock', fields) ?? world.ask('shift_clock', fields));
  },

  /** At the end of stdin, whatever is under way. */
  end_driver: async (world: World) => {
    const { code, tookMs } = await world.driver.end();
    if (code !== 0 || tookMs > 10_000) {
      throw new Error(`the driver ended with ${code} after ${Math.round(tookMs)} ms\n${world.driver.stderr}`);
    }
  },
};
