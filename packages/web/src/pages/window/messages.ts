import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Shop window', 'Etalase'],
  hello: ['What are you looking for?', 'Cari apa hari ini?'],
  filter: ['Narrow down', 'Persempit'],
  emptyTitle: ['The shop is just opening', 'Toko baru dibuka'],
  emptyText: ['There will be something here soon.', 'Sebentar lagi akan ada isinya.'],
  stock: ['{count} in stock', 'stok {count}'],
  gone: ['sold out', 'habis'],
});
