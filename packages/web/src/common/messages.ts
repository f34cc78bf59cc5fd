import { defineMessages } from '../i18n/messages.ts';

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
  absent: ['This server does not offer that', 'Server ini tidak menyediakannya'],
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
});

export const demoMessages = defineMessages({
  load: ['Load the demo catalogue', 'Muat katalog demo'],
  remove: ['Remove the demo catalogue', 'Hapus katalog demo'],
  removed: ['The demo catalogue is gone', 'Katalog demo sudah dihapus'],
});

export const reasonMessages = defineMessages({
  strange: [
    'Unlike all photos that the model has learnt from: perhaps no garment of this catalogue',
    'Tidak mirip foto mana pun yang dipelajari model: mungkin bukan pakaian katalog ini',
  ],
  unsure: ['Unsure about {a}: {b}, {c} %', 'Ragu soal {a}: {b}, {c} %'],
  objection: ['The model says {a}, the pixels {b}', 'Model membaca {a}, pikselnya {b}'],
  nameless: ['{a}, which no value is called', '{a}, yang bukan nama nilai mana pun'],
  between: ['{a} lies between {b} and {c}', '{a} ada di antara {b} dan {c}'],
  heather: ['Heather: yarn of light and dark blended', 'Misty: benang terang dan gelap bercampur'],
  stripes: ['Stripes of {a} and {b}', 'Garis {a} dan {b}'],
  halves: [
    'Two garments or halves: {a} on the left, {b} on the right',
    'Dua pakaian atau dua sisi: {a} di kiri, {b} di kanan',
  ],
  collage: ['Several pictures in one', 'Beberapa gambar dalam satu foto'],
  banner: ['A banner or frame over the photo', 'Ada spanduk atau bingkai di atas foto'],
  lettering: ['Lettering beside the garment', 'Ada tulisan di samping pakaian'],
  contradiction: ['The title says {a}, the photo {b}', 'Judulnya menyebut {a}, fotonya {b}'],
  bannerDecides: [
    'A banner decides: without it {a} {b} is not seen',
    'Spanduk yang menentukan: tanpanya {a} {b} tidak terbaca',
  ],
  groundDecides: [
    'The background decides: on a plain one {a} {b} is not seen',
    'Latar yang menentukan: pada latar polos {a} {b} tidak terbaca',
  ],
  beside: ['Only {a} % of what counts lies on the garment', 'Hanya {a} % dari yang diperhitungkan ada pada pakaian'],
  drawn: ['{a} drawn photos', '{a} foto gambar'],
  photos: ['{a} photos', '{a} foto'],
  samePicture: ['The same picture as product {a}', 'Gambar yang sama dengan produk {a}'],
});
