/** @file Findings about labels and what stands out, by a network or by the colours of the garments. */
import type { ColourAnalysis, ContestedLabel, EmbeddingAnalysis } from '@busana/contracts';
import { percent } from '../percent.ts';
import { named, where, type FindingTable } from './finding.ts';

export function embeddingTables({ labels, outliers }: EmbeddingAnalysis): FindingTable[] {
  const far: FindingTable = {
    name: 'outliers',
    title: 'Photos unlike all others',
    explanation: `Mean distance (1 - cosine of the embeddings) to the ${outliers.neighbours} nearest photos above ${outliers.limit.toFixed(3)}; the median is ${outliers.median.toFixed(3)}. Look whether they belong into the data set.`,
    header: ['image', 'row', 'distance', 'nearest'],
    findings: outliers.outliers.map(({ photo, distance, nearest }) => ({
      cells: [...named(photo), distance.toFixed(4), nearest.name],
      photos: [photo],
      caption: `${where(photo)}: ${distance.toFixed(3)}`,
    })),
  };
  if (labels === null) return [far];
  const doubted: FindingTable = {
    name: 'label-errors',
    title: 'Likely label errors',
    explanation: `Confident learning on predictions for photos that were held back (${labels.folds} folds, duplicates together), the most suspicious first. Look at each: a network errs too, and some photos are hard.`,
    header: [...contestedHeader, 'self_confidence', 'normalised_margin'],
    findings: labels.suspicions.map((suspicion) => {
      const { photo, attribute, given_label, suggested_label } = suspicion;
      const scores = [suspicion.self_confidence, suspicion.normalised_margin].map((score) => score.toFixed(6));
      return {
        cells: [...contestedCells(suspicion), ...scores],
        photos: [photo],
        caption: `${where(photo)}: ${attribute} ${given_label}, rather ${suggested_label}`,
      };
    }),
  };
  return [doubted, far];
}

export function colourTable({ doubts }: ColourAnalysis): FindingTable {
  return {
    name: 'colour-labels',
    title: 'Colour labels that the pixels contradict',
    explanation:
      'Most of the garment has the colour of another label, the clearest first; no network was asked. Look at each: prints, shadows, two garments and grounds of the colour of the garment mislead the pixels.',
    header: [...contestedHeader, 'colour', 'given_share', 'suggested_share'],
    findings: doubts.map((doubt) => {
      const { photo, attribute, given_label, suggested_label, colour } = doubt;
      const shares = [doubt.given_share, doubt.suggested_share].map((share) => share.toFixed(4));
      return {
        cells: [...contestedCells(doubt), colour, ...shares],
        photos: [photo],
        caption: `${where(photo)}: ${attribute} ${given_label}, ${percent(doubt.suggested_share, 0)} of it rather ${suggested_label}`,
      };
    }),
  };
}

const contestedHeader = ['image', 'row', 'attribute', 'given', 'given_label', 'suggested', 'suggested_label'];

function contestedCells(label: ContestedLabel): string[] {
  const { photo, attribute, given, given_label, suggested, suggested_label } = label;
  return [...named(photo), attribute, given, given_label, suggested, suggested_label];
}
