import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const beside = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const folder = process.env['BUSANA_TEST_DATA'] ?? beside;

/** Folder of the real photos (BUSANA_TEST_DATA, else beside the repository); undefined where there are none. */
export const sharedData: string | undefined = existsSync(folder) ? folder : undefined;
