#!/usr/bin/env -S node --max-semi-space-size=8
// The flag keeps V8 from letting garbage of strangers grow for long; it costs Introspect nothing (docs/performance.md).
// Plain JavaScript that any Node can read: it says what is wrong before an older one fails at the sources or crashes in a native module.
import { existsSync } from 'node:fs';

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
  const { main } = await import(isCheckout ? '../src/main.ts' : '../dist/src/main.js');
  await main(process.argv);
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
