import { defineMessages } from '../i18n/messages.ts';

export const photoMessages = defineMessages({
  drop: ['Drop photos here', 'Jatuhkan foto di sini'],
  dropHint: [
    'or paste them, choose files, or take one with the camera',
    'atau tempel, pilih berkas, atau ambil dengan kamera',
  ],
  choose: ['Choose photos', 'Pilih foto'],
  camera: ['Camera', 'Kamera'],
  cameraTitle: ['Take a photo', 'Ambil foto'],
  cameraText: [
    'Lay the garment flat or hang it up, before a plain ground.',
    'Bentangkan atau gantung pakaian di depan latar polos.',
  ],
  shoot: ['Take the photo', 'Ambil foto'],
  cameraRefused: ['The camera cannot be used', 'Kamera tidak dapat digunakan'],
  cameraRemedy: [
    'Allow the camera for this page in the browser, or choose a file instead.',
    'Izinkan kamera untuk halaman ini di peramban, atau pilih berkas.',
  ],
});
