import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Models', 'Model'],
  text: [
    'Who answers, who could, and how they compare on photos that none of them has learnt from.',
    'Siapa yang menjawab, siapa yang bisa, dan perbandingannya pada foto yang belum pernah dipelajari.',
  ],
  active: ['Active', 'Aktif'],
  activate: ['Activate', 'Aktifkan'],
  activated: ['{name} answers from now on', '{name} menjawab mulai sekarang'],
  rollback: ['Roll back', 'Kembalikan'],
  rolledBack: ['The model before answers again', 'Model sebelumnya menjawab lagi'],
  shipped: ['came with busana', 'bawaan busana'],
  trained: ['training {origin}', 'pelatihan {origin}'],
  emr: ['All attributes right', 'Semua atribut benar'],
  interval: ['{value} ({low} to {high})', '{value} ({low} sampai {high})'],
  before: ['before', 'sebelum'],
  after: ['after', 'sesudah'],
  comparison: ['Before and after, on the same {photos} photos', 'Sebelum dan sesudah, pada {photos} foto yang sama'],
  card: ['Model card', 'Kartu model'],
  emptyTitle: ['No model', 'Belum ada model'],
  emptyText: ['The server has been started without one.', 'Server dijalankan tanpa model.'],
});
