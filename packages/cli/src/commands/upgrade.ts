import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { shopPlace, withDatabaseFlags, type ShopFlags } from '../shop-flags.ts';

export function upgradeCommand(program: Command, { output }: CommandContext): void {
  const command = program
    .command('upgrade')
    .description('bring the tables of a database up to date, forwards only; servers do so when they start')
    .option('--dry-run', 'do all of it in one transaction, say what it was, and take it back');
  withCommonFlags(withDatabaseFlags(command), 'busana upgrade --dry-run --database postgres://shop@db/shop').action(
    async ({ dryRun = false, ...flags }: ShopFlags & { readonly dryRun?: boolean }) => {
      const { upgradeShop } = await import('@busana/server');
      const { before, now } = await upgradeShop(shopPlace(flags).database, { tried: dryRun });
      output.line(now.length === 0 ? `nothing to do: the tables are at ${before.at(-1) ?? 'nothing'}` : `${dryRun ? 'would change' : 'changed'} the tables from ${before.at(-1) ?? 'nothing'} by:`); // prettier-ignore
      for (const name of now) output.line(`  ${name}`);
      if (dryRun && now.length > 0) output.line('all of it was tried and taken back; back up first: busana backup');
      output.result({ before, now, dry_run: dryRun });
    },
  );
}
