/** The public surface of the catalogue. */
export { addProducts, type ModelLabel, type NewProduct } from './catalogue/add.ts';
export { correct, undo, type Correction } from './catalogue/correct.ts';
export { facets, stockMatrix, type Count, type Facets } from './catalogue/count.ts';
export { findProducts, wordsInUse, type Page, type Product, type ProductFilter } from './catalogue/find.ts';
export { doubtfulWords, understand, type Understood } from './catalogue/understand.ts';
export { serve, type RunningServer, type ServeOptions } from './serve.ts';
export type { Database } from './database/open.ts';
export { openDatabase } from './database/up-to-date.ts';
export { createToken, listTokens, revokeToken } from './access/tokens.ts';
export { work, type RunningWorker, type WorkOptions } from './work.ts';
export { queueNames, type QueueName } from './database/queue-tables.ts';
export { verifyBackup } from './backup/verify.ts';
export { backupShop, restoreShop, upgradeShop } from './maintenance.ts';
export { jobsState } from './jobs/dead.ts';
