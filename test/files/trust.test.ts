/** Who could have put a file there, changed or read it: owners, modes, directories on the way, links. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, mkdirSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireTrusted, UntrustedFile } from '../../src/files/trust.ts';
import { CAN_MOUNT } from '../process/disk.ts';
import { temporaryDirectory } from '../support.ts';

const IS_ROOT = process.geteuid?.() === 0;
const OTHER = 4_321;
const ME = userInfo().username;
const WHAT = { what: 'the key file', isSecret: true };

let directory: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => directory.remove());

const at = (...names: string[]) => join(directory.path, ...names);

function file(path: string, mode = 0o600): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, 'secret');
  chmodSync(path, mode);
  return path;
}

function folder(path: string, mode: number): string {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}

function problemOf(path: string, trust = WHAT): string | undefined {
  try {
    requireTrusted(path, trust);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(UntrustedFile);
    return (error as Error).message;
  }
}

/** As another user may make one. */
const ofAnother = (path: string) => lchownSync(path, OTHER, OTHER);

describe('a secret is taken', () => {
  it.each([0o600, 0o400, 0o700])('with the mode %o, in a directory of its own in /tmp', (mode) => {
    expect(problemOf(file(at('a', 'key'), mode))).toBeUndefined();
  });

  it('in a directory that all may read, by a link, and where it is not there yet', () => {
    folder(at('open'), 0o755);
    file(at('open', 'key'));
    symlinkSync('open', at('link'));
    symlinkSync(at('link', '..', 'open', 'key'), at('second'));
    for (const path of [at('link', 'key'), at('second'), at('none', 'key'), at('open', 'none')]) {
      expect(problemOf(path)).toBeUndefined();
    }
  });

  it('by way of the process’s own descriptors, as <(command) of a shell gives them', () => {
    expect(problemOf('/dev/fd/0')).toBeUndefined();
  });
});

it('takes a directory with the sticky bit, as a tmpfs has it, and no file of another in it', () => {
  const path = folder(at('data'), 0o1777);
  const trust = { what: 'the data directory' };
  expect(() => requireTrusted(path, trust)).not.toThrow();
  chmodSync(path, 0o777);
  expect(() => requireTrusted(path, trust)).toThrow(
    `the data directory ${path} can be written by others. Run chmod go-w`,
  );
});

describe('a secret is refused', () => {
  it.each([0o604, 0o644, 0o601 | 0o4])('that others can read: %o', (mode) => {
    const path = file(at('key'), mode);
    expect(problemOf(path)).toBe(`the key file ${path} can be read by others. Run chmod 600 on it`);
    expect(problemOf(path, { ...WHAT, isSecret: false })).toBeUndefined();
  });

  it('that others can write', () => {
    const path = file(at('key'), 0o602);
    expect(problemOf(path, { ...WHAT, isSecret: false })).toBe(
      `the key file ${path} can be written by others. Run chmod go-w ${path}, if it is right`,
    );
  });

  it.each(['key', 'none', 'more/key'])('in a directory to which all can write, also above: %s', (name) => {
    folder(at('shared'), 0o777);
    const path = at('shared', name);
    if (name !== 'none') {
      file(path);
    }
    expect(problemOf(path)).toBe(
      `the key file ${path} lies in ${at('shared')}, to which others can write, who could put another in its place. ` +
        `Run chmod go-w ${at('shared')}, or name another place`,
    );
  });

  it('that is reached by a link through such a directory, or leads into one', () => {
    folder(at('shared'), 0o777);
    const own = file(at('own', 'key'));
    symlinkSync(own, at('shared', 'link'));
    file(at('shared', 'key'));
    symlinkSync(at('shared', 'key'), at('own', 'link'));
    symlinkSync(at('shared'), at('own', 'way'));
    for (const path of [
      at('shared', 'link'),
      at('own', 'link'),
      at('own', 'way', 'key'),
      at('shared', '..', 'own', 'link'),
    ]) {
      expect(problemOf(path)).toContain(`lies in ${at('shared')}, to which others can write`);
    }
  });

  const title = 'that belongs to another user, or whose directory does';
  it.skipIf(!IS_ROOT)(IS_ROOT ? title : `${title} (skipped: only root can give files away)`, () => {
    const path = file(at('theirs', 'key'));
    chownSync(path, OTHER, OTHER);
    expect(problemOf(path)).toBe(
      `the key file ${path} belongs to the user ${OTHER}, who can change it. Run chown ${ME} ${path}, if it is right`,
    );
    chownSync(path, 0, 0);
    chownSync(at('theirs'), OTHER, OTHER);
    expect(problemOf(path)).toBe(
      `the key file ${path} lies in ${at('theirs')}, which belongs to the user ${OTHER}, who could put another in its place. ` +
        `Run chown ${ME} ${at('theirs')}, or name a place that is this user’s or root’s`,
    );
  });

  const sticky = 'that another user put, or linked to, in a directory like /tmp';
  it.skipIf(!IS_ROOT)(IS_ROOT ? sticky : `${sticky} (skipped: only root can give files away)`, () => {
    folder(at('tmp'), 0o1777);
    file(at('own', 'key'));
    ofAnother(file(at('tmp', 'key')));
    symlinkSync(at('own', 'key'), at('tmp', 'link'));
    ofAnother(at('tmp', 'link'));
    folder(at('tmp', 'folder'), 0o700);
    file(at('tmp', 'folder', 'key'));
    ofAnother(at('tmp', 'folder'));
    for (const name of ['key', 'link', 'folder']) {
      const path = name === 'folder' ? at('tmp', name, 'key') : at('tmp', name);
      expect(problemOf(path)).toBe(
        `the key file ${path} is reached by ${at('tmp', name)}, which belongs to the user ${OTHER}, in a directory to which ` +
          'all can write. Name another place',
      );
    }
  });
});

