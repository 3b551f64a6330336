/** Claim: Issue by client credentials, each durable before it is answered, at least 3,000 a second on two cores, load included. */
import { median, runLoad, startSymbolon } from './processes.ts';
import { basic, issueMessage } from './tokens.ts';

const RUNS = 3;

export async function benchIssue(): Promise<void> {
  const symbolon = await startSymbolon();
  const { service } = symbolon.demo;
  const rates: number[] = [];
  console.log('Issue by client credentials with refresh tokens, synchronous=FULL, server and load on two cores:');
  for (let run = 0; run < RUNS; run++) {
    const result = await runLoad({
      address: symbolon.address,
      path: '/symbolon.v1.TokenService/Issue',
      authorization: basic(service),
      messages: [issueMessage(service)],
      connections: 4,
      streams: 64,
      warmupSeconds: 1,
      seconds: 5,
    });
    rates.push(result.callsPerSecond);
    console.log(
      `  ${result.callsPerSecond}/s, p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, ${result.failed} failed`,
    );
  }
  console.log(`  median ${median(rates)}/s (goal: at least 3000)\n`);
  await symbolon.stop();
}
