/** @file `npm run soak`: a server at mixed work for a long time, and whether its memory or its open files grow. */
import { setTimeout } from 'node:timers/promises';
import { readArguments, refuse } from '../bench/command-line.ts';
import { startServer } from '../load/server.ts';
import { countOf, lookAt, openFiles, type Look, type OpenFiles } from './look.ts';
import { ShopWork } from './shop.ts';
import { Stopwatch } from './stopwatch.ts';
import { judge } from './verdict.ts';

const help = `
npm run soak -- [--minutes N] [--warm-up N] [--photos FOLDER] [--database URL]

Predictions, imports, searches, corrections, exports and explanations against a server of its own, for N minutes after it
has warmed up. Ends with 1 when a request fails, when memory or open files grow, or when files stay open. Needs Linux.

  --minutes N       how long it is measured, at least 6 (default: 30)
  --warm-up N       minutes of the same work before, four times as fast; then ten at its pace (default: 60)
  --photos FOLDER   JPEGs (default: ../shared/data/hology/train)
  --database URL    postgres://… (default: the embedded one)

Example: npm run soak -- --minutes 10
`;
const { values } = readArguments(
  {
    options: {
      minutes: { type: 'string', default: '30' },
      'warm-up': { type: 'string', default: '60' },
      photos: { type: 'string', default: '../shared/data/hology/train' },
      database: { type: 'string' },
    },
  },
  help,
);
const minutes = Number(values.minutes);
if (!(minutes >= 6)) refuse('--minutes is a number from 6 on: less is too little to tell a slope from noise');
const warmUp = Number(values['warm-up']);
if (!(warmUp >= 0)) refuse('--warm-up is a number of minutes');

/** Predictions after which every answer that is remembered replaces another. */
const REMEMBERED = 5000;
/** Of these so many at once: a batch of the model is full. */
const RUSH = 20;
/** Of the work while the server warms up: four hours of it in one. */
const HURRY = 4;
/** Minutes from then on at the pace at which it is measured, until what the hurry took has gone. */
const SETTLING = 10;
/** Milliseconds. */
const [LOOK, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

const server = await startServer(values.database === undefined ? [] : ['--database', values.database]);
const watch = new Stopwatch();
const work = await ShopWork.of(server.address, values.photos, watch);
let wrong: readonly string[];
try {
  for (let done = 0; done < work.photos; done += 100) await work.importPhotos(100);
  for (let done = 0; done < REMEMBERED; done += RUSH)
    await Promise.all(Array.from({ length: RUSH }, () => work.predict()));
  await mixed('warm-up', warmUp, HURRY);
  await mixed('settling', SETTLING);
  const begun = countOf(work.counts);
  const open = await openFiles(server.pid);
  const looks = await mixed('measured', minutes);
  const verdict = judge(looks, open, await afterwards(countOf(open)));
  console.log(`${countOf(work.counts) - begun} requests; with those before, ${[...work.counts].map(([name, count]) => `${count} x ${name}`).join(', ')}`); // prettier-ignore
  console.log(`refused for a moment: ${work.refused}; made again after a standstill: ${work.again}; failures: ${work.failures.length}${work.failures.slice(0, 5).map((line) => `\n  ${line}`).join('')}`); // prettier-ignore
  console.log(verdict.lines.join('\n'));
  wrong = [...verdict.wrong, ...(work.failures.length > 0 ? ['requests fail'] : [])];
} finally {
  await server.close();
}
console.log(wrong.length === 0 ? 'passed' : `not passed: ${wrong.join('; ')}`);
process.exit(wrong.length === 0 ? 0 : 1);

/** All kinds of work side by side, so many times as often; and what the server holds meanwhile. */
async function mixed(name: string, length: number, hurry = 1): Promise<Look[]> {
  const looks: Look[] = [];
  watch.restart();
  const end = length * MINUTE;
  const watching = async (): Promise<void> => {
    for (let told = 0; watch.passed < end; await setTimeout(LOOK)) {
      const look = await lookAt(server, watch.passed / HOUR);
      looks.push(look);
      if (watch.passed < told * MINUTE) continue;
      const { mib, heap, descriptors } = look;
      console.log(`${name}, minute ${told} of ${length}: ${mib.toFixed(0)} MiB (heap ${heap.total.toFixed(0)} of which used ${heap.used.toFixed(0)}), ${descriptors} descriptors, ${work.failures.length} failures`); // prettier-ignore
      told += 1;
    }
  };
  const working = work.kinds.map(async ([, seconds, one]) => {
    while (watch.passed < end) {
      const next = watch.passed + (1000 * seconds) / hurry;
      await one();
      await setTimeout(Math.max(0, Math.min(next, end) - watch.passed));
    }
  });
  await Promise.all([watching(), ...working]);
  if (watch.still > 0) console.log(`${name}: everything stood still for ${(watch.still / 1000).toFixed(0)} s, which do not count`); // prettier-ignore
  return looks;
}

/** When connections that nobody uses have been closed, which takes up to a minute. */
async function afterwards(before: number): Promise<OpenFiles> {
  for (let waited = 0; ; waited += 5) {
    const files = await openFiles(server.pid);
    if (countOf(files) <= before || waited >= 90) return files;
    await setTimeout(5000);
  }
}
