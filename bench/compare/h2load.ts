/** A second witness where it is installed: h2load, of Debian's nghttp2-client. It takes every HTTP answer for a good one. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callData, FRAME_HEADER_BYTES } from '../frames.ts';
import type { LoadPlan } from '../load/plan.ts';
import { onCpu } from '../processes.ts';
import { OTHERS_CPU } from './side-store.ts';

const IS_INSTALLED = isInstalled();

function isInstalled(): boolean {
  try {
    execFileSync('h2load', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Calls per second with the first of the plan's messages; undefined where there is no h2load. */
export async function callWithH2load(plan: LoadPlan): Promise<number | undefined> {
  if (!IS_INSTALLED) {
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'symbolon-h2load-'));
  const body = join(directory, 'body');
  writeFileSync(body, callData(Buffer.from(plan.messages[0] ?? '', 'base64')).subarray(FRAME_HEADER_BYTES));
  const [command, args] = onCpu(OTHERS_CPU, 'h2load', [
    `--duration=${plan.seconds}`,
    `--warm-up-time=${Math.ceil(plan.warmupSeconds)}`,
    `--clients=${plan.connections}`,
    `--max-concurrent-streams=${plan.streams}`,
    `--data=${body}`,
    '--header=content-type: application/grpc',
    '--header=te: trailers',
    `--header=authorization: ${plan.authorization}`,
    `http://${plan.address}${plan.path}`,
  ]);
  const { stdout } = await promisify(execFile)(command, args);
  rmSync(directory, { recursive: true, force: true });
  const rate = /, ([\d.]+) req\/s/.exec(stdout)?.[1];
  if (rate === undefined) {
    throw new Error(`h2load printed no rate:\n${stdout}`);
  }
  return Math.round(Number(rate));
}

export function describeH2load(rate: number | undefined): string {
  return rate === undefined
    ? 'h2load: skipped, for it is not installed (nghttp2-client)'
    : `h2load: ${rate}/s, whatever their status`;
}
