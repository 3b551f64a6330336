import { Command } from 'commander';
import { type ServeOptions, serveConfig, serveOptions } from '../config/serve.ts';
import { LineWriter } from '../server/line-writer.ts';
import { endOnFaults } from '../server/serving/faults.ts';
import { Signals } from '../server/signals.ts';

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;

/** `symbolon serve`: runs until SIGTERM or SIGINT, then drains. */
export function serveCommand(): Command {
  const command = new Command('serve').description('run the token service');
  for (const option of serveOptions()) {
    command.addOption(option);
  }
  return command.action(run);
}

async function run(options: ServeOptions): Promise<void> {
  const config = serveConfig(options);
  // Not before: the operator's commands start in half the time without the servers' libraries.
  const { openLog } = await import('../server/serving/log.ts');
  // Written at once: what a crash was preceded by is what the log is for. What can't be written costs its lines and not the server.
  const lines = new LineWriter(STANDARD_ERROR, (count) => log.warn({ lines: count }, 'lines of the log were lost'));
  const log = openLog(config.logLevel, lines);
  endOnFaults(log);
  const signals = new Signals(log, (code) => process.exit(code));
  signals.listen();
  const output = new LineWriter(STANDARD_OUTPUT);
  const { describeLocation } = await import('../store/open.ts');
  const { serve } = await import('../server/serve.ts');
  const running = await serve(config, {
    log,
    writeLines: (text) => lines.write(text),
    print: (text) => output.write(text),
  });
  signals.serve(running);
  output.write(
    `symbolon ready: gRPC on ${running.grpcAddress}, HTTP on ${running.httpAddress}, data in ${describeLocation(config.store)}\n`,
  );
}
