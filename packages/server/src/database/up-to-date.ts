/** @file A database whose tables are those of this version. */
import { migrate } from './migrate.ts';
import { connectDatabase, unopened, type Database } from './open.ts';
import { makeQueueTables } from './queue-tables.ts';

/**
 * Opens a database and brings its tables up to date.
 * @param where `postgres://…`, or a folder, made where missing
 * @throws BusanaError DATABASE_UNAVAILABLE, DATABASE_NEWER
 */
export async function openDatabase(where: string): Promise<Database> {
  const database = await connectDatabase(where);
  try {
    await database.inTurn(async (orm, executeSql) => {
      await migrate(orm);
      await makeQueueTables(executeSql);
    });
    return database;
  } catch (error) {
    await database.close();
    throw unopened(where, error);
  }
}
