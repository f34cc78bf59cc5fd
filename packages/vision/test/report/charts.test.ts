import { describe, expect, it } from 'vitest';
import { renderSvg } from '../../src/report/chart.ts';
import { reliabilityChart, riskCoverageChart } from '../../src/report/charts/confidence.ts';
import { curvesChart } from '../../src/report/charts/curves.ts';
import { intervalsChart } from '../../src/report/charts/intervals.ts';
import { confusionChart, countsChart } from '../../src/report/charts/tables.ts';

/** What an SVG says, in order. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
}

const approaches = curvesChart({
  title: 'EMR',
  metric: 'EMR of held-back photos',
  percent: true,
  curves: [
    { name: 'separate', epochs: [[0.2, 0.4], [0.5]] },
    { name: 'combined', epochs: [[0.1], []] },
  ],
});

describe('curves', () => {
  it('carry mean, least and largest per epoch as data', () => {
    expect(approaches.data).toMatchObject({
      metric: 'EMR of held-back photos',
      epochs: [1, 2],
      curves: [
        {
          name: 'separate',
          points: [
            { mean: expect.closeTo(0.3, 12) as number, min: 0.2, max: 0.4 },
            { mean: 0.5, min: 0.5, max: 0.5 },
          ],
        },
        { name: 'combined', points: [{ mean: 0.1, min: 0.1, max: 0.1 }, null] },
      ],
    });
  });

  it('name the series, the axes and per cents', async () => {
    const said = texts(await renderSvg(approaches));
    for (const text of ['EMR', 'separate', 'combined', 'epoch', 'EMR of held-back photos', '1', '2', '20 %']) {
      expect(said).toContain(text);
    }
  });

  it('are drawn without epochs too', async () => {
    expect(await renderSvg(curvesChart({ title: 'nothing', metric: 'loss', curves: [] }))).toContain('<svg');
  });

  it('thin out the labels of many epochs', async () => {
    const epochs = Array.from({ length: 200 }, () => [1]);
    const labels = texts(await renderSvg(curvesChart({ title: '', metric: 'loss', curves: [{ name: 'a', epochs }] })));
    expect(labels.filter((text) => /^\d+$/.test(text) && Number(text) > 2).length).toBeLessThanOrEqual(20);
  });
});

describe('tables', () => {
  it('a confusion matrix shows every count and its share of the row', async () => {
    const said = texts(await renderSvg(confusionChart({ title: 'c', labels: ['a', 'b'], counts: [[3, 1], [0, 5]] }))); // prettier-ignore
    for (const text of ['3 (75 %)', '1 (25 %)', '0', '5 (100 %)', 'truth', 'predicted']) expect(said).toContain(text);
  });

  it('many classes leave room for the count alone', async () => {
    const labels = Array.from({ length: 12 }, (_, index) => `label number ${index}`);
    const counts = labels.map((_, row) => labels.map((_, column) => (row === column ? 321 : 0)));
    const said = texts(await renderSvg(confusionChart({ title: 'c', labels, counts })));
    expect(said.filter((text) => text === '321')).toHaveLength(12);
    expect(said.some((text) => text.includes('%'))).toBe(false);
  });

  it('counts stand at their bars, side by side or, when names are many, below one another', async () => {
    const chart = (labels: string[]) =>
      countsChart({
        title: 'c',
        groups: { name: 'warna', labels },
        bars: [{ name: 'photos', counts: labels.map((_, index) => 100 + index) }],
      });
    const many = Array.from({ length: 30 }, (_, index) => `garment${index}`);
    expect(texts(await renderSvg(chart(['red', 'blue'])))).toEqual(
      expect.arrayContaining(['100', '101', 'red', 'blue', 'warna']),
    );
    expect(texts(await renderSvg(chart(many)))).toEqual(expect.arrayContaining(['129', ...many]));
    expect(chart(many).height).toBeGreaterThan(chart(['red']).height * 2);
  });
});

describe('shares with intervals', () => {
  it('say each value, also at the ends', async () => {
    const bars = [
      { name: 'none', value: 0, low: 0, high: 0.1, n: 30 },
      { name: 'all', value: 1, low: 0.9, high: 1, n: 30 },
    ];
    const chart = intervalsChart({ title: 'EMR', measure: 'EMR', bars });
    expect(texts(await renderSvg(chart))).toEqual(expect.arrayContaining(['none', 'all', '0 %', '100 %']));
    expect(chart.data).toEqual({ measure: 'EMR', bars });
  });
});

describe('confidence', () => {
  it('charts carry their tables, and stand empty ones', async () => {
    const bins = [{ confidence: 0.9, accuracy: 0.8, count: 10 }];
    const calibration = { expected_calibration_error: 0.1, brier_score: 0.2, bins };
    const reliability = (curves: { name: string; calibration: typeof calibration }[]) =>
      reliabilityChart({ title: 'r', confidence: 'confidence', right: 'right', curves });
    const both = reliability([
      { name: 'calibrated', calibration },
      { name: 'before', calibration: { ...calibration, bins: [] } },
    ]);
    expect(both.data).toMatchObject({
      curves: [
        { name: 'calibrated', ...calibration },
        { name: 'before', bins: [] },
      ],
    });
    expect(texts(await renderSvg(both))).toEqual(
      expect.arrayContaining(['calibrated', 'before', 'perfectly calibrated']),
    );
    const rows = [{ threshold: 0.5, coverage: 1, emr: 0.7 }];
    expect(riskCoverageChart('r', rows).data).toEqual({ rows });
    const advised = { target_emr: 0.7, ...rows[0]!, review: 0 };
    expect(texts(await renderSvg(riskCoverageChart('r', rows, advised)))).toContain(
      'accept above 0.500: 100 % of photos at 70 % EMR',
    );
    expect(await renderSvg(reliability([]))).toContain('</svg>');
    expect(await renderSvg(riskCoverageChart('r', []))).toContain('</svg>');
  });
});

describe('SVG', () => {
  it('is the same text each time, with ids of its own', async () => {
    const first = await renderSvg(approaches);
    expect(await renderSvg(approaches)).toBe(first);
    const other = await renderSvg(riskCoverageChart('r', [{ threshold: 0.5, coverage: 1, emr: 0.7 }]));
    const ids = (svg: string): string[] => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
    expect(ids(first).length).toBeGreaterThan(0);
    expect(ids(first).filter((id) => ids(other).includes(id))).toEqual([]);
    for (const [, id] of first.matchAll(/url\(#([^)]+)\)/g)) expect(ids(first)).toContain(id);
  });

  it('escapes names, and says what it shows to those who cannot see it', async () => {
    const labels = ['<script>alert(1)</script>', '"& {b}'];
    const svg = await renderSvg(confusionChart({ title: 'a "<b>" & c', labels, counts: [[1, 0], [0, 1]] })); // prettier-ignore
    expect(svg).not.toContain('<script');
    expect(texts(svg)).toContain('"&amp; {b}'.replace('"', '&quot;'));
    expect(svg).toContain('role="img" aria-label="a &quot;&lt;b&gt;&quot; &amp; c"');
  });

  it('turns dark where the reader prefers it, but for ink on coloured cells', async () => {
    const svg = await renderSvg(confusionChart({ title: 'c', labels: ['a'], counts: [[1]] }));
    expect(svg).toMatch(/@media screen and \(prefers-color-scheme:dark\)\{.*\[fill="#1f2328"\]\{fill:#f0f6fc\}/);
    expect(svg).toMatch(/<text[^>]*fill="#fdfeff"[^>]*>1 \(100 %\)/);
  });
});
