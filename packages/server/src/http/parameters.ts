/** @file Parts of addresses that many routes have. */
import { z } from 'zod';

export const idSchema = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });

/** What names photos and models: the hash of what they contain. */
export const contentHash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');
