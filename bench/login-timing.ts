/** Claim: nobody learns from the time that a refused login takes whether the user exists. */
import { median, startSymbolon } from './processes.ts';

/** Below what locks a name. */
const ROUNDS = 80;

export async function benchLoginTiming(): Promise<void> {
  const symbolon = await startSymbolon();
  const { http, user, device } = symbolon.demo;
  const bodies = {
    'wrong password': { username: user.login_name, password: 'wrong' },
    'unknown login name': { username: 'nobody-at-all', password: 'wrong' },
    'unknown e-mail': { username: 'nobody@example.com', password: 'wrong' },
    'what can be no name': { username: '§', password: 'wrong' },
    'wrong device password': { username: `VENDOR_THING_ID:${device.vendor_id}`, password: 'wrong' },
    'unknown device': { username: 'VENDOR_THING_ID:nobody', password: 'wrong' },
  };
  const times = new Map(Object.keys(bodies).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, body] of Object.entries(bodies)) {
      times.get(name)?.push(await timeOf(http, JSON.stringify(body)));
    }
  }
  const base = median(times.get('wrong password') ?? []);
  console.log(
    `Refused logins over REST, one at a time, in turn, ${ROUNDS} of each; medians against the wrong password:`,
  );
  for (const [name, values] of times) {
    console.log(`  ${name}: ${median(values).toFixed(2)} ms, ratio ${(median(values) / base).toFixed(3)}`);
  }
  console.log('');
  await symbolon.stop();
}

async function timeOf(http: string, body: string): Promise<number> {
  const begin = performance.now();
  const response = await fetch(`http://${http}/api/apps/demo/oauth2/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  await response.text();
  if (response.status !== 400) {
    throw new Error(`a refused login answered ${response.status}`);
  }
  return performance.now() - begin;
}
