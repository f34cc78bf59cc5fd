import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  title: ['Jobs', 'Pekerjaan'],
  text: [
    'What goes on behind the pages, who does it, and what could not be done.',
    'Apa yang berjalan di balik halaman, siapa yang mengerjakannya, dan apa yang tidak berhasil.',
  ],
  queue: ['Queue', 'Antrean'],
  predict: ['Photos', 'Foto'],
  receive: ['Photos of imports', 'Foto impor'],
  anew: ['Photos read anew', 'Foto dibaca ulang'],
  train: ['Trainings', 'Pelatihan'],
  analyze: ['Analyses', 'Analisis'],
  unknown: ['Unknown', 'Tidak dikenal'],
  waiting: ['waiting', 'menunggu'],
  active: ['in progress', 'dikerjakan'],
  dead: ['given up', 'gagal'],
  workers: ['Workers', 'Pekerja'],
  silent: ['silent', 'tidak menjawab'],
  alive: ['at work', 'bekerja'],
  process: ['process {process}', 'proses {process}'],
  noWorker: [
    'Nobody works at these jobs: start busana worker, or the server without --no-work.',
    'Tidak ada yang mengerjakan: jalankan busana worker, atau server tanpa --no-work.',
  ],
  givenUp: ['Could not be done', 'Tidak berhasil'],
  givenUpText: [
    'These were tried several times. What they were for has failed; nothing else is held up by them.',
    'Ini sudah dicoba beberapa kali. Tujuannya gagal; yang lain tidak terhambat.',
  ],
  nothing: ['Everything could be done.', 'Semua berhasil dikerjakan.'],
  ofImport: ['import {id}, {photos} {photos:photo|photos}', 'impor {id}, {photos} foto'],
  ofOne: ['no. {id}', 'no. {id}'],
  retry: ['Try again', 'Coba lagi'],
  discard: ['Let go', 'Lepaskan'],
});
