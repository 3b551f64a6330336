/** One run: throws at the first answer that must not be. */
import type { Action, Plan } from './plan.ts';
import { Server, type ServerFaults } from './server.ts';
import type { Token } from './tokens.ts';
import { type Core, Verifier } from './verifier.ts';
import { World } from './world.ts';

const SETTLED_MS = 3_500;

/** What a mutant calls to do something in a second step. */
declare global {
  var symbolonLater: ((run: () => void) => void) | undefined;
}

export interface Options {
  readonly faults?: ServerFaults;
  /** Looks into the cache as well (P4): most of what is wrong shows there before a check says what it must not. */
  readonly inspects: boolean;
}

/** How many checks were answered from memory. */
export function run(plan: Plan, core: Core, { faults = {}, inspects }: Options): number {
  const world = new World(plan.delays);
  globalThis.symbolonLater = (later) => world.after(Math.max(1, world.delay()), later);
  const server = new Server(world, plan, faults);
  for (let index = 0; index < 4; index += 1) {
    issue(server, world, index, 100_000);
  }
  const verifiers = [0, 1].map((index) => new Verifier(world, server, plan, core, index));
  world.watch = () => {
    for (const token of server.tokens) {
      for (const verifier of verifiers) {
        verifier.probe(token);
        if (inspects) {
          verifier.inspect(token);
        }
      }
    }
  };
  for (const token of server.tokens) {
    for (const verifier of verifiers) {
      verifier.lookUp(token);
    }
  }
  // Late enough for most to be open.
  let at = 60;
  for (const { after, action } of plan.actions) {
    at += after;
    world.at(at, () => act(action, plan, world, server, verifiers));
  }
  world.runUntil(at + SETTLED_MS);
  globalThis.symbolonLater = undefined;
  return verifiers.reduce((sum, { hits }) => sum + hits, 0);
}

function issue(server: Server, world: World, index: number, lifeMs: number): void {
  const ids = {
    familyId: `f${server.tokens.length}`,
    subjectId: `s${index % 2}`,
    clientId: `c${Math.floor(index / 2) % 2}`,
  };
  server.tokens.push({ ...ids, token: `token ${server.tokens.length}`, expiresAt: world.now + lifeMs });
}

function act(action: Action, plan: Plan, world: World, server: Server, verifiers: readonly Verifier[]): void {
  // Those that live are of interest, while there are some.
  const living = server.tokens.filter(({ endedAt, replacedAt }) => endedAt === undefined && replacedAt === undefined);
  const tokens = living.length > 0 ? living : server.tokens;
  const tokenAt = (index: number): Token => tokens[index % tokens.length] as Token;
  switch (action.kind) {
    case 'look up':
      verifiers[action.verifier]?.lookUp(tokenAt(action.token));
      break;
    case 'revoke':
      server.revoke(action.scope, tokenAt(action.token), action.waits);
      break;
    case 'cut':
      verifiers[action.verifier]?.cut(action.isServerFirst);
      break;
    case 'crash':
      for (const stream of server.crash(action.member % plan.members)) {
        for (const verifier of verifiers) {
          verifier.lose(stream);
        }
      }
      break;
    case 'purge':
      server.purge();
      break;
    case 'leap':
      server.leap();
      break;
    case 'refresh':
      tokenAt(action.token).replacedAt ??= world.now;
      break;
    case 'issue':
      issue(server, world, action.token, action.lifeMs);
      for (const verifier of verifiers) {
        verifier.lookUp(server.tokens.at(-1) as Token);
      }
      break;
    case 'clock':
      if (plan.clocks === 'sleep') {
        verifiers[action.verifier]?.sleep(Math.abs(action.ms));
      } else {
        verifiers[action.verifier]?.step(action.ms);
      }
      break;
  }
}
