/** Whose a file is, in words for people, and who we are. */
import { lstatSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';

/** The name of this process's user, or its number where /etc/passwd has none, as in containers that run as any number. */
export function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? '');
  }
}

/** The name of a user, or its number. */
export function userName(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((each) => each.split(':')[2] === String(uid));
    return line?.split(':')[0] ?? String(uid);
  } catch {
    return String(uid);
  }
}

/** Why a path can't be looked at, and whose the way there is; undefined when it is there, or is not. */
export function unreadable(path: string): string | undefined {
  const reason = failureOf(path);
  return reason === 'EACCES' || reason === 'EPERM' ? `${reason}: ${whose(path)}` : undefined;
}

/** Why a file could not be read, and whose it is where that is why. */
export function readFailure(reason: string, path: string): string {
  return reason === 'EACCES' ? `${reason}. ${whose(path)}` : reason;
}

/** The first part of the way, from the end, that tells whose it is. */
export function whose(path: string): string {
  for (let at = resolve(path); ; at = dirname(at)) {
    const stats = statsOf(at);
    if (stats !== undefined || at === '/') {
      const owner = stats === undefined ? 'nobody that can be told' : userName(stats.uid);
      return `${at} is ${owner}’s, and this is run by ${ownName()}`;
    }
  }
}

function failureOf(path: string): string | undefined {
  try {
    lstatSync(path);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function statsOf(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
