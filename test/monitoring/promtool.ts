/** Prometheus's own checks, where promtool is found. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MONITORING = fileURLToPath(new URL('../../deploy/monitoring/', import.meta.url));
const DIRECTORY = process.env.SYMBOLON_PROMTOOL_DIR ?? join(homedir(), '.cache/symbolon-promtool');
const FETCHED = join(DIRECTORY, 'usr/bin/promtool');
const PROMTOOL = existsSync(FETCHED) ? FETCHED : 'promtool';

const isThere = spawnSync(PROMTOOL, ['--version'], { stdio: 'ignore' }).status === 0;
/** Nobody may skip these tests in CI. */
export const HAS_PROMTOOL = isThere || process.env.SYMBOLON_CI === '1';
export const WITHOUT_PROMTOOL = 'there is no promtool here; test/monitoring/install.sh fetches it';

/** What it says when it is not content; empty when it is. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(PROMTOOL, args, { cwd: MONITORING, input, encoding: 'utf8' });
  return status === 0 ? '' : `promtool ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`;
}
