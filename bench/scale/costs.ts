/** What a million logins cost, with all that happens to them until their rows are gone. */
import { ASSUMED, DAY, type Load, type Measured } from './load.ts';

/** Assumptions, in dollars. Put in what you pay. */
export const PRICES = {
  vcpuHour: 0.04,
  /** Fast disk, each copy. */
  gigabyteMonth: 0.1,
  /** Between zones or regions. */
  gigabyteSent: 0.02,
  /** Two standbys beside the primary. */
  copies: 3,
  /** Processors of the machine whose rates were measured: node, primary and load shared them. */
  primaryVcpus: 2,
  nodeVcpus: 1,
} as const;

const MILLION = 1e6;
const GB = 1e9;
const HOUR = 3_600;

export interface Cost {
  readonly what: string;
  readonly formula: string;
  readonly dollars: number;
}

export function costsOf(load: Load, measured: Measured): Cost[] {
  const { vcpuHour, gigabyteMonth, gigabyteSent, copies, primaryVcpus, nodeVcpus } = PRICES;
  const perLogin = (rate: number) => rate / load.logins;
  // Machines stand there for the peak, and are kept below their limit.
  const standing = (load.peak / ASSUMED.utilisation / HOUR) * vcpuHour * MILLION;
  const loginMonths = load.bytes / (load.logins * DAY * 30);
  return [
    {
      what: 'passwords',
      formula: 'argon2 seconds',
      dollars: measured.passwordSeconds * standing,
    },
    {
      what: 'writes at the primary and its copies',
      formula: 'writes per login × vCPUs × copies / issue_rate',
      dollars: ((perLogin(load.writes) * primaryVcpus * copies) / measured.issueRate) * standing,
    },
    {
      what: 'look-ups at the primary',
      formula: 'introspections per login × vCPUs / lookup_rate_primary',
      dollars: ((perLogin(load.introspections) * primaryVcpus) / measured.lookupRatePrimary) * standing,
    },
    {
      what: 'Introspect at the nodes',
      formula: 'introspections per login × vCPUs / introspect_rate_per_node',
      dollars: ((perLogin(load.introspections) * nodeVcpus) / measured.introspectRatePerNode) * standing,
    },
    {
      what: 'storage',
      formula: 'byte-months per login × copies',
      dollars: (loginMonths / GB) * copies * gigabyteMonth * MILLION,
    },
    {
      what: 'WAL to the copies',
      formula: 'WAL ceiling per login × (copies − 1)',
      dollars: (perLogin(load.walCeiling) / GB) * (copies - 1) * gigabyteSent * MILLION,
    },
  ];
}
