import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Classify', 'Klasifikasi'],
  text: [
    'What is on a photo, and how sure that is. Photos stay on this machine, and are not kept.',
    'Apa yang ada di foto, dan seberapa yakin. Foto tetap di komputer ini dan tidak disimpan.',
  ],
  clear: ['Clear', 'Bersihkan'],
  reading: ['Reading the photo', 'Membaca foto'],
  joint: ['All of it right', 'Semuanya benar'],
  jointHint: [
    'Probability that every attribute is right, calibrated on photos that the model had not seen',
    'Peluang bahwa setiap atribut benar, dikalibrasi pada foto yang belum pernah dilihat model',
  ],
  why: ['Why?', 'Mengapa?'],
  time: ['{milliseconds} ms', '{milliseconds} ms'],
  remove: ['Remove {name}', 'Hapus {name}'],
  results: ['Results', 'Hasil'],
  explain: ['Show where the model looks', 'Tunjukkan bagian yang dilihat model'],
  explaining: ['Drawing the heat map', 'Menggambar peta panas'],
  share: ['{share} of what counts lies on the garment', '{share} dari yang diperhitungkan ada pada pakaian'],
  overlay: ['Heat map for {label}', 'Peta panas untuk {label}'],
});