describe.skipIf(!IS_ROOT)(IS_ROOT ? 'groups' : 'groups (skipped: only root can give files away)', () => {
  /** One that /etc/passwd gives to others, as `users` is. */
  const SHARED = 65_534;

  it('without another member are their user’s: files and directories may be theirs', () => {
    folder(at('group'), 0o770);
    expect(problemOf(file(at('group', 'key')))).toBeUndefined();
    expect(problemOf(file(at('group', 'ca'), 0o664), { ...WHAT, isSecret: false })).toBeUndefined();
    // A secret has no group.
    for (const mode of [0o640, 0o660, 0o620 | 0o40]) {
      expect(problemOf(file(at('group', 'other'), mode))).toContain('can be read by others. Run chmod 600 on it');
    }
  });

  it('may read what is root’s, where this user is another', () => {
    chmodSync(directory.path, 0o755);
    const path = file(at('key'), 0o640);
    process.seteuid?.(OTHER);
    try {
      expect(problemOf(path)).toBeUndefined();
    } finally {
      process.seteuid?.(0);
    }
  });

  it('with another member are others', () => {
    folder(at('group'), 0o2775);
    chownSync(at('group'), 0, SHARED);
    file(at('group', 'key'));
    expect(problemOf(at('group', 'key'))).toContain(`lies in ${at('group')}, to which others can write`);
    const path = file(at('key'), 0o660);
    chownSync(path, 0, SHARED);
    expect(problemOf(path, { ...WHAT, isSecret: false })).toContain('can be written by others');
  });

  it('that nobody knows are others, unless the process is in them', () => {
    folder(at('group'), 0o2770);
    chownSync(at('group'), 0, OTHER);
    file(at('group', 'key'));
    expect(problemOf(at('group', 'key'))).toContain('to which others can write');
    const before = process.getgroups?.() ?? [];
    process.setgroups?.([...before, OTHER]);
    try {
      expect(problemOf(at('group', 'key'))).toBeUndefined();
    } finally {
      process.setgroups?.(before);
    }
  });
});

describe('a secret that Kubernetes mounts', () => {
  const title = 'is taken with the mode 0644 that it has by default, and nothing else in memory is';
  it.skipIf(!CAN_MOUNT)(CAN_MOUNT ? title : `${title} (skipped: needs root and mount)`, () => {
    const mount = folder(at('mount'), 0o755);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=1777', 'none', mount]);
    try {
      expect(statfsSync(mount).type).toBe(0x01021994);
      file(join(mount, '..2026_11_26', 'key'), 0o644);
      chmodSync(join(mount, '..2026_11_26'), 0o755);
      symlinkSync('..2026_11_26', join(mount, '..data'));
      symlinkSync('..data/key', join(mount, 'key'));
      expect(problemOf(join(mount, 'key'))).toBeUndefined();
      // Not so what is there without that link, or belongs to somebody else.
      expect(problemOf(join(mount, '..2026_11_26', 'key'))).toContain('can be read by others');
      chmodSync(join(mount, '..2026_11_26', 'key'), 0o666);
      expect(problemOf(join(mount, 'key'))).toContain('can be written by others');
      chmodSync(join(mount, '..2026_11_26', 'key'), 0o440);
      expect(problemOf(join(mount, 'key'))).toBeUndefined();
      rmSync(join(mount, '..data'));
      symlinkSync('..2026_11_26', join(mount, '..data'));
      ofAnother(join(mount, '..data'));
      expect(problemOf(join(mount, 'key'))).toContain(`is reached by ${join(mount, '..data')}`);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});
