/**
 * What a server acknowledged, and what it must therefore still know after a crash. A call that was under way when the server was
 * killed has an unknown outcome, which is no failure: it may have taken place or not, and repeating it must settle it.
 */
import type { IssuedTokens } from '../../gen/ts/symbolon/v1/token_service.ts';
import { CallFailed, type TokenClient } from './grpc-client.ts';

/** One login and what was answered about it. */
export interface Lineage {
  /** The pair that was answered last. */
  current: IssuedTokens;
  /** Access tokens of the same lineage whose successor was answered. */
  readonly replaced: string[];
  /** Whether a revocation was answered. */
  isRevoked: boolean;
  /** The call that got no answer, if there is one. */
  unanswered: 'none' | 'refresh' | 'revoke';
  /** How the first pair was asked for, and what was answered; empty when the call can't be repeated. */
  readonly requestId: string;
  readonly first: IssuedTokens;
}

export class Ledger {
  readonly lineages: Lineage[] = [];
  /** Request ids of Issue calls that got no answer. */
  unansweredIssues: string[] = [];
  /** What Revoke answered for live tokens: each such call makes a revision of its own. */
  readonly revisions: number[] = [];

  get highestRevision(): number {
    return this.revisions.reduce((highest, each) => Math.max(highest, each), 0);
  }

  get unanswered(): number {
    return this.unansweredIssues.length + this.lineages.filter(({ unanswered }) => unanswered !== 'none').length;
  }

  issued(tokens: IssuedTokens, requestId: string): Lineage {
    const common = { current: tokens, first: tokens, requestId } as const;
    const lineage: Lineage = { ...common, replaced: [], isRevoked: false, unanswered: 'none' };
    this.lineages.push(lineage);
    return lineage;
  }
}

/** Whatever it takes to call the server that is judged. */
export interface Witness {
  readonly client: TokenClient;
  issue(requestId: string): Promise<IssuedTokens>;
}

/** How many lineages are looked at at once. */
const PARALLEL = 32;

/**
 * Compares a server with the ledger, settles what was unanswered by repeating it, and answers what is wrong. After that the
 * ledger holds no unanswered calls.
 */
export async function judge(ledger: Ledger, witness: Witness): Promise<string[]> {
  const faults = [...duplicates(ledger.revisions)];
  for (const requestId of ledger.unansweredIssues) {
    faults.push(...(await settleIssue(ledger, witness, requestId)));
  }
  ledger.unansweredIssues = [];
  for (let from = 0; from < ledger.lineages.length; from += PARALLEL) {
    const some = ledger.lineages.slice(from, from + PARALLEL);
    faults.push(...(await Promise.all(some.map((each) => judgeLineage(ledger, each, witness)))).flat());
  }
  const { revision } = await witness.client.introspect('nobody’s');
  if (revision < ledger.highestRevision) {
    faults.push(`the revision went back from ${ledger.highestRevision} to ${revision}`);
  }
  return faults;
}

function* duplicates(revisions: readonly number[]): Generator<string> {
  const seen = new Set<number>();
  for (const each of revisions) {
    if (seen.has(each)) {
      yield `two revocations were answered revision ${each}`;
    }
    seen.add(each);
  }
}

/** The same request id answers the same pair, however often it is asked. */
async function settleIssue(ledger: Ledger, { issue }: Witness, requestId: string): Promise<string[]> {
  const first = await issue(requestId);
  const second = await issue(requestId);
  ledger.issued(first, requestId);
  return areSame(first, second) ? [] : [`the Issue of family ${first.familyId} made two lineages when it was repeated`];
}

async function judgeLineage(ledger: Ledger, lineage: Lineage, witness: Witness): Promise<string[]> {
  try {
    return [
      ...(await settle(ledger, lineage, witness)),
      ...(lineage.isRevoked ? await judgeRevoked(lineage, witness) : await judgeLive(lineage, witness)),
      ...(await judgeReplaced(lineage, witness)),
    ];
  } catch (error) {
    return [`family ${lineage.current.familyId}: ${String(error)}`];
  }
}

async function settle(ledger: Ledger, lineage: Lineage, { client }: Witness): Promise<string[]> {
  const { unanswered, current } = lineage;
  lineage.unanswered = 'none';
  if (unanswered === 'revoke') {
    const wasLive = await client.isActive(current.accessToken);
    const revision = await client.revokeToken(current.refreshToken);
    lineage.isRevoked = true;
    if (wasLive) {
      ledger.revisions.push(revision);
    }
  }
  if (unanswered === 'refresh') {
    const first = await client.refresh(current.refreshToken);
    const second = await client.refresh(current.refreshToken);
    lineage.replaced.push(current.accessToken);
    lineage.current = first;
    return areSame(first, second) ? [] : [`the Refresh of family ${first.familyId} made two lineages when repeated`];
  }
  return [];
}

async function judgeRevoked({ current }: Lineage, { client }: Witness): Promise<string[]> {
  const faults = [];
  if (await client.isActive(current.accessToken)) {
    faults.push(`the revoked token ${current.tokenId} is active`);
  }
  const refreshed = await client.refresh(current.refreshToken).catch((error: unknown) => error);
  if (!(refreshed instanceof CallFailed) || refreshed.reason !== 'INVALID_REFRESH_TOKEN') {
    faults.push(`the revoked family ${current.familyId} was not refused a refresh: ${JSON.stringify(refreshed)}`);
  }
  return faults;
}

async function judgeLive({ current, first, requestId }: Lineage, witness: Witness): Promise<string[]> {
  const faults = [];
  const { active, tokenId, familyId } = await witness.client.introspect(current.accessToken);
  if (!active) {
    faults.push(`the acknowledged token ${current.tokenId} is not active`);
  } else if (tokenId !== current.tokenId || familyId !== current.familyId) {
    faults.push(`the token ${current.tokenId} of ${current.familyId} is ${tokenId} of ${familyId}`);
  }
  // Once it was refreshed, there is no answer left that the request id could get again.
  if (requestId !== '' && current === first && !areSame(first, await witness.issue(requestId))) {
    faults.push(`the Issue of family ${current.familyId} is not known by its request id`);
  }
  return faults;
}

async function judgeReplaced({ replaced, current }: Lineage, { client }: Witness): Promise<string[]> {
  const faults = [];
  for (const token of replaced) {
    if (await client.isActive(token)) {
      faults.push(`a replaced token of family ${current.familyId} is active`);
    }
  }
  return faults;
}

function areSame(one: IssuedTokens, other: IssuedTokens): boolean {
  return one.accessToken === other.accessToken && one.refreshToken === other.refreshToken;
}
