/** @file Where a shop is, as the commands take it that work on one. */
import type { Command } from 'commander';
import { join } from 'node:path';

export interface ShopFlags {
  readonly database?: string;
  readonly storage?: string;
  readonly data: string;
}

export function withDatabaseFlags(command: Command): Command {
  return command
    .option('--database <url>', 'postgres://… (default: embedded, in --data)')
    .option('--data <folder>', 'where the server keeps what has no other place', 'data');
}

export function withShopFlags(command: Command): Command {
  return withDatabaseFlags(command).option('--storage <place>', 's3://bucket/prefix?endpoint=…, or a folder, of photos and models (default: --data)'); // prettier-ignore
}

export function shopPlace({ database, storage, data }: ShopFlags): { database: string; storage: string } {
  return { database: database ?? join(data, 'database'), storage: storage ?? data };
}
