/** @file `prepare.ts WHERE empty|ready`: makes a database for tests to copy, in a process that gives its memory back at once. */
import { connectDatabase } from '../../packages/server/src/database/open.ts';
import { openDatabase } from '../../packages/server/src/database/up-to-date.ts';

const [where = '', state] = process.argv.slice(2);
const database = await (state === 'ready' ? openDatabase(where) : connectDatabase(where));
await database.close();
