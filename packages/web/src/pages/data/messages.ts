import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Data', 'Data'],
  text: [
    'What the catalogue looks like as a whole: what there is how often, what belongs together, what stands out.',
    'Seperti apa katalog secara keseluruhan: apa yang ada seberapa sering, apa yang berkaitan, apa yang menonjol.',
  ],
  start: ['Analyse the catalogue', 'Analisis katalog'],
  again: ['Analyse again', 'Analisis lagi'],
  running: ['Looking at all photos', 'Memeriksa semua foto'],
  at: ['as of {time}', 'per {time}'],
  emptyTitle: ['Not looked at yet', 'Belum dianalisis'],
  emptyText: [
    'The analysis counts labels, tests whether attributes depend on each other, and finds doubles, twins in other colours and photos that are unlike all others.',
    'Analisis menghitung label, menguji apakah atribut saling bergantung, dan menemukan duplikat, kembaran beda warna, serta foto yang tidak mirip lainnya.',
  ],
  counts: ['How often', 'Seberapa sering'],
  missing: ['none', 'tanpa label'],
  pairs: ['What goes with what', 'Apa dengan apa'],
  pairTitle: ['{rows} and {columns}', '{rows} dan {columns}'],
  statistics: ['chi-square {statistic}, p = {p}, Cramér’s V {v}', 'khi-kuadrat {statistic}, p = {p}, V Cramér {v}'],
  doubles: ['The same picture more than once', 'Gambar yang sama lebih dari sekali'],
  exact: ['the same file', 'berkas sama'],
  near: ['nearly the same', 'hampir sama'],
  twin: ['another colour', 'beda warna'],
  outliers: ['Unlike all others', 'Tidak mirip yang lain'],
  measures: ['Photos that stand out', 'Foto yang menonjol'],
  suspicions: ['Labels that may be wrong', 'Label yang mungkin salah'],
  suggested: ['{attribute}: {given}, rather {suggested}', '{attribute}: {given}, mungkin {suggested}'],
  none: ['Nothing found.', 'Tidak ada temuan.'],
  notes: ['Notes', 'Catatan'],
});
