/** Looks at a file that grows, and writes how far it has come to the terminal by itself: the main thread's streams wait for that thread. */
import { statSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { GrowthMessage } from './file-growth.ts';
import { amountText } from './progress.ts';

const EVERY_MS = 250;
const STANDARD_ERROR = 2;

let shown: GrowthMessage | undefined;

parentPort?.on('message', (message: GrowthMessage) => {
  shown = message;
  show();
});
setInterval(show, EVERY_MS);

function show(): void {
  if (shown !== undefined) {
    const { what, path, total } = shown;
    const bytes = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
    writeSync(STANDARD_ERROR, `\r\u{1b}[K${bytes === undefined ? what : amountText(what, bytes, total, 'bytes')}`);
  }
}
