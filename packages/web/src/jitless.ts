/**
 * @file Imported before anything that makes a schema: schemas compiled at run time are scripts that the content policy of
 * the server does not allow, and a schema decides about that when it is made.
 */
import { z } from 'zod';

z.config({ jitless: true });
