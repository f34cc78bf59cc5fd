/** @file Who may do what, where the server asks for a login. */
import { z } from 'zod';

/** Each may do what those before it may: look and ask; change the catalogue; train, choose models, give out tokens. */
export const roles = ['viewer', 'editor', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

const time = z.iso.datetime({ offset: true });

/** Who is asking. */
export const sessionSchema = z.object({
  /** Whether a token is needed at all: a server for its own machine alone needs none. */
  login: z.boolean(),
  name: z.string(),
  role: roleSchema,
});
export type Session = z.infer<typeof sessionSchema>;

export const loginSchema = z.object({ token: z.string().min(1).max(200) });

export const tokenRequestSchema = z.object({
  /** Whose it is; corrections are written down under this name. */
  name: z.string().trim().min(1).max(100),
  role: roleSchema,
  /** How many it may make; left out or null: as many as any, 3000. */
  requests_per_minute: z.int().min(1).max(1_000_000).nullable().optional(),
});
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

export const tokenSchema = tokenRequestSchema.extend({
  id: z.int(),
  requests_per_minute: z.int().nullable(),
  created_at: time,
  /** To the minute; null when nobody has used it yet. */
  last_used_at: time.nullable(),
});
export type Token = z.infer<typeof tokenSchema>;

/** With the token itself, which is told once and kept nowhere. */
export const newTokenSchema = tokenSchema.extend({ token: z.string() });
