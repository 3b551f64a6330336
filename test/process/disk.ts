/** Disks that fail: a file size limit, a full file system, one that turned read-only. Each says whether this machine can have it. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Answers what it printed. */
function must(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed: ${error ?? stderr}`);
  }
  return stdout.trim();
}

export const HAS_PRLIMIT = succeeds('prlimit', '--version');

/**
 * Limits how far a process may write into any file; what goes beyond fails with EFBIG, for Node ignores SIGXFSZ. Pipes have no
 * limit. Disposing of it lifts the limit.
 */
export function limitFileSize(pid: number, bytes: number): Disposable {
  const soft = must('prlimit', '--pid', String(pid), '--fsize', '--raw', '--noheadings', '--output', 'SOFT');
  must('prlimit', '--pid', String(pid), `--fsize=${bytes}:`);
  return { [Symbol.dispose]: () => must('prlimit', '--pid', String(pid), `--fsize=${soft}:`) };
}

/** A file system of its own at `path`, unmounted when it is disposed of. */
export interface Disk extends Disposable {
  readonly path: string;
}

export const CAN_MOUNT = canMount();

function canMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'symbolon-mount-'));
  try {
    return succeeds('mount', '-t', 'tmpfs', 'tmpfs', path) && succeeds('umount', path);
  } finally {
    rmdirSync(path);
  }
}

const mountPoints = new Set<string>();
// A test that timed out disposes of nothing.
process.once('exit', () => mountPoints.forEach(unmount));

function mounted(path: string, ...args: string[]): Disk {
  mkdirSync(path, { recursive: true });
  must('mount', ...args, path);
  mountPoints.add(path);
  return { path, [Symbol.dispose]: () => unmount(path) };
}

function unmount(path: string): void {
  mountPoints.delete(path);
  if (!succeeds('umount', path)) {
    must('umount', '--lazy', path);
  }
}

export function smallDisk(path: string, bytes: number): Disk {
  return mounted(path, '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs');
}

export function readOnlyDisk(path: string): Disk {
  return mounted(path, '-t', 'tmpfs', '-o', 'ro', 'tmpfs');
}

/**
 * Has the image of an ext4 file system keep room for all that the file system itself writes, and for no file that is not there yet. So
 * when the file system below is full, a sync fails and not the journal.
 */
export function reserveForItself(image: string, path: string): void {
  failingDisk(image, path)[Symbol.dispose]();
  must('cp', '--sparse=never', image, `${image}.whole`);
  must('mv', `${image}.whole`, image);
  using disk = failingDisk(image, path);
  must('fstrim', disk.path);
}

/** Takes all the room that is left; disposing of it gives the room back. */
export function fill({ path }: Disk): Disposable {
  const filler = join(path, 'filler');
  const file = openSync(filler, 'w');
  for (let size = 64 * 1_024; size > 0; ) {
    try {
      writeSync(file, Buffer.alloc(size));
    } catch {
      size = Math.floor(size / 2);
    }
  }
  closeSync(file);
  return { [Symbol.dispose]: () => rmSync(filler, { force: true }) };
}

/** The kernel's own test hook turns an ext4 file system read-only while files are open, as an error of the disk does. */
export const CAN_FAIL_EXT4 =
  CAN_MOUNT && existsSync('/dev/loop-control') && existsSync('/sys/fs/ext4') && succeeds('mkfs.ext4', '-V');

export interface FailingDisk extends Disk {
  turnReadOnly(): void;
}

/** An ext4 file system in the file `image`, made when there is none. */
export function failingDisk(image: string, path: string): FailingDisk {
  if (existsSync(image)) {
    // It answers 1 when it mended something.
    spawnSync('e2fsck', ['-fy', image], { stdio: 'ignore' });
  } else {
    writeFileSync(image, '');
    must('truncate', '--size=32M', image);
    must('mkfs.ext4', '-q', '-b', '4096', image);
  }
  const disk = mounted(path, '-o', 'loop,errors=remount-ro', image);
  const device = must('findmnt', '--noheadings', '--output', 'SOURCE', path).replace('/dev/', '');
  // Where the file system below takes a part of a request, a loop device says that it took the whole. A page is taken or not.
  writeFileSync(`/sys/block/${device}/queue/max_sectors_kb`, '4');
  return { ...disk, turnReadOnly: () => writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, '1') };
}
