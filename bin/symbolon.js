#!/usr/bin/env -S node --max-semi-space-size=8
// The flag keeps V8 from letting garbage of strangers grow for long; it costs Introspect nothing (docs/performance.md).
// Plain JavaScript that any Node can read: it says what is wrong before an older one fails at the sources or crashes in a native module.
import { existsSync, statSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
// Node would open a debugger to all users of this machine. Its --disable-sigusr1 is no flag for above: an older Node would fail at it.
process.on('SIGUSR1', () => undefined);
const major = Number(process.versions.node.split('.')[0]);
// The package has the sources without their types, for Node strips none below node_modules (scripts/package.ts).
const isCheckout = isThere('../src/main.ts');

if (major < OLDEST_MAJOR) {
  process.stderr.write(
    `symbolon needs Node ${OLDEST_MAJOR} or newer, and this is ${process.version}. Install a newer one, or ${another()}.\n`,
  );
  process.exitCode = 1;
} else {
  useCompileCache();
  const { main } = await import(isCheckout ? '../src/main.ts' : '../dist/src/main.js');
  await main(process.argv);
}

/**
 * What V8 made of the sources is kept beside them, which halves the time of a start. Only there: who could write it elsewhere could change
 * what runs here. It is made by the sources' owner alone, so that no command of root takes it from him. Threads find it by the environment.
 */
function useCompileCache() {
  const directory = fileURLToPath(new URL('../.compile-cache', import.meta.url));
  const isOwner = statSync(new URL('..', import.meta.url)).uid === process.getuid?.();
  if (process.env.NODE_COMPILE_CACHE !== undefined || !(isOwner || existsSync(directory))) {
    return;
  }
  // Where the disk can't be written it finds nothing, and says nothing.
  if (module.enableCompileCache({ directory, portable: true }).directory !== undefined) {
    Object.assign(process.env, { NODE_COMPILE_CACHE: directory, NODE_COMPILE_CACHE_PORTABLE: '1' });
  }
}

/** How else there is a newer one. */
function another() {
  if (!isCheckout) {
    return `let npm bring one: npx --package node@${OLDEST_MAJOR} --package <symbolon or its .tgz> symbolon`;
  }
  if (isThere('../node_modules/node/bin/node')) {
    return 'use the one that npm ci installed: npx symbolon, or npm start';
  }
  return 'let npm bring one: npm ci (without --omit=dev), then npx symbolon or npm start';
}

function isThere(path) {
  return existsSync(new URL(path, import.meta.url));
}
