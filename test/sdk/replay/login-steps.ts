/** What happens to logins from outside: who they are of, what is done elsewhere, and what becomes of calls on their way. */

import type { Mishap } from './gate.ts';
import { LOGIN_OPS, loginsOf } from './login-ops.ts';
import { Logins, MAIN } from './logins.ts';
import { STORE_STEPS } from './store-steps.ts';
import type { Policy } from './tenant.ts';
import { publicMetadata } from './tenant.ts';
import { difference } from './values.ts';
import type { World } from './world.ts';

export const LOGIN_STEPS = {
  ...LOGIN_OPS,
  ...STORE_STEPS,

  /** Before all other steps of logins. */
  tenant: async (world: World, policy: Policy) => {
    world.logins = await Logins.make(world, policy);
  },

  /** A user `as` that name, whose values are `$name.password` and so on. */
  user: async (
    world: World,
    { as, verified = [], second_factor = false }: { as: string; verified?: string[]; second_factor?: boolean },
  ) => {
    const { tenant, values } = loginsOf(world);
    values.set(as, await tenant.user(as, { verified, secondFactor: second_factor }));
  },

  device: async (world: World, { as }: { as: string }) => {
    const { tenant, values } = loginsOf(world);
    values.set(as, await tenant.device(as));
  },

  /** An app that is opened and in which a user signs in. */
  app: async (world: World, { user, ...open }: { user: string; login?: string; in?: string; store?: string }) => {
    await LOGIN_OPS.login_open(world, open);
    const { store: _, ...where } = open;
    const person = { username: `$${user}.login_name`, password: `$${user}.password` };
    await LOGIN_OPS.sign_in(world, { ...where, as: 'user', ...person });
  },

  finish: async (world: World, { what }: { what: string }) => loginsOf(world).begun.get(what)?.played,

  /** Gives up what was begun. `finish` tells what it failed with. */
  give_up: async (world: World, { what, in: process = MAIN }: { what: string; in?: string }) => {
    const logins = loginsOf(world);
    await logins.ask(process, 'cancel', { request: logins.begun.get(what)?.id });
  },

  /** By an admin, and another app. */
  elsewhere: async (world: World, { does, to }: { does: string; to: string }) => {
    const { tenant, values } = loginsOf(world);
    await tenant.end(does, String(values.filled(to)));
  },

  /** Somebody refreshed what was exported, and the answer was lost: the access token is dead, and the same refresh brings the next pair. */
  refresh_elsewhere: async (world: World, { text }: { text: string }) => {
    const { tenant, values } = loginsOf(world);
    const { refresh_token: refreshToken } = JSON.parse(String(values.filled(text))) as {
      readonly refresh_token: string;
    };
    await tenant.admin.call('refresh', { refreshToken }, publicMetadata(tenant.id));
  },

  switch_refresh_off: async (world: World) => {
    const policy = { refreshEnabled: false };
    await loginsOf(world).tenant.admin.call('updateTenant', { policy, updateMask: ['policy.refresh_enabled'] });
  },

  replace_secret: async (world: World) => loginsOf(world).tenant.replaceSecret(),

  /** The server is asked about an access token, and the judge is not. */
  at_server: async (world: World, { token, is }: { token: string; is: 'live' | 'dead' }) => {
    const { tenant, values } = loginsOf(world);
    await world.until(`${token} to be ${is}`, async () => {
      const isLive = await tenant.isLive(String(values.filled(token)));
      return (is === 'live') === isLive || `it is ${isLive ? 'live' : 'dead'}`;
    });
  },

  /** As many live logins are there of a user, a device or a client, as an admin sees it. */
  logins_of: async (
    world: World,
    { are, keep, ...whom }: { are: number; keep?: string; user?: string; device?: string; client?: string },
  ) => {
    const { tenant, values } = loginsOf(world);
    const [[kind, id] = ['user', '']] = Object.entries(whom);
    const families = await tenant.logins(kind as 'user', String(values.filled(id)));
    if (families.length !== are) {
      throw new Error(`there must be ${are} logins: ${JSON.stringify(families)}`);
    }
    if (keep !== undefined) {
      values.set(keep, families[0]?.familyId);
    }
  },

  /** The same once it is so: logins whose time is over end by themselves. */
  until_logins_of: async (world: World, { user, are }: { user: string; are: number }) => {
    const { tenant, values } = loginsOf(world);
    await world.until(`${are} logins`, async () => {
      const { length } = await tenant.logins('user', String(values.filled(user)));
      return length === are || `there are ${length}`;
    });
  },

  users_of_tenant: async (world: World, { are }: { are: number }) => {
    const { users } = await loginsOf(world).tenant.admin.call('listUsers', {});
    if (users.length !== are) {
      throw new Error(`the tenant must have ${are} users, and has ${users.length}`);
    }
  },

  owners_of: async (world: World, { device, are }: { device: string; are: readonly string[] }) => {
    const { tenant, values } = loginsOf(world);
    const named = { device: { $case: 'deviceId' as const, value: String(values.filled(device)) } };
    const { device: found } = await tenant.admin.call('getDevice', { device: named });
    const differs = difference(values.filled(are), found?.ownerIds);
    if (differs !== undefined) {
      throw new Error(`the owners are others: ${differs}`);
    }
  },

  /** Of a method, so many calls came to the gate. */
  calls_of: async (world: World, { method, are, at_most }: { method: string; are?: number; at_most?: number }) => {
    const came = loginsOf(world).gate.arrived(method);
    if (came !== (are ?? came) || came > (at_most ?? came)) {
      throw new Error(`there were ${came} calls of ${method}, and there must be ${are ?? `at most ${at_most}`}`);
    }
  },

  until_called: async (world: World, { method, times = 1 }: { method: string; times?: number }) => {
    const { gate } = loginsOf(world);
    await world.until(`${times} calls of ${method}`, async () => {
      const came = gate.arrived(method);
      return came >= times || `${came} came`;
    });
  },

  until_answered: async (world: World, { method, times = 1 }: { method: string; times?: number }) => {
    const { gate } = loginsOf(world);
    await world.until(`${times} answers of ${method}`, async () => {
      const answered = gate.answered(method);
      return answered >= times || `${answered} were given`;
    });
  },

  /** What becomes of the next calls of a method. */
  mishap: async (world: World, { to, does, times = 1 }: { to: string; does: Mishap; times?: number }) =>
    loginsOf(world).gate.order(to, does, times),

  /** All is well again with calls and their answers. */
  release: async (world: World) => loginsOf(world).gate.release(),

  server: async (world: World, { is }: { is: 'away' | 'back' }) => {
    loginsOf(world).gate.isAway = is === 'away';
  },

  /** What hangs on the token of the moment. `refuses`: every call, whatever its token. */
  guard: async (world: World, { as, refuses = false }: { as: string; refuses?: boolean }) =>
    loginsOf(world).guard(as, refuses),

  guard_saw: async (world: World, { guard, calls }: { guard: string; calls: number }) => {
    const tokens = loginsOf(world).guards.get(guard)?.tokens ?? [];
    if (tokens.length !== calls) {
      throw new Error(`${guard} must have seen ${calls} calls: it saw ${tokens.length}`);
    }
  },

  /** The next code that is sent to an address. */
  code: async (world: World, { to, keep }: { to: string; keep: string }) => {
    const { readCodes, values } = loginsOf(world);
    const address = String(values.filled(to));
    const read = readCodes.get(address) ?? 0;
    await world.until(`a code for ${address}`, async () => world.real.codesFor(address).length > read || 'none yet');
    values.set(keep, world.real.codesFor(address)[read]);
    readCodes.set(address, read + 1);
  },

  /** None of these is another one. */
  differ: async (world: World, { these }: { these: readonly string[] }) => {
    const texts = loginsOf(world).values.filled(these);
    if (new Set(texts).size !== texts.length) {
      throw new Error('they must all be different');
    }
  },

  /** Two values that were kept. */
  same: async (world: World, { these }: { these: readonly [string, string] }) => {
    const [one, other] = loginsOf(world).values.filled(these);
    if (difference(one, other) !== undefined) {
      throw new Error('they must be the same');
    }
  },

  kill_process: async (world: World, { process = MAIN }: { process?: string }) => loginsOf(world).kill(process),
};
