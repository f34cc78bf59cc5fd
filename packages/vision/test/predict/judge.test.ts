import type { ArtifactMetadata, AttributePrediction } from '@busana/contracts';
import { describe, expect, it } from 'vitest';
import { Judge, type Verdict } from '../../src/predict/judge.ts';
import { reasonText } from '../../src/predict/reason-text.ts';
import { garments } from '../../src/taxonomy/builtin.ts';
import { describeFamiliarity, learnMeans } from '../../src/train/familiarity.ts';
import { painted } from '../support/painted.ts';

const known = [Float32Array.of(1, 0.1), Float32Array.of(1, -0.1)];
const metadata: ArtifactMetadata = {
  'busana.version': 1,
  'busana.schema': garments,
  'busana.preprocess': { size: 224, resize: 'bicubic-antialiased', crop: 'none' },
  'busana.thresholds': { accept: 0.9 },
  'busana.golden': { picture: '', tensor: { positions: [], values: [] }, outputs: {} },
  'busana.provenance': { name: 'm', architecture: 'cnn', approach: 'multi-output', data_fingerprint: '', photos: 2, seed: 0, epochs: 1, created_by: 'a test' }, // prettier-ignore
  'busana.familiarity': describeFamiliarity(learnMeans(known, ['a', 'a']), []),
};
const judge = new Judge(metadata);
const words = ({ status, doubts }: Verdict) => ({
  status,
  reasons: doubts.map((doubt) => reasonText(doubt, garments)),
});
const familiar = known[0]!;

/** The network's answer: a T-shirt, and black with this confidence, blue with the rest. */
function black(confidence: number): { attributes: AttributePrediction[]; joint: number } {
  const warna = { '0': 0, '1': 0, '2': 1 - confidence, '3': confidence, '4': 0 };
  return {
    attributes: [
      { name: 'jenis', code: '0', label: 'T-shirt', confidence: 1, probabilities: { '0': 1, '1': 0 } },
      { name: 'warna', code: '3', label: 'black', confidence, probabilities: warna },
    ],
    joint: confidence,
  };
}
const shirt = (fill: string) =>
  painted(`<rect width="100" height="100" fill="#e6ddd0"/><rect x="28" y="18" width="44" height="62" fill="${fill}"/>`);

describe('the judge', () => {
  it('accepts what the network is sure of and the pixels confirm', async () => {
    const reading = judge.read(await shirt('#101010'));
    expect(words(judge.judge({ ...black(0.97), embedding: familiar }, reading))).toEqual({
      status: 'accept',
      reasons: [],
    });
  });

  it('sends to review what the pixels dispute, with their word for it', async () => {
    const reading = judge.read(await shirt('#1b2547'));
    expect(words(judge.judge({ ...black(0.97), embedding: familiar }, reading))).toEqual({
      status: 'review',
      reasons: ['predicted black, pixels say navy (biru dongker)'],
    });
  });

  it('sends to review what the network is unsure of, and the pixels do not raise its confidence', async () => {
    const reading = judge.read(await shirt('#101010'));
    const verdict = judge.judge({ ...black(0.7), embedding: familiar }, reading);
    expect(words(verdict)).toEqual({ status: 'review', reasons: ['unsure about warna: black 70 %'] });
    expect(verdict.doubts).toEqual([{ code: 'unsure', attribute: 'warna', value: '3', confidence: 0.7 }]);
  });

  it('calls unknown what is unlike all classes, however sure the network', async () => {
    const reading = judge.read(await shirt('#101010'));
    const verdict = judge.judge({ ...black(1), embedding: Float32Array.of(0, 1) }, reading);
    expect(verdict.status).toBe('unknown');
    expect(words(verdict).reasons[0]).toMatch(
      /no garment of this catalogue\? \(distance 1\.00, at most 0\.01 is familiar\)/,
    );
  });

  it('does without what a model does not have: familiarity, an embedding, a colour', async () => {
    const older = { ...metadata, 'busana.familiarity': undefined };
    expect(new Judge(older).judge({ ...black(1), embedding: Float32Array.of(0, 1) }, undefined).status).toBe('accept');
    expect(judge.judge({ ...black(1), embedding: undefined }, undefined).status).toBe('accept');
    const shapes = { ...garments, attributes: [garments.attributes[0]!] };
    expect(new Judge({ ...metadata, 'busana.schema': shapes }).read(await shirt('#101010'))).toBeUndefined();
  });
});
