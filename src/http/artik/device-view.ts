/** A device in ARTIK's words. */
import { deviceTypeOf } from '../../core/rules/device-types.ts';
import type { Subject } from '../../core/tables/subjects.ts';

/** `uid`: the owner who asks, where one does. */
export function deviceView(device: Subject, uid: string | undefined = device.ownerIds[0]): object {
  const { subjectId, displayName, createTime } = device;
  return {
    id: subjectId,
    uid,
    dtid: deviceTypeOf(device),
    name: displayName === '' ? undefined : displayName,
    createdOn: createTime,
  };
}
