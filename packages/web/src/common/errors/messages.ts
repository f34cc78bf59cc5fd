/** @file What each code of the table of errors means to somebody at a page, and what to do; none can be left out. */
import type { ErrorCode } from '@busana/contracts';
import { defineMessages, type Message } from '../../i18n/messages.ts';

type OfEveryCode = Readonly<Record<ErrorCode, Message>>;

export const errorMeanings = defineMessages({
  USAGE: ['The request cannot be done as it is', 'Permintaan ini tidak bisa dijalankan'],
  CONFIG_INVALID: ['A setting is not allowed', 'Ada pengaturan yang tidak diperbolehkan'],
  DATA_NOT_FOUND: ['There is nothing to work with', 'Tidak ada yang bisa diolah'],
  DATA_INVALID: ['Something is wrong with the data', 'Ada yang salah pada datanya'],
  SCHEMA_INVALID: ['The attributes are not described properly', 'Keterangan atributnya tidak benar'],
  IMAGE_UNREADABLE: ['A photo cannot be read', 'Ada foto yang tidak bisa dibaca'],
  IMAGE_TOO_LARGE: ['A photo has too many pixels', 'Ada foto dengan piksel terlalu banyak'],
  ARCHIVE_INVALID: ['The zip is damaged or unsafe', 'Berkas zip rusak atau tidak aman'],
  MODEL_INVALID: ['The model file is damaged, or of another version', 'Berkas model rusak, atau dari versi lain'],
  MODEL_NOT_FOUND: ['There is no such model', 'Model itu tidak ada'],
  WEIGHTS_INVALID: ['The weights do not fit the architecture', 'Bobotnya tidak cocok dengan arsitekturnya'],
  WEIGHTS_UNAVAILABLE: ['The weights are not there', 'Bobotnya tidak tersedia'],
  DEVICE_UNAVAILABLE: ['The server cannot compute on that device', 'Server tidak bisa memakai perangkat itu'],
  TRAINING_DIVERGED: ['The training has lost its way', 'Pelatihannya gagal menemukan arah'],
  RESUME_IMPOSSIBLE: ['It cannot go on from where it was', 'Tidak bisa dilanjutkan dari posisi terakhir'],
  OUTPUT_UNWRITABLE: ['The server cannot write', 'Server tidak bisa menulis'],
  DATABASE_UNAVAILABLE: ['The database cannot be reached', 'Basis data tidak dapat dijangkau'],
  STORAGE_UNAVAILABLE: ['The storage of the photos cannot be reached', 'Penyimpanan foto tidak dapat dijangkau'],
  OBJECT_DAMAGED: ['A stored file is damaged', 'Ada berkas tersimpan yang rusak'],
  DATABASE_NEWER: ['The database is of a later version', 'Basis data berasal dari versi yang lebih baru'],
  DATABASE_NOT_EMPTY: ['The database is not empty', 'Basis data tidak kosong'],
  BACKUP_INVALID: ['The backup is damaged or not whole', 'Cadangan rusak atau tidak lengkap'],
  PRODUCT_NOT_FOUND: ['There is no such product', 'Produk itu tidak ada'],
  PHOTO_NOT_FOUND: ['There is no such photo', 'Foto itu tidak ada'],
  IMPORT_NOT_FOUND: ['There is no such import', 'Impor itu tidak ada'],
  TRAINING_NOT_FOUND: ['There is no such training', 'Pelatihan itu tidak ada'],
  JOB_NOT_FOUND: ['There is no such job', 'Pekerjaan itu tidak ada'],
  TOKEN_NOT_FOUND: ['There is no such token', 'Token itu tidak ada'],
  UNAUTHENTICATED: ['You are not signed in', 'Anda belum masuk'],
  FORBIDDEN: ['You may not do that', 'Anda tidak diizinkan melakukannya'],
  ROUTE_NOT_FOUND: ['This server does not offer that', 'Server ini tidak menyediakannya'],
  UPLOAD_TOO_LARGE: ['That is more than the server takes at once', 'Ukurannya melebihi batas sekali kirim'],
  MEDIA_TYPE_UNSUPPORTED: ['The server does not take files of that kind', 'Server tidak menerima jenis berkas itu'],
  TOO_MANY_REQUESTS: ['Too much was asked for at once', 'Terlalu banyak permintaan sekaligus'],
  OVERLOADED: ['The server has more to do than it can', 'Server sedang kewalahan'],
  INTERRUPTED: ['It was interrupted', 'Prosesnya terhenti'],
  INTERNAL: ['Something failed that should not', 'Ada kegagalan yang tidak semestinya'],
} satisfies OfEveryCode);

