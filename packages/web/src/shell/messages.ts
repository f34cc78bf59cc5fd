import { defineMessages } from '../i18n/messages.ts';

export const shellMessages = defineMessages({
  skip: ['Skip to the content', 'Lewati ke isi'],
  menu: ['Menu', 'Menu'],
  pages: ['Pages', 'Halaman'],
  classify: ['Classify', 'Klasifikasi'],
  catalogue: ['Catalogue', 'Katalog'],
  review: ['Review', 'Tinjau'],
  train: ['Train', 'Latih'],
  models: ['Models', 'Model'],
  data: ['Data', 'Data'],
  transfer: ['Import & export', 'Impor & ekspor'],
  window: ['Shop window', 'Etalase'],
  language: ['Language', 'Bahasa'],
  dark: ['Change to dark', 'Ganti ke gelap'],
  light: ['Change to light', 'Ganti ke terang'],
  signIn: ['Sign in', 'Masuk'],
  signInText: [
    'This server asks who you are. An admin gives out tokens with busana token.',
    'Server ini menanyakan siapa Anda. Admin membagikan token dengan busana token.',
  ],
  signOut: ['Sign out', 'Keluar'],
  viewer: ['may look', 'boleh melihat'],
  editor: ['may change the catalogue', 'boleh mengubah katalog'],
  admin: ['may do everything', 'boleh melakukan semuanya'],
  token: ['Token', 'Token'],
  own: ['For the shop', 'Untuk toko'],
  absent: ['There is no such page', 'Halaman ini tidak ada'],
  absentText: [
    'The address may be mistyped. All pages are in the menu.',
    'Alamatnya mungkin salah ketik. Semua halaman ada di menu.',
  ],
});
