/** Questions to the person at the terminal: on standard error, so that standard output stays a result. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from './failures.ts';

/** Whether a person can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

export function ask(question: string): Promise<string> {
  return read(question, process.stderr);
}

/** What is typed is not shown. */
export async function askSecret(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await read(question, nowhere);
  } finally {
    process.stderr.write('\n');
  }
}

async function read(question: string, echo: NodeJS.WritableStream): Promise<string> {
  // It takes the terminal's own echo away, so what it does not show itself comes after.
  const lines = createInterface({ input: process.stdin, output: echo, terminal: true });
  const isShown = echo === process.stderr;
  if (!isShown) {
    process.stderr.write(question);
  }
  const ended = new Promise<never>((_resolve, reject) => {
    lines.once('close', () => reject(new UsageError('nothing was answered, and nothing was done')));
  });
  let isAnswered = false;
  try {
    const answer = await Promise.race([lines.question(isShown ? question : ''), ended]);
    isAnswered = true;
    return answer;
  } finally {
    lines.close();
    if (isShown && !isAnswered) {
      process.stderr.write('\n');
    }
  }
}
