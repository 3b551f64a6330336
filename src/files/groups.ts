/** Whether a group is one user's own. User-private groups are, and those that a container's volume is given to. */
import { readFileSync } from 'node:fs';

const ROOT = 0;

/**
 * Whether /etc/passwd and /etc/group name no member but this user and root. A group that they do not name is taken for this process's
 * own when it is in it: Kubernetes gives volumes to such a group (`fsGroup`).
 */
export function isOwnGroup(gid: number, uid: number): boolean {
  if (gid === ROOT) {
    return true;
  }
  const users = linesOf('/etc/passwd').map(([name = '', , id, group]) => ({
    name,
    uid: Number(id),
    gid: Number(group),
  }));
  const entry = linesOf('/etc/group').find(([, , id]) => Number(id) === gid);
  const named = entry?.[3]?.split(',').filter((name) => name !== '') ?? [];
  const isOther = (name: string) =>
    users.every((user) => user.name !== name || (user.uid !== uid && user.uid !== ROOT));
  const primary = users.filter((user) => user.gid === gid).map(({ name }) => name);
  if (entry === undefined && primary.length === 0) {
    return process.getegid?.() === gid || (process.getgroups?.().includes(gid) ?? false);
  }
  return ![...named, ...primary].some(isOther);
}

function linesOf(path: string): string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}
