/** What a login is proven by, and what of it a command takes. */
import { clientTokenKind, type Issue } from '../commands/issue.ts';
import { INVALID_CREDENTIALS, SymbolonError } from '../errors.ts';
import type { Digest } from '../model.ts';
import { MAX_ID } from '../names.ts';
import { matchesSecret } from '../rules/liveness.ts';
import { digestOf } from '../secrets.ts';
import type { Services } from '../services/services.ts';
import type { ClientReading } from '../services/store.ts';
import { requirePassword } from '../text/passwords.ts';
import { parseUsername, toVendorIdHandle } from '../text/usernames.ts';
import { type Call, isStranger } from './authenticate.ts';
import type { DeviceCodeCredential } from './device-authorization.ts';
import type { EndNodeCredential } from './issue-for-end-node.ts';
import type { PasswordGuess } from './login.ts';
import { hashOfName } from './notes.ts';
import type { SecondFactorCredential } from './prove-second-factor.ts';
import type { AuthorizationCodeCredential } from './redeem-authorization-code.ts';
import { requireText, requireUsername } from './validate.ts';

export type Credential =
  | { readonly kind: 'user'; readonly username: string; readonly password: string }
  | { readonly kind: 'device'; readonly deviceId: string; readonly password: string }
  | { readonly kind: 'device_by_vendor_id'; readonly vendorId: string; readonly password: string }
  | { readonly kind: 'client'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'anonymous'; readonly clientId: string }
  | SecondFactorCredential
  | AuthorizationCodeCredential
  | DeviceCodeCredential
  | EndNodeCredential;

/** What a proven credential contributes to the command. */
export type Proven = Pick<Issue, 'clientId' | 'subjectId' | 'tokenKind' | 'proof' | 'counters'>;

type PasswordCredential = Extract<Credential, { password: string }>;

export function passwordGuess(credential: PasswordCredential): PasswordGuess {
  const { kind, handle, username } = nameOf(credential);
  const password = requirePassword(credential.password);
  return { permission: 'issue', kind, handle, username, password };
}

function nameOf(credential: PasswordCredential): Pick<PasswordGuess, 'kind' | 'handle' | 'username'> {
  switch (credential.kind) {
    case 'user': {
      const { username } = credential;
      requireUsername(username);
      return { kind: 'user', handle: parseUsername(username), username };
    }
    case 'device': {
      const { deviceId } = credential;
      requireText(deviceId, 'device_id', MAX_ID);
      return { kind: 'device', handle: { kind: 'subject_id', key: deviceId }, username: deviceId };
    }
    case 'device_by_vendor_id': {
      const { vendorId } = credential;
      requireText(vendorId, 'vendor_id', MAX_ID);
      return { kind: 'device', handle: toVendorIdHandle(vendorId), username: vendorId };
    }
  }
}

export async function byClientSecret(
  services: Services,
  call: Call,
  { clientId, clientSecret: secret }: Extract<Credential, { kind: 'client' }>,
): Promise<Proven> {
  requireText(clientId, 'client_id', MAX_ID);
  requireText(secret, 'client_secret', MAX_ID);
  const { caller } = call;
  if (caller.clientId !== clientId && !caller.standings.includes('public')) {
    throw new SymbolonError(
      'permission_denied',
      'client_secret.client_id must be the caller, unless the caller is a public client',
    );
  }
  const digest = digestOfSecret(caller, secret);
  const matches = (reading: ClientReading | undefined): reading is ClientReading =>
    reading?.client.tenantId === caller.tenantId && matchesSecret(reading.secrets, digest, services.clock());
  // Checked again in the transaction; here it keeps wrong secrets away from the writer. What is known may be old.
  const known = services.knownClients.get(clientId);
  const reading = matches(known) ? known : await services.knownClients.read(clientId);
  noteClient(services, call, clientId, reading);
  if (!matches(reading)) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  const tokenKind = clientTokenKind(reading.client);
  return { tokenKind, clientId, subjectId: clientId, proof: { by: 'client_secret', digest }, counters: [] };
}

/** A client mostly asks with the secret that it proved itself by, whose digest is known. */
function digestOfSecret({ credential }: Call['caller'], secret: string): Digest {
  return credential.kind === 'client' && credential.secret === secret ? credential.digest : digestOf(secret);
}

/** What one network address is given a minute; each is a row until it expires. */
const MAX_ANONYMOUS_TOKENS = 600;

export async function byName(services: Services, call: Call, clientId: string): Promise<Proven> {
  requireText(clientId, 'client_id', MAX_ID);
  if (isStranger(call.caller)) {
    await services.addressBudgets.anonymousTokens.spend(call.caller.tenantId, call.address, MAX_ANONYMOUS_TOKENS);
  }
  const reading = await services.knownClients.read(clientId);
  noteClient(services, call, clientId, reading);
  if (reading?.client.tenantId !== call.caller.tenantId || reading.client.confidential) {
    throw SymbolonError.of(INVALID_CREDENTIALS);
  }
  return { tokenKind: 'ANONYMOUS', clientId, subjectId: clientId, proof: { by: 'name' }, counters: [] };
}

/** Another tenant's client is as unknown. */
function noteClient(services: Services, { notes, caller }: Call, clientId: string, reading: ClientReading | undefined) {
  const isKnown = reading?.client.tenantId === caller.tenantId;
  notes?.note(
    isKnown ? { subject: clientId } : { unknown: hashOfName(services, caller.tenantId, `client:${clientId}`) },
  );
}
