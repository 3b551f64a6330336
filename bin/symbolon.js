#!/usr/bin/env -S node --max-semi-space-size=8
// The flag keeps V8 from letting garbage of strangers grow for long; it costs Introspect nothing (docs/performance.md).
// Plain JavaScript that any Node can read: it says what is wrong before an older one fails at the sources or crashes in a native module.
const OLDEST_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_MAJOR) {
  process.stderr.write(
    `symbolon needs Node ${OLDEST_MAJOR} or newer, and this is ${process.version}. ` +
      'Run it by `npx symbolon` or `npm start` after `npm ci`, which bring their own Node.\n',
  );
  process.exitCode = 1;
} else {
  const { main } = await import('../src/main.ts');
  await main(process.argv);
}
