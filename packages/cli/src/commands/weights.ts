import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';

interface CacheFlags {
  readonly cache?: string;
}

export function weightsCommand(program: Command, { output, signal }: CommandContext): void {
  const weights = program.command('weights').description('list or download pretrained weights');
  weights.helpOption('--help', 'show this help').helpCommand(false);
  const list = weights
    .command('list')
    .description('the pretrained weights of each architecture, and which are here')
    .option('--cache <folder>', 'where downloads are kept (default: the cache folder of the user)');
  withCommonFlags(list, 'busana weights list').action(async (flags: CacheFlags) => {
    const { listWeights } = await import('@busana/vision');
    const rows = await listWeights(flags.cache);
    output.table(
      ['name', 'licence', 'file'],
      rows.map((row) => [row.name, row.licence ?? '-', 'address' in row ? where(row) : row.reason]),
    );
    output.result(rows);
  });
  const pull = weights
    .command('pull')
    .description('download official weights, verified by their published hash')
    .argument('<name>', 'an architecture with an address in `busana weights list`')
    .option('--cache <folder>', 'where downloads are kept (default: the cache folder of the user)');
  withCommonFlags(pull, 'busana weights pull resnet18').action(async (name: string, flags: CacheFlags) => {
    const { pullWeights } = await import('@busana/vision');
    const result = await pullWeights(name, {
      ...(flags.cache !== undefined && { cache: flags.cache }),
      onProgress: (done, total) => output.progress(`${name}, bytes`, done, total),
      signal,
    });
    output.line(`${result.downloaded ? 'downloaded' : 'already here'}: ${result.file}`);
    output.line(`${result.bytes.toLocaleString('en')} bytes, SHA-256 ${result.sha256}, licence ${result.licence}`);
    output.result(result);
  });
}

function where({ address, file, present }: { address: string; file: string; present: boolean }): string {
  return present ? file : address;
}
