/** Tokens of a device behind a gateway, which the gateway asks for by its own token. */
import { SymbolonError } from '../errors.ts';
import type { Instant } from '../model.ts';
import { MAX_TOKEN } from '../names.ts';
import { requirePermission } from '../permissions.ts';
import { noEndNode } from '../rules/end-nodes.ts';
import type { Services } from '../services/services.ts';
import { type DeviceRef, deviceHandle, lookUp } from './access.ts';
import { authenticateTokenHolder, type Call, isStranger } from './authenticate.ts';
import { type IssuedTokens, issuedTokens, newFamily } from './new-tokens.ts';
import { bearerFacts, noteIssued } from './notes.ts';
import { perform } from './perform.ts';
import { requireScopes, requireText } from './validate.ts';

export interface EndNodeCredential {
  readonly kind: 'end_node';
  /** A live access token of the gateway. */
  readonly gatewayToken: string;
  readonly endNode: DeviceRef;
}

/** On which terms; a lost answer is asked for again, so there is no request id. */
export interface EndNodeTerms {
  readonly expireTime?: Instant | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** By a client that presents the gateway's token: both must stand. */
export async function issueForPresentedGateway(
  services: Services,
  call: Call,
  { gatewayToken, endNode }: EndNodeCredential,
  terms: EndNodeTerms & { readonly requestId?: string | undefined },
): Promise<IssuedTokens> {
  if (terms.requestId !== undefined) {
    throw new SymbolonError('invalid_argument', 'request_id must not be set with end_node: ask again instead');
  }
  requireText(gatewayToken, 'gateway_token', MAX_TOKEN);
  const bearer = await authenticateTokenHolder(services, call.caller.tenantId, gatewayToken, call.notes);
  if (bearer?.subject?.kind !== 'device') {
    throw new SymbolonError('invalid_credentials', 'gateway_token is not a live access token of a device');
  }
  const acting = { ...call, caller: { ...bearer, presenter: call.caller } };
  return issueForEndNode(services, acting, endNode, call.caller.clientId, terms);
}

/** What one network address is given a minute; each is a row until it expires. */
const MAX_END_NODE_TOKENS = 600;

/** `call` is the gateway's own. The tokens are issued to its client, and `refreshClientId` may refresh them too. */
export async function issueForEndNode(
  services: Services,
  call: Call,
  endNode: DeviceRef,
  refreshClientId: string,
  { expireTime, scopes = [] }: EndNodeTerms,
): Promise<IssuedTokens> {
  call.notes?.note({ event: 'login', credential: 'end_node', ...bearerFacts(call.caller) });
  requirePermission(call.caller, 'act_for_device');
  const { tenantId, subject: gateway, proof } = call.caller;
  const required = requireScopes(scopes);
  if (isStranger(call.caller)) {
    await services.addressBudgets.endNodeTokens.spend(tenantId, call.address, MAX_END_NODE_TOKENS);
  }
  const subject = await lookUp(services, call, 'device', deviceHandle(endNode));
  if (gateway === undefined || proof.by !== 'token' || subject === undefined) {
    throw endNodeNotFound(endNode);
  }
  const { pair, begun } = await newFamily(services, 'DEVICE', call);
  const { issued } = await perform(services, call, 'act_for_device', {
    kind: 'issue_for_end_node',
    tenantId,
    refreshClientId,
    subjectId: subject.subjectId,
    tokenKind: 'DEVICE',
    gatewayId: gateway.id,
    gatewayFamilyId: proof.familyId,
    scopes: required,
    expireTime,
    ...begun,
  }).catch((error: unknown) => asNamed(error, endNode));
  noteIssued(call.notes, issued);
  return issuedTokens(issued, pair);
}

/** In the words of the caller: the transaction knows an id that it may not be told. */
export function asNamed(error: unknown, ref: DeviceRef): never {
  if (error instanceof SymbolonError && error.code === 'not_found') {
    throw endNodeNotFound(ref);
  }
  throw error;
}

export function endNodeNotFound(ref: DeviceRef): SymbolonError {
  const value = ref.by === 'device_id' ? ref.deviceId : ref.vendorId;
  return SymbolonError.of({ ...noEndNode(value), about: { field: ref.by, value } });
}
