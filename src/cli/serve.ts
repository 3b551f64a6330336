import { Command } from 'commander';
import { type ServeOptions, serveConfig, serveOptions } from '../config/serve.ts';
import { openLog } from '../server/log.ts';
import { describeLocation } from '../store/open.ts';

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
  const log = openLog(config.logLevel);
  // Not before: the operator's commands start in half the time without the servers' libraries.
  const { serve } = await import('../server/serve.ts');
  const running = await serve(config, log, (text) => process.stdout.write(text));
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) {
        log.warn({ signal }, 'ended before it was drained');
        process.exit(1);
      }
      stopping = true;
      running.stop().then(
        // Connections whose peers have gone silent would hold the process for as long as the kernel keeps them.
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ cause: String(error) }, 'draining failed');
          process.exit(1);
        },
      );
    });
  }
  process.stdout.write(
    `symbolon ready: gRPC on ${running.grpcAddress}, HTTP on ${running.httpAddress}, data in ${describeLocation(config.store)}\n`,
  );
}
