import { z } from 'zod';

/** What the command line reads of its own package.json. */
export const manifestSchema = z.object({ version: z.string() });