const reload: Message = ['Reload the page: it may have been removed.', 'Muat ulang halaman: mungkin sudah dihapus.'];
const operator: Message = [
  'Tell whoever runs the server; the details below help.',
  'Beri tahu pengelola server; rincian di bawah membantu.',
];
const wait: Message = ['Wait a moment, then try again.', 'Tunggu sebentar, lalu coba lagi.'];

export const errorRemedies = defineMessages({
  USAGE: ['Correct what is said below, then try again.', 'Perbaiki yang disebut di bawah, lalu coba lagi.'],
  CONFIG_INVALID: ['Choose another value for it.', 'Pilih nilai lain.'],
  DATA_NOT_FOUND: [
    'Choose photos, a zip, a CSV or a folder with some.',
    'Pilih foto, zip, CSV, atau folder berisi foto.',
  ],
  DATA_INVALID: ['Correct what is named below, then try again.', 'Perbaiki yang disebut di bawah, lalu coba lagi.'],
  SCHEMA_INVALID: ['Correct the file that is named below.', 'Perbaiki berkas yang disebut di bawah.'],
  IMAGE_UNREADABLE: [
    'Save it again as JPEG, PNG or WebP, or choose another.',
    'Simpan ulang sebagai JPEG, PNG, atau WebP, atau pilih foto lain.',
  ],
  IMAGE_TOO_LARGE: ['Scale it down first.', 'Perkecil dulu fotonya.'],
  ARCHIVE_INVALID: ['Make the zip anew, and send it again.', 'Buat ulang berkas zip, lalu kirim lagi.'],
  MODEL_INVALID: ['Train or export it again.', 'Latih atau ekspor lagi modelnya.'],
  MODEL_NOT_FOUND: reload,
  WEIGHTS_INVALID: ['Choose another architecture.', 'Pilih arsitektur lain.'],
  WEIGHTS_UNAVAILABLE: operator,
  DEVICE_UNAVAILABLE: operator,
  TRAINING_DIVERGED: [
    'Start another one; with more photos it is steadier.',
    'Mulai yang baru; dengan lebih banyak foto hasilnya lebih stabil.',
  ],
  RESUME_IMPOSSIBLE: ['Start a new one.', 'Mulai yang baru.'],
  OUTPUT_UNWRITABLE: [
    'Its disk may be full. Tell whoever runs the server.',
    'Disknya mungkin penuh. Beri tahu pengelola server.',
  ],
  DATABASE_UNAVAILABLE: wait,
  STORAGE_UNAVAILABLE: [
    'Wait a moment: nothing is lost, and work that waits goes on.',
    'Tunggu sebentar: tidak ada yang hilang, dan pekerjaan yang menunggu akan dilanjutkan.',
  ],
  OBJECT_DAMAGED: operator,
  DATABASE_NEWER: operator,
  DATABASE_NOT_EMPTY: operator,
  BACKUP_INVALID: operator,
  PRODUCT_NOT_FOUND: reload,
  PHOTO_NOT_FOUND: reload,
  IMPORT_NOT_FOUND: reload,
  TRAINING_NOT_FOUND: reload,
  JOB_NOT_FOUND: [
    'Reload the page: somebody may have tried it again or let it go.',
    'Muat ulang halaman: mungkin sudah dicoba lagi atau dilepas orang lain.',
  ],
  TOKEN_NOT_FOUND: reload,
  UNAUTHENTICATED: ['Sign in with your token.', 'Masuk dengan token Anda.'],
  FORBIDDEN: ['Ask an administrator for a token that may.', 'Minta token yang berhak kepada administrator.'],
  ROUTE_NOT_FOUND: [
    'Reload the page: the server may have been updated.',
    'Muat ulang halaman: server mungkin sudah diperbarui.',
  ],
  UPLOAD_TOO_LARGE: ['Send it in several parts.', 'Kirim dalam beberapa bagian.'],
  MEDIA_TYPE_UNSUPPORTED: ['Choose photos, a zip or a CSV.', 'Pilih foto, zip, atau CSV.'],
  TOO_MANY_REQUESTS: wait,
  OVERLOADED: wait,
  INTERRUPTED: ['Start it again.', 'Jalankan lagi.'],
  INTERNAL: operator,
} satisfies OfEveryCode);
