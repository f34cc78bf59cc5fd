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
  step: ['{step}: {done} of {total}', '{step}: {done} dari {total}'],
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
  statistics: ['chi-square {statistic}, {p}, Cramér’s V {v}', 'khi-kuadrat {statistic}, {p}, V Cramér {v}'],
  dependent: [
    'They depend on each other: chance alone would hardly ever give these numbers.',
    'Keduanya saling bergantung: kebetulan saja hampir tidak pernah menghasilkan angka ini.',
  ],
  independent: [
    'Nothing says that they depend on each other: chance alone gives such numbers often enough.',
    'Tidak ada tanda keduanya saling bergantung: kebetulan saja cukup sering menghasilkan angka seperti ini.',
  ],
  product: ['Product {id}', 'Produk {id}'],
  exact: ['The same picture twice', 'Gambar yang sama dua kali'],
  exactText: [
    'Photos with the very same pixels; one of the two products may be superfluous.',
    'Foto dengan piksel yang persis sama; salah satu produknya mungkin berlebih.',
  ],
  near: ['Nearly the same picture', 'Gambar yang hampir sama'],
  nearText: [
    'Compressed or scaled anew, or with another print on the same garment.',
    'Dikompres atau diperkecil ulang, atau dengan sablon lain pada pakaian yang sama.',
  ],
  twin: ['Twins in other colours', 'Kembaran beda warna'],
  twinText: [
    'The same picture in another colour: usually one product in several colours.',
    'Gambar yang sama dalam warna lain: biasanya satu produk dalam beberapa warna.',
  ],
  differing: ['labelled differently: {attributes}', 'label berbeda: {attributes}'],
  outliers: ['Unlike all others', 'Tidak mirip yang lain'],
  outliersText: [
    'Photos that are far from even the ten nearest others; often no garment, or a kind of photo of its own.',
    'Foto yang jauh bahkan dari sepuluh foto terdekat; sering kali bukan pakaian, atau jenis foto tersendiri.',
  ],
  distance: ['{share} apart', 'jarak {share}'],
  colours: ['Colours that the pixels contradict', 'Warna yang dibantah piksel'],
  coloursText: [
    'The label says one colour, most of the garment has another.',
    'Labelnya satu warna, sebagian besar pakaian berwarna lain.',
  ],
  suspicions: ['Labels that may be wrong', 'Label yang mungkin salah'],
  suspicionsText: [
    'What the model would say that has not seen the photo. {people} labels are of people, {model} of the model alone.',
    'Pendapat model yang belum melihat fotonya. {people} label dari orang, {model} hanya dari model.',
  ],
  suggested: ['{attribute}: {given}, rather {suggested}', '{attribute}: {given}, mungkin {suggested}'],
  none: ['Nothing found.', 'Tidak ada temuan.'],
  more: ['The first {shown} of {count}.', '{shown} pertama dari {count}.'],
  measures: ['The files', 'Berkasnya'],
  measuresText: [
    'How measures of the photos are spread, and photos that lie far outside.',
    'Sebaran ukuran foto, dan foto yang jauh di luar sebaran.',
  ],
  formats: ['Formats: {formats}', 'Format: {formats}'],
  backgrounds: ['Backgrounds: {backgrounds}', 'Latar: {backgrounds}'],
  measure: ['Measure', 'Ukuran'],
  min: ['Least', 'Terkecil'],
  median: ['Median', 'Median'],
  max: ['Most', 'Terbesar'],
  far: ['Far out', 'Jauh di luar'],
});

export const stepMessages = defineMessages({
  'reading photos': ['Reading photos', 'Membaca foto'],
  'reading colours': ['Reading colours', 'Membaca warna'],
  'decoding photos': ['Preparing photos for the model', 'Menyiapkan foto untuk model'],
  'computing embeddings': ['Asking the model', 'Bertanya pada model'],
  'judging labels': ['Judging labels', 'Menilai label'],
  'comparing embeddings': ['Comparing photos', 'Membandingkan foto'],
});

export const measureMessages = defineMessages({
  width: ['Width, pixels', 'Lebar, piksel'],
  height: ['Height, pixels', 'Tinggi, piksel'],
  aspect: ['Width by height', 'Lebar per tinggi'],
  bytes: ['Bytes', 'Byte'],
  brightness: ['Brightness, 0 to 255', 'Kecerahan, 0 sampai 255'],
  contrast: ['Contrast', 'Kontras'],
  sharpness: ['Sharpness', 'Ketajaman'],
  background_lightness: ['Lightness of the background', 'Kecerahan latar'],
  background_share: ['Evenness of the background', 'Kerataan latar'],
  white: ['white', 'putih'],
  black: ['black', 'hitam'],
  grey: ['grey', 'abu-abu'],
  coloured: ['coloured', 'berwarna'],
  'not plain': ['not plain', 'tidak polos'],
});
