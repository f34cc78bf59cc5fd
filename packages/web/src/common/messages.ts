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
});

export const demoMessages = defineMessages({
  load: ['Load the demo catalogue', 'Muat katalog demo'],
  remove: ['Remove the demo catalogue', 'Hapus katalog demo'],
  removed: ['The demo catalogue is gone', 'Katalog demo sudah dihapus'],
});
