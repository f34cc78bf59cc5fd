import type { Reason } from '@busana/contracts';
import { defineMessages, type Message } from '../i18n/messages.ts';

export const failureMessages = defineMessages({
  title: ['That did not work', 'Itu tidak berhasil'],
  unreachable: ['The server cannot be reached', 'Server tidak dapat dijangkau'],
  unreachableRemedy: [
    'Look whether busana still runs in its terminal, and start it again with npm start.',
    'Periksa apakah busana masih berjalan di terminalnya, lalu jalankan lagi dengan npm start.',
  ],
  invalid: [
    'The server answers in a way that this page does not understand',
    'Jawaban server tidak dipahami halaman ini',
  ],
  invalidRemedy: [
    'Reload the page: the server may have been updated.',
    'Muat ulang halaman: server mungkin sudah diperbarui.',
  ],
});

export const statusMessages = defineMessages({
  accept: ['Accepted', 'Diterima'],
  review: ['To review', 'Perlu ditinjau'],
  unknown: ['No garment?', 'Bukan pakaian?'],
  error: ['Unreadable', 'Tak terbaca'],
});

export const cardMessages = defineMessages({
  select: ['Select {name}', 'Pilih {name}'],
  untitled: ['Product {id}', 'Produk {id}'],
  pieces: ['{count} {count:piece|pieces}', '{count} buah'],
  contradiction: ['Title: {said}', 'Judul: {said}'],
  duplicate: ['Like {id}', 'Mirip {id}'],
  samePicture: ['The same picture as product {id}', 'Gambar yang sama dengan produk {id}'],
});

export const demoMessages = defineMessages({
  load: ['Load the demo catalogue', 'Muat katalog demo'],
  remove: ['Remove the demo catalogue', 'Hapus katalog demo'],
  removed: ['The demo catalogue is gone', 'Katalog demo sudah dihapus'],
});

/** By the code of a reason; none can be left out. */
export const reasonMessages = defineMessages({
  unfamiliar: [
    'Unlike all photos that the model has learnt from: perhaps no garment of this catalogue',
    'Tidak mirip foto mana pun yang dipelajari model: mungkin bukan pakaian katalog ini',
  ],
  unsure: ['Unsure about {attribute}: {value}, {share} %', 'Ragu soal {attribute}: {value}, {share} %'],
  'pixels-object': ['The model says {value}, the pixels {colour}', 'Model membaca {value}, pikselnya {colour}'],
  'colour-without-value': ['{colour}, which no value is called', '{colour}, yang bukan nama nilai mana pun'],
  'between-values': ['{colour} lies between {first} and {second}', '{colour} ada di antara {first} dan {second}'],
  heather: ['Heather: yarn of light and dark blended', 'Misty: benang terang dan gelap bercampur'],
  stripes: ['Stripes of {first} and {second}', 'Garis {first} dan {second}'],
  'two-halves': [
    'Two garments or halves: {first} on the left, {second} on the right',
    'Dua pakaian atau dua sisi: {first} di kiri, {second} di kanan',
  ],
  'several-pictures': ['Several pictures in one', 'Beberapa gambar dalam satu foto'],
  banner: ['A banner or frame over the photo', 'Ada spanduk atau bingkai di atas foto'],
  lettering: ['Lettering beside the garment', 'Ada tulisan di samping pakaian'],
  'title-contradicts': ['The title says {said}, the photo {value}', 'Judulnya menyebut {said}, fotonya {value}'],
  'banner-decides': [
    'A banner decides: without it {attribute} {value} is not seen',
    'Spanduk yang menentukan: tanpanya {attribute} {value} tidak terbaca',
  ],
  'background-decides': [
    'The background decides: on a plain one {attribute} {value} is not seen',
    'Latar yang menentukan: pada latar polos {attribute} {value} tidak terbaca',
  ],
  'beside-garment': [
    'Only {share} % of what counts lies on the garment',
    'Hanya {share} % dari yang diperhitungkan ada pada pakaian',
  ],
} satisfies Readonly<Record<Reason['code'], Message>>);
