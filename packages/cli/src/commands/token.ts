import { BusanaError, roleSchema, roles, type Role } from '@busana/contracts';
import type { Database } from '@busana/server';
import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';
import { shopPlace, withDatabaseFlags, type ShopFlags } from '../shop-flags.ts';

/** What people and programs show to a server that asks for a login. */
export function tokenCommand(program: Command, { output }: CommandContext): void {
  const token = program.command('token').description('make, list or revoke tokens for a server that asks for a login');
  token.helpOption('--help', 'show this help').helpCommand(false);

  const create = token
    .command('create')
    .description('make a token; it is printed once and cannot be told again')
    .argument('<name>', 'whose it is; corrections are written down under this name')
    .requiredOption('--role <role>', `${roles.join(', ')}: may look and ask; change the catalogue; do everything`);
  withCommonFlags(withDatabaseFlags(create), 'busana token create rina --role editor').action(
    async (name: string, { role, ...flags }: ShopFlags & { readonly role: string }) => {
      const { createToken } = await import('@busana/server');
      const made = await withDatabase(flags, (orm) => createToken(orm, { name, role: expectRole(role) }));
      output.line(`${made.token}\nkeep it: it is told this once`);
      output.result(made);
    },
  );

  const list = token.command('list').description('the tokens that are good');
  withCommonFlags(withDatabaseFlags(list), 'busana token list').action(async (flags: ShopFlags) => {
    const { listTokens } = await import('@busana/server');
    const tokens = await withDatabase(flags, (orm) => listTokens(orm));
    output.table(
      ['id', 'name', 'role', 'last used'],
      tokens.map(({ id, name, role, last_used_at }) => [String(id), name, role, last_used_at ?? 'never']),
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
function expectRole(text: string): Role {
  const role = roleSchema.safeParse(text);
  if (role.success) return role.data;
  throw new BusanaError('CONFIG_INVALID', `--role '${text}' is none of ${roles.join(', ')}`);
}
