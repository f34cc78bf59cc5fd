/** @file What values are shares of: log-odds of probabilities, in answers and in the graph that is differentiated. */
import { createSession, decodeModel, partOf, tensor } from '@busana/engine';
import { describe, expect, it } from 'vitest';
import { logOdds, logOddsIn, scored, scoreOf } from '../../src/explain/log-odds.ts';
import { methods } from '../../src/explain/methods/table.ts';
import type { Subject } from '../../src/explain/subject.ts';
import { targetsOf } from '../../src/explain/target.ts';
import { blobs } from '../support/random-artifact.ts';
import { randomModel, settings } from './zoo.ts';
import { outputNamed } from '../../src/explain/places.ts';

describe('log-odds', () => {
  it('are log(p / (1 - p)) per class, and keep their digits where p is 1 but for rounding', () => {
    const probabilities = Float32Array.of(0.2, 0.3, 0.5, 1, 2e-9, 1e-20);
    const expected = [0.2, 0.3, 0.5].map((p) => Math.log(p / (1 - p)));
    const found = logOdds(probabilities, 3);
    expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 5));
    expect(found[3]).toBeCloseTo(-Math.log(2e-9), 4);
    expect(found[5]).toBeCloseTo(Math.log(1e-20), 4);
    expect(logOdds(Float32Array.of(1, 0), 2).every(Number.isFinite)).toBe(true);
  });

  it('are what is explained of probabilities; other scores are taken as they come', async () => {
    const subject: Subject = {
      name: 'other.onnx',
      size: 8,
      attributes: [],
      probabilities: false,
      answer: () => Promise.resolve({ scores: Float32Array.of(3) }),
      release: () => Promise.resolve(),
    };
    expect(scoreOf({ ...subject, probabilities: true }, undefined)).toBe('log-odds');
    expect(scoreOf({ ...subject, probabilities: true }, 'output')).toBe('output');
    expect(scoreOf(subject, undefined)).toBe('output');
    expect(() => scoreOf(subject, 'log-odds')).toThrow('not known');
    expect(await scored(subject, 'output').answer(new Uint8Array(), 1)).toEqual({ scores: Float32Array.of(3) });
  });

  it('have one value in answers and in the graph', async () => {
    const size = 32;
    const { bytes } = await randomModel({ model: 'cnn', imageSize: size });
    const { graph } = decodeModel(bytes);
    const [image] = graph.inputs;
    const output = outputNamed(graph, 'warna');
    const wanted = [output, logOddsIn(graph, output)];
    const part = partOf(graph, new Map([[image!, { type: 'float32', shape: [2, size, size, 3] }]]), wanted);
    const names = wanted.map((value) => part.graph.output(part.of(value)).name);
    const session = await createSession(part.graph, { threads: 1 });
    const pictures = Float32Array.from(await blobs(size).read([1, 2]));
    const answer = await session.run({ image: tensor('float32', [2, size, size, 3], pictures) });
    await session.release();
    const [probabilities, found] = names.map((name) => answer[name]!.data as Float32Array);
    logOdds(probabilities!, 5).forEach((value, at) => expect(found![at]).toBeCloseTo(value, 4));
  });
});

describe.each(['shap', 'partition'] as const)('%s', (name) => {
  it.each(['log-odds', 'output'] as const)('adds up in %s', async (score) => {
    const { file } = await randomModel({ model: 'cnn', imageSize: 32 });
    const samples = name === 'shap' ? 400 : 60;
    const explainer = await methods[name].open(file, { ...settings, score, samples });
    const picture = await blobs(32).read([3]);
    const answer = await explainer.subject.answer(picture, 1);
    const targets = targetsOf(explainer.subject, { classes: ['all'] }, answer);
    const attributions = await explainer.explain({ picture, targets });
    await explainer.release();
    expect(explainer.score).toBe(score);
    for (const [at, { attribute, classes, index }] of targets.entries()) {
      const { values, sum } = attributions[at]!;
      const explained = score === 'output' ? answer[attribute]! : logOdds(answer[attribute]!, classes);
      expect(sum!.full).toBeCloseTo(explained[index]!, 5);
      const missed = Math.abs(sum!.base + values.reduce((total, value) => total + value, 0) - sum!.full);
      expect(missed).toBeLessThan(name === 'shap' ? 0.02 * Math.max(1, sum!.range) : 1e-5);
    }
  });
});
