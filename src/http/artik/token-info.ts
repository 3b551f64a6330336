/** What a token is, for who bears it; and whether a text is a live one. */
import { one } from '../../core/plan.ts';
import { SUBJECT } from '../../core/tables/subjects.ts';
import type { Answer } from '../answer.ts';
import { data } from './answers.ts';
import { type Bearer, bearerBy, requireBearer } from './bearer.ts';
import { unauthorized } from './errors.ts';
import { parametersOf } from './parameters.ts';
import type { ArtikRequest, Route } from './serving.ts';

const NEVER_MS = 100 * 366 * 24 * 3_600_000;

export async function tokenInfo(request: ArtikRequest): Promise<Answer> {
  const bearer = await requireBearer(request);
  const { clientId, accessExpireTime } = bearer.family;
  const leftMs = accessExpireTime - request.services.clock();
  return data({
    ...(await holderOf(request, bearer)),
    ...(clientId === '' ? {} : { client_id: clientId }),
    ...(leftMs > NEVER_MS ? {} : { expires_in: Math.max(0, Math.floor(leftMs / 1_000)) }),
  });
}

async function holderOf({ services }: ArtikRequest, { family }: Bearer): Promise<object> {
  const { kind, subjectId, tenantId } = family;
  if (kind === 'USER') {
    return { user_id: subjectId };
  }
  if (kind !== 'DEVICE') {
    return {};
  }
  const { device } = await services.store.read({ device: one(SUBJECT, { subjectId, tenantId }) });
  const [owner] = device?.ownerIds ?? [];
  return { device_id: subjectId, ...(owner === undefined ? {} : { user_id: owner }) };
}

/** Without a header too: what is asked about is in the body. */
export async function checkToken(request: ArtikRequest): Promise<Answer> {
  const text = parametersOf(request.url, request.body).required('token');
  if ((await bearerBy(request, text)) === undefined) {
    throw unauthorized();
  }
  return data({ message: 'Valid Token' });
}

export const TOKEN_INFO: Route = {
  url: '/tokenInfo',
  name: 'artik.token-info',
  shape: 'accounts',
  methods: { GET: tokenInfo },
};

export const CHECK_TOKEN: Route = {
  url: '/checkToken',
  name: 'artik.check-token',
  shape: 'accounts',
  methods: { POST: checkToken },
};
