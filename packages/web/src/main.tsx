import { z } from 'zod';

// Schemas compiled at run time are scripts that the content policy of the server does not allow. A schema decides about
// that when it is made, so everything that makes one comes later.
z.config({ jitless: true });
void import('./start.tsx');
