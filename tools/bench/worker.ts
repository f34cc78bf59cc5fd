/** @file Our side of a case: `worker.ts KIND MODEL BATCH OPTIMIZER [PIXELS [THREADS]]`, spoken to as side.ts says. */
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { prediction, trainingStep } from './ours.ts';

const caseSchema = z.tuple([
  z.enum(['train', 'predict']),
  z.string(),
  z.coerce.number().int().positive(),
  z.enum(['sgd', 'adamw', 'none']),
  z.coerce.number().int().positive().default(224),
  z.coerce.number().int().positive().optional(),
]);
const packageSchema = z.object({ version: z.string() });

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function main(): Promise<void> {
  const [kind, model, batch, optimizer, imageSize, threads] = caseSchema.parse(process.argv.slice(2));
  const work = { model, batch, imageSize, ...(threads === undefined ? {} : { threads }) };
  const started = performance.now();
  const contender = kind === 'train' ? await trainingStep(work, optimizer) : await prediction(work);
  const { version } = packageSchema.parse(createRequire(import.meta.url)('onnxruntime-node/package.json'));
  say({ version: `onnxruntime ${version}`, created: (performance.now() - started) / 1000, macs: contender.macs });
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while ((await lines.next()).done !== true) {
    const before = performance.now();
    await contender.run();
    say({ seconds: (performance.now() - before) / 1000 });
  }
  await contender.release();
  say({ peak: process.resourceUsage().maxRSS * 1024 });
}

await main();
