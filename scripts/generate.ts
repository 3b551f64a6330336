/**
 * `npm run gen`: writes gen/ from proto/ with the tools in node_modules, and nothing from a network.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Runs buf with the given arguments; its output goes to the terminal, a failure ends the script. */
function buf(...args: string[]): void {
  execFileSync('npx', ['--no-install', 'buf', ...args], { stdio: 'inherit' });
}

buf('generate');
mkdirSync('gen', { recursive: true });
// What reflection serves and what the tests walk over: every file, message and method, with its comments left out.
buf('build', '--as-file-descriptor-set', '--exclude-source-info', '--output', 'gen/descriptors.binpb');
