/** A thing that proves itself by its password, on behalf of which something else is done. */
import { SymbolonError } from '../../core/errors.ts';
import { type DeviceRef, deviceHandle, deviceNotFound, lookUp } from '../../core/operations/access.ts';
import { authenticateTokenHolder } from '../../core/operations/authenticate.ts';
import type { Credential } from '../../core/operations/credentials.ts';
import { issue } from '../../core/operations/issue.ts';
import type { Subject } from '../../core/tables/subjects.ts';
import type { ResourceRequest } from './resource.ts';
import { ResourceError, WRONG_PASSWORD } from './resource-errors.ts';

export interface ThingLogin {
  readonly thingId: string;
  readonly accessToken: string;
}

/** By the same door as any login, so that locks and counts hold. */
export async function logInThing(request: ResourceRequest, ref: DeviceRef, password: string): Promise<ThingLogin> {
  const { services, appCall, context } = request;
  const subject = await lookUp(services, appCall, 'device', deviceHandle(ref));
  if (subject === undefined) {
    throw deviceNotFound(ref);
  }
  const credential: Credential = { kind: 'device', deviceId: subject.subjectId, password };
  const issued = await issue(services, appCall, { credential }).catch((error: unknown) => {
    throw error instanceof SymbolonError && error.code === 'invalid_credentials'
      ? wrongPassword(context.appID, subject)
      : error;
  });
  if ('mfaToken' in issued) {
    throw wrongPassword(context.appID, subject);
  }
  return { thingId: subject.subjectId, accessToken: issued.accessToken };
}

/** A token that lives: to take a device from the gateway of others ends every token of it, the one of this login too. */
export async function liveToken(request: ResourceRequest, login: ThingLogin, password: string): Promise<string> {
  const { thingId, accessToken } = login;
  const { services, context } = request;
  const isLive = (await authenticateTokenHolder(services, context.appID, accessToken)) !== undefined;
  return isLive
    ? accessToken
    : (await logInThing(request, { by: 'device_id', deviceId: thingId }, password)).accessToken;
}

function wrongPassword(appID: string, { subjectId }: Subject): ResourceError {
  return new ResourceError('WRONG_PASSWORD', WRONG_PASSWORD, { appID, thingID: subjectId, suppressed: [] });
}
