/** (a) Tenants on shards: sizes by Zipf's law, placed by a hash or by size, with and without splitting the large ones. */
import { Chance, type Check, mean } from './random.ts';

export const TENANTS = 100_000;
/** Size of the k-th largest: 1/k. */
const PLACEMENTS = 100;
const DRAWN_USERS = 300_000;
/** A piece of a tenant that is split is at most this much of a shard. */
const PIECE = 0.5;

const HARMONIC = Array.from({ length: TENANTS }, (_, i) => 1 / (i + 1)).reduce((sum, each) => sum + each, 0);
const SHARES = Array.from({ length: TENANTS }, (_, i) => 1 / ((i + 1) * HARMONIC));

export interface Placing {
  readonly largestTenant: number;
  readonly largerThanAShard: number;
  readonly shareInThem: number;
  /** The largest shard against the mean one. */
  readonly hashed: number;
  readonly hashedPieces: number;
  readonly bySizePieces: number;
}

function pieces(shards: number): number[] {
  return SHARES.flatMap((share) => {
    const count = Math.ceil((share * shards) / PIECE);
    return Array.from({ length: count }, () => share / count);
  }).sort((a, b) => b - a);
}

function hash(chance: Chance, sizes: readonly number[], shards: number): Float64Array {
  const loads = new Float64Array(shards);
  for (const size of sizes) {
    const shard = chance.below(shards);
    loads[shard] = (loads[shard] as number) + size * shards;
  }
  return loads;
}

function largest(loads: Float64Array): number {
  return loads.reduce((most, load) => Math.max(most, load), 0);
}

/** The largest first, each to the shard that has least: a heap of shards. */
function placeBySize(sizes: readonly number[], shards: number): number {
  const loads = new Float64Array(shards);
  let most = 0;
  for (const size of sizes) {
    loads[0] = (loads[0] as number) + size * shards;
    most = Math.max(most, loads[0]);
    sink(loads);
  }
  return most;
}

function sink(heap: Float64Array): void {
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    const least = left + 1 < heap.length && (heap[left + 1] as number) < (heap[left] as number) ? left + 1 : left;
    if (least >= heap.length || (heap[i] as number) <= (heap[least] as number)) {
      return;
    }
    [heap[i], heap[least]] = [heap[least] as number, heap[i] as number];
    i = least;
  }
}

export function placingOf(shards: number): Placing {
  const chance = new Chance(11);
  const split = pieces(shards);
  const hashedMost = (sizes: readonly number[], count: number) =>
    mean(Array.from({ length: 10 }, () => largest(hash(chance, sizes, count))));
  const large = SHARES.filter((share) => share * shards > 1);
  return {
    largestTenant: SHARES[0] as number,
    largerThanAShard: large.length,
    shareInThem: large.reduce((sum, share) => sum + share, 0),
    hashed: hashedMost(SHARES, shards),
    hashedPieces: hashedMost(split, shards),
    bySizePieces: placeBySize(split, shards),
  };
}

export function checkShards(shards: number): Check[] {
  const chance = new Chance(1);
  const variances: number[] = [];
  for (let i = 0; i < PLACEMENTS; i++) {
    variances.push(mean([...hash(chance, SHARES, shards)].map((load) => (load - 1) ** 2)));
  }
  const cumulative = new Float64Array(TENANTS);
  SHARES.reduce((sum, share, i) => {
    cumulative[i] = sum + share;
    return sum + share;
  }, 0);
  const { largerThanAShard, shareInThem } = placingOf(shards);
  let inThem = 0;
  for (let i = 0; i < DRAWN_USERS; i++) {
    inThem += chance.next() < (cumulative[largerThanAShard - 1] ?? 0) ? 1 : 0;
  }
  const squares = SHARES.reduce((sum, share) => sum + share ** 2, 0);
  return [
    {
      what: `spread of load over ${shards} shards, hashed (standard deviation / mean)`,
      formula: Math.sqrt((shards - 1) * squares),
      simulated: Math.sqrt(mean(variances)),
    },
    { what: '  users whose tenant is larger than a shard', formula: shareInThem, simulated: inThem / DRAWN_USERS },
    {
      what: '  largest shard / mean: by size, large tenants in pieces',
      formula: 1,
      simulated: placeBySize(pieces(shards), shards),
    },
  ];
}
