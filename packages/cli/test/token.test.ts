import { newTokenSchema, tokenSchema } from '@busana/contracts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runBinary } from './support/binary.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busana-token-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('busana token', () => {
  it('makes tokens, lists and revokes them', async () => {
    const create = await runBinary(folder, ['token', 'create', 'rina', '--role', 'editor', '--json']);
    const { token, id } = newTokenSchema.parse(JSON.parse(create.stdout));
    expect(token).toMatch(/^busana_[\w-]{43}$/);
    const again = await runBinary(folder, ['token', 'create', 'rina', '--role', 'admin']);
    expect([again.code, again.stderr.split('\n')[0]]).toEqual([2, 'error USAGE: rina has a token already']);
    expect((await runBinary(folder, ['token', 'revoke', String(id)])).stdout).toBe(`token ${id} is revoked\n`);
    const { stdout } = await runBinary(folder, ['token', 'list', '--json']);
    expect(z.array(tokenSchema).parse(JSON.parse(stdout))).toEqual([]);
  }, 60_000);

  it('says which roles there are', async () => {
    const { code, stderr } = await runBinary(folder, ['token', 'create', 'rina', '--role', 'king']);
    expect([code, stderr.split('\n')[0]]).toEqual([2, "error CONFIG_INVALID: --role 'king' is none of viewer, editor, admin"]); // prettier-ignore
  });
});
