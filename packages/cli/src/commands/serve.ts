import { BusanaError } from '@busana/contracts';
import type { Command } from 'commander';
import { once } from 'node:events';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { threadsOption, withThreadsFlag, type ThreadsFlag } from '../engine-flags.ts';

interface ServeFlags extends ThreadsFlag {
  readonly port: string;
  readonly host: string;
  readonly database?: string;
  readonly storage?: string;
  readonly data: string;
  readonly work: boolean;
  readonly model?: string;
  readonly login?: boolean;
  readonly proxy?: string;
  readonly traces?: string;
}

export function serveCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('serve')
    .description('the shop in the browser, and over HTTP: predictions, imports, the catalogue')
    .option('--port <number>', 'port to listen on, 0 for any that is free', '3000')
    .option('--host <address>', 'address to listen on; any other than 127.0.0.1 needs tokens', '127.0.0.1')
    .option('--login', 'ask for tokens on this machine too, e.g. behind a proxy; see busana token')
    .option('--proxy <addresses>', 'proxies on other machines whose X-Forwarded-* is believed, e.g. 10.0.0.0/8')
    .option('--database <url>', 'postgres://… (default: embedded, in --data)')
    .option('--storage <place>', 's3://bucket/prefix?endpoint=…, or a folder, for photos and models (default: --data)')
    .option('--data <folder>', 'for all that has no other place, such as the embedded database', 'data')
    .option('--no-work', 'leave imports, trainings and analyses to workers; see busana worker')
    .option('--traces <address>', 'collector of OpenTelemetry (OTLP over HTTP), e.g. http://127.0.0.1:4318')
    .option(
      '--model <file>',
      'model.onnx or run folder to begin with; one that is activated later stays (default: the one that comes with busana)',
    );
  withCommonFlags(withThreadsFlag(command), 'busana serve --port 8080 --data shop').action(
    async ({ port, host, database, storage, data, model, threads, work, login = false, proxy, traces }: ServeFlags) => {
      const [{ serve }, { shippedModel }, { site }] = await Promise.all([
        import('@busana/server'),
        import('@busana/vision'),
        import('@busana/web'),
      ]);
      const chosen = model ?? (await shippedModel());
      if (chosen === undefined) {
        throw new BusanaError('MODEL_NOT_FOUND', 'no model is named, and none came with busana', {
          remedy: 'Name one: busana serve --model runs/train',
        });
      }
      const server = await serve({
        host,
        login,
        port: portOf(port),
        ...(proxy !== undefined && { proxy }),
        ...(database !== undefined && { database }),
        ...(storage !== undefined && { storage }),
        ...(traces !== undefined && { traces }),
        data,
        work,
        model: chosen,
        version: program.version() ?? '',
        // In a clone the pages are made while the model is loaded; who opens one before waits for it.
        site: site(),
        ...threadsOption(threads === undefined ? {} : { threads }),
        // A line for every request is for programs; whoever sits at the terminal is told what fails.
        logger: { level: output.options.quiet || process.stderr.isTTY ? 'warn' : 'info', stream: process.stderr },
      });
      output.line(`listening on ${server.address} (stop with Ctrl-C)`);
      output.result({ address: server.address });
      if (!signal.aborted) await once(signal, 'abort');
      await server.close();
    },
  );
}

/** @throws BusanaError CONFIG_INVALID */
function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new BusanaError('CONFIG_INVALID', `--port '${text}' is not a number from 0 to 65535`);
}
