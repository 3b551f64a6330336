/** What a program in another language says while it runs its flows, and what it is answered: a JSON object and a line, by turns. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { environment } from '../process/program.ts';
import type { ClientsBed } from './bed.ts';

/** However busy the machine is, a program that takes longer hangs. */
const PATIENCE_MS = 120_000;

interface Said {
  /** A URL for the person's browser, which is told where it leads. */
  readonly open?: string;
  /** A code for the person to type, on the page `at`. */
  readonly type?: string;
  readonly at?: string;
  /** What was run, and as which client. */
  readonly flow?: string;
  readonly as?: keyof ClientsBed['clients'];
  /** What came of it: a token that is live, one that has ended, what introspection told of `of`, or the error of the standard. */
  readonly token?: string;
  readonly ended?: string;
  readonly told?: Readonly<Record<string, unknown>>;
  readonly of?: string;
  readonly error?: string;
}

/** Runs the program to its end. Answers the flows that went right, each as `code as web`. */
export async function converse(bed: ClientsBed, [command = '', ...args]: readonly string[]): Promise<string[]> {
  const child = spawn(command, args, { env: environment(), stdio: 'pipe', timeout: PATIENCE_MS });
  const ended = once(child, 'close');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // It may have ended.
  child.stdin.on('error', () => undefined);
  const flows: string[] = [];
  try {
    child.stdin.write(`${JSON.stringify({ issuer: bed.issuer, user: bed.user, ...bed.clients })}\n`);
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as Said;
      child.stdin.write(`${await answerTo(bed, said)}\n`);
      flows.push(...(said.flow === undefined ? [] : [`${said.flow} as ${said.as}`]));
    }
    const [code] = await ended;
    expect(code, stderr).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
  return flows;
}

async function answerTo(bed: ClientsBed, said: Said): Promise<string> {
  if (said.open !== undefined) {
    return (await bed.visitor.decide(said.open)).href;
  }
  if (said.type !== undefined) {
    await bed.visitor.connect(said.at ?? '', said.type);
    return 'approved';
  }
  const { flow, as = 'web' } = said;
  const { client_id } = bed.clients[as];
  if (said.token !== undefined) {
    const sub = flow === 'client credentials' ? client_id : bed.user.id;
    expect(await bed.told(said.token), flow).toMatchObject({ active: true, client_id, sub, scope: 'read' });
  } else if (said.ended !== undefined) {
    expect(await bed.told(said.ended), flow).toEqual({ active: false });
  } else if (said.told !== undefined) {
    expect(await bed.told(said.of ?? ''), flow).toMatchObject(said.told);
  } else {
    expect(said.error, flow).toMatch(/^invalid_\w+$/);
  }
  return 'right';
}
