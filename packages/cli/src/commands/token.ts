import { BusanaError, roleSchema, roles, type Role, type TokenRequest } from '@busana/contracts';
import type { Database } from '@busana/server';
import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { shopPlace, withDatabaseFlags, type ShopFlags } from '../shop-flags.ts';

interface CreateFlags extends ShopFlags {
  readonly role: string;
  readonly requests?: string;
}

/** What people and programs show to a server that asks for a login. */
export function tokenCommand(program: Command, { output }: CommandContext): void {
  const token = program.command('token').description('make, list or revoke tokens for a server that asks for a login');
  token.helpOption('--help', 'show this help').helpCommand(false);

  const create = token
    .command('create')
    .description('make a token; it is printed once and cannot be told again')
    .argument('<name>', 'whose it is; corrections are written down under this name')
    .requiredOption('--role <role>', `${roles.join(', ')}: may look and ask; change the catalogue; do everything`)
    .option('--requests <number>', 'requests a minute that it may make (default: 3000)');
  withCommonFlags(withDatabaseFlags(create), 'busana token create rina --role editor').action(
    async (name: string, { role, requests, ...flags }: CreateFlags) => {
      const { createToken } = await import('@busana/server');
      const made = await withDatabase(flags, (orm) =>
        createToken(orm, { name, role: expectRole(role), ...quotaOf(requests) }),
      );
      output.line(`${made.token}\nkeep it: it is told this once`);
      output.result(made);
    },
  );

  const list = token.command('list').description('the tokens that are good');
  withCommonFlags(withDatabaseFlags(list), 'busana token list').action(async (flags: ShopFlags) => {
    const { listTokens } = await import('@busana/server');
    const tokens = await withDatabase(flags, (orm) => listTokens(orm));
    output.table(
      ['id', 'name', 'role', 'requests a minute', 'last used'],
      tokens.map(({ id, name, role, requests_per_minute: requests, last_used_at }) => {
        return [String(id), name, role, requests === null ? '3000' : String(requests), last_used_at ?? 'never'];
      }),
    );
    output.result(tokens);
  });

  const revoke = token
    .command('revoke')
    .description('make a token useless from the next request on')
    .argument('<id>', 'from busana token list');
  withCommonFlags(withDatabaseFlags(revoke), 'busana token revoke 3').action(async (id: string, flags: ShopFlags) => {
    if (!/^\d{1,15}$/.test(id)) throw new BusanaError('CONFIG_INVALID', `'${id}' is not the id of a token`);
    const { revokeToken } = await import('@busana/server');
    await withDatabase(flags, (orm) => revokeToken(orm, Number(id)));
    output.line(`token ${id} is revoked`);
    output.result({ id: Number(id), revoked: true });
  });
}

async function withDatabase<T>(flags: ShopFlags, work: (orm: Database['orm']) => Promise<T>): Promise<T> {
  const { openDatabase } = await import('@busana/server');
  const opened = await openDatabase(shopPlace(flags).database);
  try {
    return await work(opened.orm);
  } finally {
    await opened.close();
  }
}

/** @throws BusanaError CONFIG_INVALID */
function quotaOf(text: string | undefined): Pick<TokenRequest, 'requests_per_minute'> {
  if (text === undefined) return {};
  if (/^[1-9]\d{0,5}$/.test(text)) return { requests_per_minute: Number(text) };
  throw new BusanaError('CONFIG_INVALID', `--requests '${text}' is not a number from 1 to 999999`);
}

/** @throws BusanaError CONFIG_INVALID */
function expectRole(text: string): Role {
  const role = roleSchema.safeParse(text);
  if (role.success) return role.data;
  throw new BusanaError('CONFIG_INVALID', `--role '${text}' is none of ${roles.join(', ')}`);
}
