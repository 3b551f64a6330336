/** Where the operator's socket is. */
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findSocket, forgetSocket, socketPlaces } from '../../src/server/socket-place.ts';
import { temporaryDirectory } from '../support.ts';

function directory(name = ''): string {
  const { path, remove } = temporaryDirectory();
  onTestFinished(remove);
  const made = join(path, name);
  mkdirSync(made, { recursive: true, mode: 0o700 });
  return made;
}

async function listen(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o600);
}

describe('the socket', () => {
  it('is in the data directory, and found there', async () => {
    const data = directory();
    const path = socketPlaces(data)[0]?.() ?? '';
    expect(path).toBe(join(data, 'symbolon.sock'));
    expect(findSocket(data)).toBeUndefined();
    await listen(path);
    expect(findSocket(data)).toBe(path);
    forgetSocket(data);
    expect(existsSync(path)).toBe(false);
  });

  it('is elsewhere where its path would be too long, in a directory of its own that a file tells', async () => {
    const data = directory('d'.repeat(120));
    const [own, elsewhere] = socketPlaces(data);
    expect(own).toThrow('longer than');
    const path = elsewhere?.() ?? '';
    await listen(path);
    expect(findSocket(data)).toBe(path);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(data, 'symbolon.sock.at'), 'utf8')).toBe(`${path}\n`);
    forgetSocket(data);
    expect(existsSync(join(path, '..'))).toBe(false);
    expect(findSocket(data)).toBeUndefined();
  });

  it('is not believed when others can open it, nor a file that names it and that others can write', async () => {
    const data = directory();
    const path = join(data, 'symbolon.sock');
    await listen(path);
    chmodSync(path, 0o666);
    expect(() => findSocket(data)).toThrow('can be read by others. Run chmod 600 on it');
    forgetSocket(data);
    const place = join(data, 'symbolon.sock.at');
    writeFileSync(place, '/tmp/elsewhere\n');
    chmodSync(place, 0o666);
    expect(() => findSocket(data)).toThrow('can be written by others');
  });
});
