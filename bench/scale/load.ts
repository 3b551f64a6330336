/** The load of a billion users: stated assumptions, and what follows from them. Change an assumption and run it again. */

/** What one primary and one node carry. Where each figure comes from is said at the top of bench/scale.ts. */
export interface Measured {
  readonly issueRate: number;
  readonly introspectRatePerNode: number;
  readonly lookupRatePrimary: number;
  readonly bytesPerLogin: number;
  readonly walPerLogin: number;
  readonly walPerRefresh: number;
  readonly passwordSeconds: number;
}

/** Assumptions, every one of them. None was measured; a reader who knows better writes his own. */
export const ASSUMED = {
  users: 1e9,
  loginsPerUserAndMonth: 2,
  /** Places where a user is logged in and goes on using it; a login that is given up stays live until it expires. */
  devicesPerUser: 1.5,
  /** With access tokens of one hour. */
  refreshesPerUserAndDay: 4,
  actionsPerUserAndDay: 50,
  introspectionsPerAction: 2,
  /** Of the logins, how many end by logging out; the rest is left behind. */
  logoutShare: 0.3,
  /** Cutoffs (a new password, a lost phone, a disabled user). */
  cutoffsPerUserAndYear: 1,
  /** The default of a tenant whose logins can be refreshed: src/core/lifetimes.ts. */
  familyDays: 90,
  /** The busiest hour against the mean of the day, and the worst minutes against the busiest hour. */
  dailyPeak: 2,
  burst: 1.5,
  /** How busy a primary or a node may be at the peak. */
  utilisation: 0.6,
} as const;

export type Assumed = { readonly [K in keyof typeof ASSUMED]: number };

export const DAY = 86_400;
export const PAGE = 8_192;
/**
 * Pages that nothing else changed since the last checkpoint, so that they are logged in full. A login stands at the end of its table and
 * of two of its indexes; the third one goes by subject. A refresh and its confirmation touch the row alone.
 */
const COLD_PAGES = { login: 1, refresh: 1 };
/** A B-tree that is filled in random order is about ln 2 full; the hole is left out of a full-page image. */
const FULLNESS = Math.LN2;

export interface Load {
  readonly logins: number;
  readonly refreshes: number;
  readonly revocations: number;
  /** Transactions that write: a refresh is two, for its successor's first use confirms it. */
  readonly writes: number;
  readonly introspections: number;
  readonly peak: number;
  /** Days for which a login is used. */
  readonly usedDays: number;
  readonly usedFamilies: number;
  readonly liveFamilies: number;
  /** One for each login, however often it is refreshed. */
  readonly familyRows: number;
  readonly bytes: number;
  readonly walFloor: number;
  readonly walCeiling: number;
}

/** Means per second over all shards, and stocks by Little's law: rate times how long each stays. */
export function loadOf(measured: Measured, assumed: Assumed = ASSUMED): Load {
  const { users, familyDays } = assumed;
  const loginsPerDay = (users * assumed.loginsPerUserAndMonth) / 30;
  const wantedDays = (users * assumed.devicesPerUser) / loginsPerDay;
  // Use is given up at random and ends with the family at the latest.
  const usedDays = wantedDays * (1 - Math.exp(-familyDays / wantedDays));
  const refreshesPerUsedDay = assumed.refreshesPerUserAndDay / assumed.devicesPerUser;
  const refreshesPerDay = loginsPerDay * refreshesPerUsedDay * usedDays;
  const liveDays = (1 - assumed.logoutShare) * familyDays + assumed.logoutShare * usedDays;
  const logins = loginsPerDay / DAY;
  const refreshes = refreshesPerDay / DAY;
  const revocations = logins * assumed.logoutShare + (users * assumed.cutoffsPerUserAndYear) / (365 * DAY);
  const image = PAGE * FULLNESS;
  return {
    logins,
    refreshes,
    revocations,
    writes: logins + 2 * refreshes + revocations,
    introspections: (users * assumed.actionsPerUserAndDay * assumed.introspectionsPerAction) / DAY,
    peak: assumed.dailyPeak * assumed.burst,
    usedDays,
    usedFamilies: loginsPerDay * usedDays,
    liveFamilies: loginsPerDay * liveDays,
    familyRows: loginsPerDay * familyDays,
    bytes: loginsPerDay * familyDays * measured.bytesPerLogin,
    walFloor: logins * measured.walPerLogin + refreshes * measured.walPerRefresh,
    walCeiling:
      logins * (measured.walPerLogin + COLD_PAGES.login * image) +
      refreshes * (measured.walPerRefresh + COLD_PAGES.refresh * image),
  };
}

/** How many primaries as measured the mean load keeps busy: reads and writes take of the same processors. */
export function busyOf(load: Load, measured: Measured): number {
  return load.writes / measured.issueRate + load.introspections / measured.lookupRatePrimary;
}

/** Shards when a primary carries `factor` times what was measured. */
export function shardsOf(load: Load, measured: Measured, factor = 1): number {
  return Math.ceil((busyOf(load, measured) * load.peak) / (ASSUMED.utilisation * factor));
}

export function nodesOf(load: Load, measured: Measured): number {
  return Math.ceil((load.introspections * load.peak) / (measured.introspectRatePerNode * ASSUMED.utilisation));
}
