/** Sixteen clients on few logins at once, until every login had its share of calls; then each login is brought to its end. */
import { randomUUID } from 'node:crypto';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { Chance } from '../../bench/scale/random.ts';
import { callMethod } from '../grpc/methods/bed.ts';
import type { Nodes } from '../nodes/cluster.ts';
import { basic } from '../process/grpc-client.ts';
import { eventually, untilLeased } from '../process/program.ts';
import { type Answered, Caller } from './caller.ts';
import { type Asked, type Operation, type Output, type Pair, Recorder } from './history.ts';
import {
  ANSWERED,
  type Fate,
  type Login,
  pick,
  someAsked,
  someDanger,
  someDoubts,
  someFate,
  someRevoke,
  type User,
} from './program.ts';

const CLIENTS = 16;
/** Logins that clients call about at the same time. */
const AT_ONCE = 3;
const CALLS_A_LOGIN = 80;
/** About every other login: most live to see the end, where it is asked what can be asked of one client alone. */
const FEW_CALLS = 6;
/** What is dead must stay dead for so many more. */
const CALLS_AFTER_DEATH = 12;

/** What lies between a client and the nodes; tests put faults here. */
export type Send = (login: Login, asked: Asked, node: number, fate: Fate) => Promise<Answered | undefined>;

export interface PlayOptions {
  readonly seed: number;
  readonly logins: number;
  /** Few calls about each login, all of which are answered. */
  readonly calm?: boolean;
  /** Kills a node in the middle, and starts it again. */
  readonly kill?: boolean;
  /** What a client sends by, given what would be right. */
  readonly through?: (send: Send) => Send;
}

export interface Played {
  readonly history: readonly Operation[];
  /** The calls after all clients were done, of which never two are under way about one login. */
  readonly endings: readonly Operation[];
}

export async function play(nodes: Nodes, options: PlayOptions): Promise<Played> {
  await using game = await Game.open(nodes, options);
  const clients = Array.from({ length: CLIENTS }, (_, i) => game.runClient(i));
  await Promise.all([...clients, ...(options.kill === true ? [game.killOne()] : [])]);
  const begun = game.recorder.history.length;
  await game.end();
  const { history } = game.recorder;
  return { history, endings: history.slice(begun) };
}

class Game implements AsyncDisposable {
  readonly recorder = new Recorder();
  readonly #nodes: Nodes;
  readonly #options: PlayOptions;
  readonly #logins: Login[] = [];
  readonly #callers: Caller[] = [];
  readonly #sends: Send[] = [];
  readonly #isUp: boolean[];
  /** Resolve when the first half of the logins had their calls, and when the node is back that was killed then. */
  readonly #half = Promise.withResolvers<void>();
  readonly #restarted = Promise.withResolvers<void>();

  private constructor(nodes: Nodes, options: PlayOptions) {
    this.#nodes = nodes;
    this.#options = options;
    this.#isUp = nodes.servers.map(() => true);
  }

  static async open(nodes: Nodes, options: PlayOptions): Promise<Game> {
    const game = new Game(nodes, options);
    for (let i = 0; i <= CLIENTS; i++) {
      const caller = await Caller.open(nodes.addresses, game.recorder, nodes.demo);
      const send: Send = (...call) => caller.call(...call);
      game.#callers.push(caller);
      game.#sends.push(options.through?.(send) ?? send);
    }
    const chance = new Chance(options.seed);
    const { logins, calm = false } = options;
    for (let index = 0; index < logins; index++) {
      const user = index % 3 === 2 ? null : await registerUser(nodes);
      const [danger, doubts] = [someDanger(chance), calm ? 0 : someDoubts(chance)];
      const calls = calm || index % 4 >= 2 ? FEW_CALLS : CALLS_A_LOGIN;
      const login = { index, user, requestId: randomUUID(), pairs: [], danger, calls };
      game.#logins.push({ ...login, started: 0, refreshing: 0, doubts });
    }
    return game;
  }

