/** (b) Families and rows over time: every login and refresh of a small population is played, and what is there is counted hourly. */
import { ASSUMED, DAY, loadOf, type Measured } from './load.ts';
import { Chance, type Check } from './random.ts';

const USERS = 2_000;
const WARM_UP_DAYS = ASSUMED.familyDays;
const DAYS = 120;
const HOURS = 24;

/** A count that goes up and down by the hour. */
class Count {
  readonly #steps = new Float64Array((WARM_UP_DAYS + DAYS) * HOURS + 1);

  add(fromDay: number, toDay: number): void {
    const [from, to] = [fromDay, toDay].map((day) => Math.min(Math.ceil(day * HOURS), this.#steps.length - 1));
    this.#steps[from as number] = (this.#steps[from as number] as number) + 1;
    this.#steps[to as number] = (this.#steps[to as number] as number) - 1;
  }

  /** Over the days after the warm-up. */
  mean(): number {
    let [sum, level] = [0, 0];
    for (let hour = 0; hour < (WARM_UP_DAYS + DAYS) * HOURS; hour++) {
      level += this.#steps[hour] as number;
      sum += hour >= WARM_UP_DAYS * HOURS ? level : 0;
    }
    return sum / (DAYS * HOURS);
  }
}

/** Moments at `perDay` on average, more by day and fewer by night: thinned from the highest rate. */
function* moments(chance: Chance, from: number, to: number, perDay: number): Generator<number> {
  const swing = ASSUMED.dailyPeak - 1;
  for (let day = from; ; ) {
    day += chance.exponential(1 / (perDay * (1 + swing)));
    if (day >= to) {
      return;
    }
    if (chance.next() * (1 + swing) < 1 + swing * Math.sin(2 * Math.PI * day)) {
      yield day;
    }
  }
}

export function checkFamilies(measured: Measured): Check[] {
  const chance = new Chance(2);
  const { familyDays, devicesPerUser, logoutShare, refreshesPerUserAndDay, loginsPerUserAndMonth } = ASSUMED;
  const loginsPerDay = (USERS * loginsPerUserAndMonth) / 30;
  const wantedDays = (USERS * devicesPerUser) / loginsPerDay;
  const [used, live, families] = [new Count(), new Count(), new Count()];
  const byHour = new Float64Array(HOURS);
  let refreshes = 0;
  for (const born of moments(chance, 0, WARM_UP_DAYS + DAYS, loginsPerDay)) {
    const ends = born + familyDays;
    const leaves = Math.min(ends, born + chance.exponential(wantedDays));
    used.add(born, leaves);
    live.add(born, chance.next() < logoutShare ? leaves : ends);
    families.add(born, ends);
    for (const day of moments(chance, born, leaves, refreshesPerUserAndDay / devicesPerUser)) {
      if (day >= WARM_UP_DAYS && day < WARM_UP_DAYS + DAYS) {
        refreshes++;
        const hour = Math.floor((day % 1) * HOURS);
        byHour[hour] = (byHour[hour] as number) + 1;
      }
    }
  }
  const load = loadOf(measured, { ...ASSUMED, users: USERS });
  return [
    { what: 'families in use', formula: load.usedFamilies, simulated: used.mean() },
    { what: 'live families', formula: load.liveFamilies, simulated: live.mean() },
    { what: 'family rows', formula: load.familyRows, simulated: families.mean() },
    { what: 'refreshes a day', formula: load.refreshes * DAY, simulated: refreshes / DAYS },
    {
      what: 'busiest hour / mean hour of refreshes',
      // The mean of the sine over the hour before or after its crest.
      formula: 1 + ((ASSUMED.dailyPeak - 1) * HOURS * Math.sin(Math.PI / 12)) / (2 * Math.PI),
      simulated: (Math.max(...byHour) * HOURS) / refreshes,
    },
  ];
}
