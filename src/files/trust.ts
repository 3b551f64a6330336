/**
 * Refuses a file that others could have put there, changed, or read: its owner is this user or root, and so is that of every directory
 * on the way to it and of every link, and others can write to none of them. So does OpenSSH with what it believes (StrictModes).
 * Decision 0077 has the rules for groups, for /tmp and for containers.
 */
import { lstatSync, readlinkSync, type Stats, statfsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isOwnGroup } from './groups.ts';
import { ownName } from './owners.ts';

/** The message is for the operator: it names the path, what is wrong, and the mend. */
export class UntrustedFile extends Error {
  override readonly name = 'UntrustedFile';
}

export interface Trust {
  /** What it is, for people: `the key file`, or a flag. */
  readonly what: string;
  /** Whether others must not even read it. */
  readonly isSecret?: boolean;
}

const STICKY = 0o1000;
const MAX_LINKS = 40;
const TMPFS = 0x01021994;
/** The link by which Kubernetes changes all files of a mounted secret at once. */
const KUBERNETES_LINK = '..data';

/** Of a file or directory that need not be there yet: then of the directories that are. What can't be looked at is left to who reads it. */
export function requireTrusted(path: string, { what, isSecret = false }: Trust): void {
  const uid = process.geteuid?.();
  if (uid === undefined) {
    return;
  }
  const way = new Way(uid, `${what} ${path}`);
  const end = way.follow(path);
  if (end === undefined) {
    return;
  }
  const { at, stats } = end;
  if (!isTrusted(stats.uid, uid)) {
    throw new UntrustedFile(
      `${what} ${path} belongs to the user ${stats.uid}, who can change it. Run chown ${ownName()} ${at}, if it is right`,
    );
  }
  if (isSecret && canOthersRead(stats, uid) && !way.isMountedSecret(at, stats)) {
    throw new UntrustedFile(`${what} ${path} can be read by others. Run chmod 600 on it`);
  }
  // Of a directory with the sticky bit each file in it tells by its owner.
  if (canOthersWrite(stats, uid) && !(stats.isDirectory() && isSticky(stats))) {
    throw new UntrustedFile(`${what} ${path} can be written by others. Run chmod go-w ${at}, if it is right`);
  }
}

/** The way to a file, one directory or link after the other. */
class Way {
  readonly #uid: number;
  readonly #title: string;
  #passedKubernetes = false;

  constructor(uid: number, title: string) {
    this.#uid = uid;
    this.#title = title;
  }

  /** Where it leads to in the end; undefined when nothing is there. */
  follow(path: string): { readonly at: string; readonly stats: Stats } | undefined {
    const rest = partsOf(resolve(path));
    let at = '/';
    let stats = lstatSync(at);
    for (let links = 0; rest.length > 0; ) {
      const name = rest.shift() as string;
      if (name === '..') {
        at = dirname(at);
        stats = lstatSync(at);
        continue;
      }
      const next = join(at, name);
      const entry = entryOf(next);
      this.#requireSafe(at, stats, next, entry);
      if (entry === undefined || (entry.isSymbolicLink() && ++links > MAX_LINKS)) {
        return undefined;
      }
      if (entry.isSymbolicLink()) {
        this.#passedKubernetes ||= name === KUBERNETES_LINK;
        const target = readlinkSync(next);
        rest.unshift(...partsOf(target));
        at = isAbsolute(target) ? '/' : at;
        stats = lstatSync(at);
      } else {
        [at, stats] = [next, entry];
      }
    }
    return { at, stats };
  }

  /**
   * Kubernetes mounts a secret with the mode 0644 unless it is told otherwise. Nobody but root can make such a mount, and none but the
   * container's own processes see it.
   */
  isMountedSecret(at: string, { uid }: Stats): boolean {
    return this.#passedKubernetes && uid === 0 && statfsSync(at).type === TMPFS;
  }

  /** Where all may write, as in /tmp, the sticky bit keeps them from the files of others. */
  #requireSafe(directory: string, stats: Stats, next: string, entry: Stats | undefined): void {
    const where = `${this.#title} lies in ${directory}`;
    if (!isTrusted(stats.uid, this.#uid)) {
      throw new UntrustedFile(
        `${where}, which belongs to the user ${stats.uid}, who could put another in its place. Run chown ${ownName()} ` +
          `${directory}, or name a place that is this user’s or root’s`,
      );
    }
    if (!canOthersWrite(stats, this.#uid)) {
      return;
    }
    if (!isSticky(stats)) {
      throw new UntrustedFile(
        `${where}, to which others can write, who could put another in its place. Run chmod go-w ${directory}, or name another place`,
      );
    }
    if (entry !== undefined && !isTrusted(entry.uid, this.#uid)) {
      throw new UntrustedFile(
        `${this.#title} is reached by ${next}, which belongs to the user ${entry.uid}, in a directory to which all can write. ` +
          'Name another place',
      );
    }
  }
}

function isSticky({ mode }: Stats): boolean {
  return (mode & STICKY) !== 0;
}

function isTrusted(owner: number, uid: number): boolean {
  return owner === uid || owner === 0;
}

/** What root lets the group of another user read it lets it read on purpose: so does PostgreSQL with keys. */
function canOthersRead({ mode, uid: owner }: Stats, uid: number): boolean {
  return (mode & (owner === 0 && uid !== 0 ? 0o004 : 0o044)) !== 0;
}

function canOthersWrite({ mode, gid }: Stats, uid: number): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isOwnGroup(gid, uid));
}

function entryOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
