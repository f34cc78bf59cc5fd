import type { ImportNote } from '@busana/contracts';
import { defineMessages, type Message } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Import & export', 'Impor & ekspor'],
  text: [
    'Photos and tables in, the catalogue out. Every photo becomes a product with the labels that the model reads.',
    'Foto dan tabel masuk, katalog keluar. Setiap foto menjadi produk dengan label yang dibaca model.',
  ],
  import: ['Import', 'Impor'],
  drop: ['Drop photos, a zip or a CSV here', 'Jatuhkan foto, zip, atau CSV di sini'],
  dropHint: [
    'Photos together with a CSV of titles, numbers, prices, stock and labels; or an export of Shopify or WooCommerce. The same products again: what the CSV says is updated.',
    'Foto beserta CSV berisi judul, nomor, harga, stok, dan label; atau ekspor dari Shopify atau WooCommerce. Produk yang sama lagi: isinya diperbarui menurut CSV.',
  ],
  choose: ['Choose files', 'Pilih berkas'],
  folder: ['Or a folder on this machine', 'Atau folder di komputer ini'],
  folderHint: ['Its full path; photos of subfolders too', 'Path lengkapnya; termasuk foto di subfolder'],
  folderGo: ['Import the folder', 'Impor folder'],
  folderWrong: ['Give the full path, from the root of the disk', 'Tulis path lengkap, dari akar disk'],
  sending: ['Sending {count} {count:file|files}', 'Mengirim {count} berkas'],
  running: ['Reading the photos', 'Membaca foto'],
  done: ['Done', 'Selesai'],
  cancelled: ['Cancelled', 'Dibatalkan'],
  failed: ['Failed', 'Gagal'],
  progress: ['{done} of {total} photos', '{done} dari {total} foto'],
  receiving: ['{done} of {total} photos received', '{done} dari {total} foto diterima'],
  left: ['about {time} left', 'sekitar {time} lagi'],
  added: ['{count} added', '{count} ditambahkan'],
  duplicates: ['{count} {count:duplicate|duplicates}', '{count} duplikat'],
  updated: ['{count} {count:product|products} updated', '{count} produk diperbarui'],
  warned: ['{count} {count:row|rows} taken in part', '{count} baris diambil sebagian'],
  failures: ['{count} not taken', '{count} tidak diambil'],
  cancel: ['Cancel', 'Batalkan'],
  toCatalogue: ['See the catalogue', 'Lihat katalog'],
  toReview: ['Review the doubtful ones', 'Tinjau yang meragukan'],
  remarks: ['What was not taken or has changed, and why', 'Yang tidak diambil atau berubah, dan alasannya'],
  change: ['{field}: {from} → {to}', '{field}: {from} → {to}'],
  nothing: ['nothing', 'kosong'],
  file: ['File', 'Berkas'],
  reason: ['Reason', 'Alasan'],
  duplicateOf: ['the same as product {id}', 'sama dengan produk {id}'],
  photos: ['{count} {count:photo|photos}', '{count} foto'],
  drawn: ['{count} drawn {count:photo|photos}', '{count} foto gambar'],
  samePicture: ['the same picture as product {id}:', 'gambar yang sama dengan produk {id}:'],
  product: ['product {id}', 'produk {id}'],
  changed: ['product {id} updated:', 'produk {id} diperbarui:'],
  export: ['Export', 'Ekspor'],
  exportText: [
    'The whole catalogue as a file. Spreadsheets open it without running anything that stands in a title.',
    'Seluruh katalog sebagai berkas. Aman dibuka di lembar kerja, apa pun isi judulnya.',
  ],
  csv: ['CSV', 'CSV'],
  csvText: [
    'For spreadsheets: all products with labels, stock and photos',
    'Untuk lembar kerja: semua produk dengan label, stok, dan foto',
  ],
  shopify: ['Shopify', 'Shopify'],
  shopifyText: ['Products as Shopify imports them', 'Produk dalam format impor Shopify'],
  woocommerce: ['WooCommerce', 'WooCommerce'],
  woocommerceText: ['Products as WooCommerce imports them', 'Produk dalam format impor WooCommerce'],
  submission: ['Submission', 'Submission'],
  submissionText: [
    'The sample of the competition, filled in with the codes of the catalogue',
    'Sample kompetisi, diisi dengan kode dari katalog',
  ],
  download: ['Download {name}', 'Unduh {name}'],
  downloadShort: ['Download', 'Unduh'],
  sample: ['Choose the sample', 'Pilih sample'],
  demo: ['Demo catalogue', 'Katalog demo'],
  demoText: [
    'Drawn photos of T-shirts and hoodies, to try everything with. Removing them touches nothing else.',
    'Foto gambar kaos dan hoodie untuk mencoba semuanya. Menghapusnya tidak menyentuh yang lain.',
  ],
});

export const fieldMessages = defineMessages({
  sku: ['number', 'nomor'],
  title: ['title', 'judul'],
  price: ['price', 'harga'],
  quantity: ['stock', 'stok'],
});

/** By the code of a note; none can be left out. */
export const noteMessages = defineMessages({
  'photo-missing': ['no photo is called “{name}”', 'tidak ada foto bernama “{name}”'],
  'photo-ambiguous': ['{count} photos are called “{name}”', 'ada {count} foto bernama “{name}”'],
  'price-invalid': ['the price “{cell}” is no number like 99.50', 'harga “{cell}” bukan angka seperti 99.50'],
  'quantity-invalid': ['“{cell}” is no number of pieces', '“{cell}” bukan jumlah barang'],
  'product-without-photo': ['the product has no photo', 'produknya tidak punya foto'],
  'product-missing': [
    'no photo, and no product has the number “{sku}”',
    'tidak ada foto, dan tidak ada produk bernomor “{sku}”',
  ],
  'photo-refused': ['the photo cannot be taken', 'fotonya tidak bisa diambil'],
  'given-up': [
    'given up after several tries; an admin can try again',
    'menyerah setelah beberapa kali; admin bisa mencoba lagi',
  ],
  'label-unknown': [
    'in the column “{column}”, “{cell}” is none of {values}; the cell is passed over',
    'pada kolom “{column}”, “{cell}” bukan salah satu dari {values}; sel itu dilewati',
  ],
  'cell-contradicts': [
    '{cell} “{said}” is not what row {first} says of the same product: “{counts}” counts',
    '{cell} “{said}” berbeda dengan baris {first} dari produk yang sama: “{counts}” yang berlaku',
  ],
  'label-contradicts': [
    '{cell} “{said}” is not what row {first} says of the same product: “{counts}” counts',
    '{cell} “{said}” berbeda dengan baris {first} dari produk yang sama: “{counts}” yang berlaku',
  ],
}) satisfies Readonly<Record<ImportNote['code'], Message>>;

export const noteParts = defineMessages({
  place: ['{file}, row {row}: {text}', '{file}, baris {row}: {text}'],
  more: ['{count} more', '{count} lainnya'],
});
