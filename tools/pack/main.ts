/** @file `npm run pack [-- --out FOLDER]`: every package as the archive that a registry takes. */
import { parseArgs } from 'node:util';
import { packAll } from './pack.ts';
import { overLimit, sizeTable } from './sizes.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'packed' } } });

const packed = await packAll(values.out);
console.log(sizeTable(packed));
const problems = overLimit(packed);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
