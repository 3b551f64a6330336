/**
 * The data directory of a command: by the socket of the server that has it, or by its lock where none does. Root works as the owner of
 * the directory, so that no file is left which the server can't read.
 */
import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../core/actor.ts';
import { ownName, userName, whose } from '../../files/owners.ts';
import { findSocket } from '../../server/socket-place.ts';
import { DirectoryError, holderOf, requireDatabase, tryLockDirectory } from '../../store/sqlite/directory.ts';

/** In which a server that starts or ends, or another command, makes room. */
const WAIT_MS = 5_000;
const PAUSE_MS = 50;

/** It is right, and another has it for now. */
class DirectoryBusy extends DirectoryError {
  override readonly name = 'DirectoryBusy';
}

export type Way =
  | { readonly by: 'socket'; readonly path: string }
  | { readonly by: 'lock'; readonly release: () => void };

export async function enterDirectory(directory: string): Promise<Way> {
  becomeOwnerOf(directory);
  requireDatabase(directory);
  for (const giveUp = Date.now() + WAIT_MS; ; await sleep(PAUSE_MS)) {
    const path = findSocket(directory);
    if (path !== undefined && (await isListening(path))) {
      return { by: 'socket', path };
    }
    const lock = tryLockDirectory(directory);
    if (lock !== undefined) {
      return { by: 'lock', ...lock };
    }
    if (Date.now() > giveUp) {
      throw new DirectoryBusy(
        `the data directory ${directory} is in use by another symbolon${holderOf(directory)}, which takes no commands now: ` +
          'it starts, ends, or is a command itself. Repeat the command later',
      );
    }
  }
}

/** Who runs the command, for the audit log. */
export function operatorHere(): Actor {
  return { kind: 'operator', id: ownName(), tokenId: null, address: null, requestId: null };
}

/** Of another user's directory only root can be a guest. */
export function becomeOwnerOf(directory: string): void {
  const [uid, stats] = [process.geteuid?.(), statsOf(directory)];
  if (uid === undefined || stats === undefined || stats.uid === uid || stats.uid === 0) {
    return;
  }
  if (uid !== 0) {
    const owner = userName(stats.uid);
    throw new DirectoryError(
      `the data directory ${directory} is ${owner}’s, and this is run by ${ownName()}. Run it as that user: sudo -u ${owner} symbolon …`,
    );
  }
  process.setgroups?.([stats.gid]);
  process.setgid?.(stats.gid);
  process.setuid?.(stats.uid);
}

function statsOf(directory: string) {
  try {
    return lstatSync(directory, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DirectoryError(
      `can't look at the data directory ${directory}: ${code}. ${whose(directory)}. Run it as that user, or name another with --data-dir`,
    );
  }
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
