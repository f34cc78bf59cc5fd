/** @file Our side of a case: `worker.ts KIND MODEL BATCH OPTIMIZER`, spoken to as side.ts says. */
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
]);
const packageSchema = z.object({ version: z.string() });

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function main(): Promise<void> {
  const [kind, model, batch, optimizer] = caseSchema.parse(process.argv.slice(2));
  const started = performance.now();
  const contender = kind === 'train' ? await trainingStep(model, batch, optimizer) : await prediction(model, batch);
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
