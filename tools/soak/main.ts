/** @file `npm run soak`: a server at mixed work for a long time, and whether its memory or its open files grow. */
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { readArguments, refuse } from '../bench/command-line.ts';
import { startServer, usageOf, type Usage } from '../load/server.ts';
import { ShopWork } from './shop.ts';
import { slopeOf } from './slope.ts';

const help = `
npm run soak -- [--minutes N] [--photos FOLDER] [--database URL]

Predictions, imports, searches, corrections, exports and explanations against a server of its own, for N minutes after it
has warmed up. Ends with 1 when a request fails, when memory or open files grow, or when files stay open. Needs Linux.

  --minutes N       how long (default: 30)
  --photos FOLDER   JPEGs (default: ../shared/data/hology/train)
  --database URL    postgres://… (default: the embedded one)

Example: npm run soak -- --minutes 10
`;
const { values } = readArguments(
  {
    options: {
      minutes: { type: 'string', default: '30' },
      photos: { type: 'string', default: '../shared/data/hology/train' },
      database: { type: 'string' },
    },
  },
  help,
);
const minutes = Number(values.minutes);
if (!(minutes > 0)) refuse('--minutes is a number above 0');

/** Photos of the catalogue, and predictions after which every answer that is remembered replaces another. */
const PHOTOS = 300;
const REMEMBERED = 5000;
/** Share of the time in which everything has been done once and memory may still settle. */
const SETTLING = 0.2;
const SAMPLE = 2000;

const server = await startServer(values.database === undefined ? [] : ['--database', values.database]);
const work = await ShopWork.of(server.address, values.photos);
const samples: (readonly [hour: number, usage: Usage])[] = [];
let passed: boolean;
try {
  for (let done = 0; done < PHOTOS; done += 100) await work.importPhotos(100);
  for (let done = 0; done < REMEMBERED; done += 4) await Promise.all(Array.from({ length: 4 }, () => work.predict()));
  const begin = performance.now();
  const idle = await usageOf(server.pid);
  console.log(`warm: ${idle.mib.toFixed(0)} MiB, ${idle.descriptors} descriptors, ${work.failures.length} failures`);
  const end = begin + minutes * 60_000;
  await Promise.all([
    ...work.kinds.map(async ([, seconds, one]) => {
      while (performance.now() < end) {
        const next = performance.now() + 1000 * seconds;
        await one();
        await setTimeout(Math.max(0, Math.min(next, end) - performance.now()));
      }
    }),
    (async () => {
      for (; performance.now() < end; await setTimeout(SAMPLE)) {
        samples.push([(performance.now() - begin) / 3_600_000, await usageOf(server.pid)]);
      }
    })(),
  ]);
  passed = await judge();
} finally {
  await server.close();
}
process.exit(passed ? 0 : 1);

async function judge(): Promise<boolean> {
  const settled = samples.slice(Math.ceil(SETTLING * samples.length));
  const memory = settled.map(([, { mib }]) => mib);
  const slope = slopeOf(settled.map(([hour, { mib }]) => [hour, mib])); // prettier-ignore
  const files = slopeOf(settled.map(([hour, { descriptors }]) => [hour, descriptors])); // prettier-ignore
  // Connections that nobody uses are closed within a minute.
  const before = samples[0]![1].descriptors;
  let after = Infinity;
  for (let waited = 0; waited < 90 && after > before; waited += 5) {
    await setTimeout(5000);
    after = (await usageOf(server.pid)).descriptors;
  }
  const told = ({ perHour, interval: [low, high] }: typeof slope): string => `${perHour.toFixed(1)} an hour, 95 %: ${low.toFixed(1)} to ${high.toFixed(1)}`; // prettier-ignore
  console.log(`${minutes} minutes: ${[...work.counts].map(([name, count]) => `${count} x ${name}`).join(', ')}`);
  console.log(`refused for a moment: ${work.refused}; failures: ${work.failures.length}${work.failures.slice(0, 5).map((line) => `\n  ${line}`).join('')}`); // prettier-ignore
  console.log(
    `memory after the first fifth, MiB: ${Math.min(...memory).toFixed(0)} to ${Math.max(...memory).toFixed(0)}; slope ${told(slope)}`,
  );
  console.log(`descriptors: ${before} at the start, ${after} afterwards; slope ${told(files)}`);
  return work.failures.length === 0 && slope.interval[0] <= 0 && files.interval[0] <= 0 && after <= before;
}
