/**
 * @file Tokens: what a person or a program shows instead of a password. They are 32 random bytes, so their SHA-256 is
 * enough at rest: nothing can be tried out as it can with passwords (OWASP, Password Storage Cheat Sheet, on keys).
 */
import { BusanaError, type Role, type Token, type TokenRequest } from '@busana/contracts';
import { hashOf } from '@busana/vision';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { randomBytes } from 'node:crypto';
import type { Orm } from '../database/open.ts';
import { tokens } from '../database/schema/tokens.ts';

/** Who is asking. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
  /** Requests a minute; null: as many as any. */
  readonly requests: number | null;
}

/** So that scanners for secrets find it where it should not be. */
const PREFIX = 'busana_';

/** @returns the token with what is known of it; it cannot be told again @throws BusanaError USAGE when the name is taken */
export async function createToken(
  orm: Orm,
  { name, role, requests_per_minute: requestsPerMinute = null }: TokenRequest,
): Promise<Token & { token: string }> {
  const token = PREFIX + randomBytes(32).toString('base64url');
  const [row] = await orm
    .insert(tokens)
    .values({ name, role, requestsPerMinute, hash: hashOf([token]) })
    .onConflictDoNothing()
    .returning();
  if (row === undefined) {
    throw new BusanaError('USAGE', `${name} has a token already`, { remedy: 'Revoke that one first, or use another name.' }); // prettier-ignore
  }
  return { ...asToken(row), token };
}

/** Tokens that are good, the oldest first. */
export async function listTokens(orm: Orm): Promise<Token[]> {
  const rows = await orm.select().from(tokens).where(isNull(tokens.revokedAt)).orderBy(asc(tokens.id));
  return rows.map(asToken);
}

/** Good no more, from the next request on. @throws BusanaError TOKEN_NOT_FOUND */
export async function revokeToken(orm: Orm, id: number): Promise<void> {
  const revoked = await orm
    .update(tokens)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
    .returning({ id: tokens.id });
  if (revoked.length === 0) throw new BusanaError('TOKEN_NOT_FOUND', `there is no token ${id}`);
}

/** Whose a token is; undefined for what is none, or none any more. */
export async function actorOf(orm: Orm, token: string): Promise<Actor | undefined> {
  const [row] = await orm
    .select()
    .from(tokens)
    .where(and(eq(tokens.hash, hashOf([token])), isNull(tokens.revokedAt)));
  if (row === undefined) return undefined;
  await markUsed(orm, row);
  return { name: row.name, role: row.role, requests: row.requestsPerMinute };
}

/** A write a minute at most, however many requests. */
const MINUTE = 60_000;

async function markUsed(orm: Orm, { id, lastUsedAt }: typeof tokens.$inferSelect): Promise<void> {
  if (lastUsedAt !== null && Date.now() - lastUsedAt.getTime() < MINUTE) return;
  await orm
    .update(tokens)
    .set({ lastUsedAt: sql`now()` })
    .where(eq(tokens.id, id));
}

function asToken({ id, name, role, requestsPerMinute, createdAt, lastUsedAt }: typeof tokens.$inferSelect): Token {
  return {
    id,
    name,
    role,
    requests_per_minute: requestsPerMinute,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt?.toISOString() ?? null,
  };
}
