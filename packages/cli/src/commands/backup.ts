import { BusanaError } from '@busana/contracts';
import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { shopPlace, withShopFlags, type ShopFlags } from '../shop-flags.ts';

/** Units of what people are told of sizes. */
const MEBIBYTE = 2 ** 20;

export function backupCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('backup')
    .description('all of a shop in one file, as it was at one moment; servers on PostgreSQL go on meanwhile')
    .requiredOption('--output <file>', 'tar that is written, whole or not at all');
  withCommonFlags(
    withShopFlags(command),
    'busana backup --database postgres://shop@db/shop --storage s3://shop/files --output shop.tar',
  ).action(
    // prettier-ignore
    async ({ output: file, ...flags }: ShopFlags & { readonly output: string }) => {
      const { backupShop } = await import('@busana/server');
      const manifest = await backupShop({
        ...shopPlace(flags),
        ...{ output: file, version: program.version() ?? '', signal },
        onProgress: (step, done, total) => output.progress(step, done, total),
      });
      const { tables, objects } = manifest;
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      output.line(`${rows} rows of ${tables.length} tables and ${objects.count} files (${(objects.bytes / MEBIBYTE).toFixed(1)} MiB) as of ${manifest.created_at} are in ${file}`); // prettier-ignore
      output.line(`prove it at any time: busana restore ${file} --verify`);
      output.result({ output: file, ...manifest });
    },
  );
}

export function restoreCommand(program: Command, { output, signal }: CommandContext): void {
  const command = program
    .command('restore')
    .description('a shop from its backup, into an empty database; or --verify alone')
    .argument('<file>', 'a backup')
    .option('--verify', 'read all of the backup, compare every hash and count, write nothing');
  withCommonFlags(
    withShopFlags(command),
    'busana restore shop.tar --database postgres://shop@db/new --storage s3://new/files',
  ).action(
    // prettier-ignore
    async (file: string, { verify = false, ...flags }: ShopFlags & { readonly verify?: boolean }) => {
      if (!(await stat(file).catch(() => undefined))?.isFile()) throw new BusanaError('DATA_NOT_FOUND', `${file} is not a file`, { remedy: 'Give the path of a backup.' }); // prettier-ignore
      const { restoreShop, verifyBackup } = await import('@busana/server');
      const onProgress = (step: string, done: number, total: number): void => output.progress(step, done, total);
      const manifest = verify
        ? (await verifyBackup(file, onProgress)).manifest
        : await restoreShop({ ...shopPlace(flags), file, onProgress, signal });
      const { tables, objects } = manifest;
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      output.line(`${verify ? 'whole' : 'restored'}: ${rows} rows and ${objects.count} files as of ${manifest.created_at}`);
      output.result({ verified: true, restored: !verify, ...manifest });
    },
  );
}
