/** The user whose token it is, and a user's devices. */
import { listOwnedDevices } from '../../core/operations/owned-devices.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { data, json } from './answers.ts';
import { requireBearer } from './bearer.ts';
import { deviceView } from './device-view.ts';
import { ArtikError } from './errors.ts';
import { type Parameters, queryOf } from './parameters.ts';
import { requireAccess } from './rights.ts';
import type { ArtikRequest, Route } from './serving.ts';

export const USERS_SELF: Route = {
  url: '/users/self',
  name: 'artik.user',
  shape: 'api',
  methods: { GET: readSelf },
};

export const USERS_DEVICES: Route = {
  url: '/users/:user/devices',
  name: 'artik.user-devices',
  shape: 'api',
  methods: { GET: listDevices },
};

async function readSelf(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  if (bearer.family.kind !== 'USER') {
    throw new ArtikError('forbidden', 'You don’t have the right permissions: the token is not a user’s');
  }
  const target = { kind: 'user', id: bearer.family.subjectId } as const;
  return data(userView(await requireAccess(request, bearer, 'read_profile', target)));
}

/** What people did not give is left out. An address that is not proven is nobody's name. */
function userView({ subjectId, loginName, email, emailVerified, displayName, createTime }: Subject): object {
  return {
    id: subjectId,
    name: loginName ?? undefined,
    email: emailVerified ? (email ?? undefined) : undefined,
    fullName: displayName === '' ? undefined : displayName,
    createdOn: createTime,
  };
}

const MOST = 100;

async function listDevices(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  const { user = '' } = request.params;
  const id = user === 'self' ? bearer.family.subjectId : user;
  await requireAccess(request, bearer, 'list_devices', { kind: 'user', id });
  const query = queryOf(request.url);
  const [offset, count] = [wholeNumber(query, 'offset', 0), Math.min(wholeNumber(query, 'count', MOST), MOST)];
  const { services, tenantId } = request;
  const { devices, total } = await listOwnedDevices(services, tenantId, id, { offset, count });
  const views = devices.map((device) => deviceView(device, id));
  return json({ data: { devices: views }, total, offset, count: views.length });
}

function wholeNumber(query: Parameters, name: string, standard: number): number {
  const text = query.get(name);
  if (text === undefined) {
    return standard;
  }
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new ArtikError('validation', `Validation Error: ${name} must be a whole number`);
  }
  return Number(text);
}
