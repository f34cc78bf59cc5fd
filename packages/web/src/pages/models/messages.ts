import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Models', 'Model'],
  text: [
    'Who answers, who could, and how they compare on photos that none of them has learnt from.',
    'Siapa yang menjawab, siapa yang bisa, dan perbandingannya pada foto yang belum pernah dipelajari.',
  ],
  active: ['Active', 'Aktif'],
  answering: ['Answers meanwhile', 'Menjawab untuk sementara'],
  problem: ['This model cannot be used', 'Model ini tidak dapat dipakai'],
  instead: [
    'Until its file is whole again, another model answers: {name}.',
    'Sampai berkasnya utuh kembali, model lain yang menjawab: {name}.',
  ],
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
  better: ['The new model is better.', 'Model baru lebih baik.'],
  'not worse': ['The new model is not worse.', 'Model baru tidak lebih buruk.'],
  worse: ['The new model is worse, so the old one stays.', 'Model baru lebih buruk, jadi yang lama tetap dipakai.'],
  'not measured': [
    'Nothing was measured: no photo with confirmed labels is kept to compare models on. Confirm more.',
    'Belum diukur: belum ada foto berlabel terkonfirmasi untuk membandingkan model. Konfirmasi lebih banyak.',
  ],
  test: [
    'Difference {value} ({low} to {high}). Only the new one is right on {new} photos, only the old one on {old} (exact McNemar test, {p}).',
    'Selisih {value} ({low} sampai {high}). Hanya yang baru benar pada {new} foto, hanya yang lama pada {old} (uji McNemar eksak, {p}).',
  ],
  card: ['Model card', 'Kartu model'],
  emptyTitle: ['No model', 'Belum ada model'],
  emptyText: ['The server has been started without one.', 'Server dijalankan tanpa model.'],
});