  async runClient(client: number): Promise<void> {
    const chance = new Chance(this.#options.seed * 1_000 + client + 1);
    for (;;) {
      const open = this.#logins.filter(({ started, calls }) => started < calls).slice(0, AT_ONCE);
      if (open.length === 0) {
        return;
      }
      const login = pick(chance, open);
      login.started += 1;
      if (login.index >= this.#logins.length / 2) {
        this.#half.resolve();
      }
      await this.#call(client, login, someAsked(chance, login), chance, someFate(chance, login));
    }
  }

  /** SIGKILL in the middle of all calls. Nobody calls a node that is known to be down. */
  async killOne(): Promise<void> {
    await this.#half.promise;
    const victim = this.#options.seed % this.#nodes.servers.length;
    this.#isUp[victim] = false;
    await this.#nodes.servers[victim]?.kill();
    await this.#nodes.restart(victim);
    for (const caller of this.#callers) {
      caller.moved(victim, this.#nodes.addresses[victim] as string);
    }
    this.#isUp[victim] = true;
    this.#restarted.resolve();
  }

  /** What was unknown is settled, the repeat of the last refresh must come to its end, and what is dead must be so on all nodes. */
  async end(): Promise<void> {
    const chance = new Chance(this.#options.seed);
    await Promise.all(this.#logins.map((login) => this.#endOne(login, chance)));
  }

  async #endOne(login: Login, chance: Chance): Promise<void> {
    const ask = (asked: Asked, node?: number) => this.#call(CLIENTS, login, asked, chance, ANSWERED, node);
    if (login.user !== null) {
      await ask({ kind: 'enable' });
    }
    const before = login.pairs.at(-1) ?? (await ask({ kind: 'issue' }))?.pair;
    if (before === undefined) {
      return;
    }
    await ask({ kind: 'refresh', pair: before });
    const last = login.pairs.at(-1) as Pair;
    const introspectEverywhere = async () => {
      for (const node of this.#nodes.servers.keys()) {
        await ask({ kind: 'introspect', pair: last }, node);
      }
    };
    await introspectEverywhere();
    if (login.index % 2 === 0) {
      await eventually(`the end of a repeat whose pair was used (seed ${this.#options.seed})`, async () => {
        await ask({ kind: 'introspect', pair: last });
        return (await ask({ kind: 'refresh', pair: before }))?.output.kind === 'refused';
      });
    } else {
      // By an old token that nothing but its tag proves, or by any name of the current pair.
      const oldest = { kind: 'revoke', pair: login.pairs[0] as Pair, by: 'access token' } as const;
      await ask(login.index % 8 === 3 ? oldest : someRevoke(chance, last));
    }
    await introspectEverywhere();
    await ask({ kind: 'refresh', pair: last });
    await ask({ kind: 'issue' });
  }

  async #call(
    client: number,
    login: Login,
    asked: Asked,
    chance: Chance,
    fate: Fate,
    node?: number,
  ): Promise<{ readonly output: Output; readonly pair?: Pair } | undefined> {
    const to = node ?? pick(chance, await this.#up());
    const send = this.#sends[client] as Send;
    login.refreshing += asked.kind === 'refresh' ? 1 : 0;
    const end = this.recorder.begin(client, login.index, asked);
    const answered = await send(login, asked, to, fate);
    end(answered?.output);
    login.refreshing -= asked.kind === 'refresh' ? 1 : 0;
    if (answered?.pair !== undefined) {
      know(login, answered.pair);
    }
    if (login.pairs.length > 0 && hasEnded(asked, answered)) {
      login.calls = Math.min(login.calls, login.started + CALLS_AFTER_DEATH);
    }
    return answered;
  }

  async #up(): Promise<readonly number[]> {
    if (!this.#isUp.includes(true)) {
      await this.#restarted.promise;
    }
    return [...this.#isUp.keys()].filter((node) => this.#isUp[node]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#callers.map((caller) => caller[Symbol.asyncDispose]()));
  }
}

function know(login: Login, pair: Pair): void {
  if (!login.pairs.some((known) => known.pair === pair.pair)) {
    login.pairs.push(pair);
    login.pairs.sort((one, other) => one.generation - other.generation);
  }
}

/** Whether the login is dead, now that this was answered. */
function hasEnded(asked: Asked, answered: Answered | undefined): boolean {
  const isEnd = answered?.output.kind === 'done' && asked.kind !== 'enable';
  return isEnd || answered?.output.kind === 'refused';
}

async function registerUser({ demo, addresses }: Nodes): Promise<User> {
  const client = new Client(addresses[0] as string, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', basic(demo.admin.client_id, demo.admin.client_secret));
  const username = `u${randomUUID()}`;
  const password = 'password';
  const { user } = await untilLeased(() =>
    callMethod(client, 'registerUser', { loginName: username, password }, metadata),
  );
  client.close();
  return { userId: user?.userId ?? '', username, password };
}
