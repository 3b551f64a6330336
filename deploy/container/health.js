// What a container's probes run, by the settings of `symbolon serve`: ends with 0 when the server beside it says that it serves, and
// with --alive when it answers at all. A store that is away is no reason to start a server anew.
import { get as getPlain } from 'node:http';
import { get as getSecurely } from 'node:https';

const MAX_WAIT_MS = 4_000;
const { SYMBOLON_HTTP_ADDRESS: address = '127.0.0.1:8080', SYMBOLON_TLS_CERT: certificate } = process.env;
const isAliveEnough = process.argv[2] === '--alive';
const port = address.slice(address.lastIndexOf(':') + 1);
// It is this machine: what name the certificate has does not matter.
const options = { host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false, timeout: MAX_WAIT_MS };
const fail = (reason) => {
  process.stderr.write(`unhealthy: ${reason}\n`);
  process.exit(1);
};
(certificate === undefined ? getPlain : getSecurely)(options, ({ statusCode }) =>
  statusCode === 200 || isAliveEnough ? process.exit(0) : fail(`/health answers ${statusCode}`),
)
  .on('timeout', () => fail('no answer'))
  .on('error', ({ message }) => fail(message));
