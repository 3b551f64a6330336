/**
 * A network of its own: a switch, a port of it for the machine of the tests, and one for each node. The switch is in a namespace
 * too, for there the machine's firewall has no say; Docker's would drop what passes.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { run } from './tools.ts';

const ATTEMPTS = 50;
const FIRST_NODE = 11;

export interface Plan {
  /** The link of this machine into the network. */
  readonly link: string;
  readonly switchNamespace: string;
  /** The first three bytes of all addresses. */
  readonly prefix: string;
  readonly nodes: readonly string[];
}

/** Names and addresses that nobody has here. Nothing is made yet, so that what cleans up can know of them before they exist. */
export function planNetwork(nodes: readonly string[]): Plan {
  const link = `sym${randomBytes(4).toString('hex')}`;
  return { link, switchNamespace: `${link}-switch`, prefix: freePrefix(), nodes };
}

function freePrefix(): string {
  const taken = must('-4', 'address', 'show') + must('-4', 'route', 'show', 'table', 'all');
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const prefix = `10.${randomInt(1, 255)}.${randomInt(0, 256)}`;
    if (!taken.includes(`${prefix}.`)) {
      return prefix;
    }
  }
  throw new Error('found no private network that is not in use');
}

function must(...args: string[]): string {
  const { status, stdout, stderr } = run('ip', ...args);
  if (status !== 0) {
    throw new Error(`ip ${args.join(' ')} failed: ${stderr.trim()}`);
  }
  return stdout;
}

export function namespaceOf({ link, nodes }: Plan, node: string): string {
  if (!nodes.includes(node)) {
    throw new Error(`there is no node ${node}, only ${nodes.join(', ')}`);
  }
  return `${link}-${node}`;
}

export function addressOf({ prefix, nodes }: Plan, node: string): string {
  return `${prefix}.${FIRST_NODE + nodes.indexOf(node)}`;
}

export function ownAddress({ prefix }: Plan): string {
  return `${prefix}.1`;
}

export function namespacesOf(plan: Plan): string[] {
  return [plan.switchNamespace, ...plan.nodes.map((node) => namespaceOf(plan, node))];
}

export function makeNetwork(plan: Plan): void {
  const { switchNamespace, link } = plan;
  must('netns', 'add', switchNamespace);
  must('-n', switchNamespace, 'link', 'add', 'bridge', 'type', 'bridge');
  must('-n', switchNamespace, 'link', 'set', 'bridge', 'up');
  must('link', 'add', link, 'type', 'veth', 'peer', 'name', 'host', 'netns', switchNamespace);
  must('address', 'add', `${ownAddress(plan)}/24`, 'dev', link);
  must('link', 'set', link, 'up');
  plugIn(plan, 'host');
  for (const node of plan.nodes) {
    addNode(plan, node);
  }
}

function addNode(plan: Plan, node: string): void {
  const namespace = namespaceOf(plan, node);
  must('netns', 'add', namespace);
  must('-n', namespace, 'link', 'set', 'lo', 'up');
  must('-n', namespace, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', node, 'netns', plan.switchNamespace);
  must('-n', namespace, 'address', 'add', `${addressOf(plan, node)}/24`, 'dev', 'eth0');
  must('-n', namespace, 'link', 'set', 'eth0', 'up');
  plugIn(plan, node);
}

function plugIn({ switchNamespace }: Plan, port: string): void {
  must('-n', switchNamespace, 'link', 'set', port, 'master', 'bridge', 'up');
}

/** Pulls the node's cable, or puts it back. Nobody is told: what was on its way is lost, and connections stay open. */
export function setCable(plan: Plan, node: string, state: 'up' | 'down'): void {
  namespaceOf(plan, node);
  must('-n', plan.switchNamespace, 'link', 'set', node, state);
}

/** Starts a command in the node's namespace; its process id is the command's own. */
export function spawnIn(
  plan: Plan,
  node: string,
  command: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  return spawn('ip', ['netns', 'exec', namespaceOf(plan, node), ...command], options);
}
