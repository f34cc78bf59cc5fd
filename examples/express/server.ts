/** What is on a photo, over HTTP: curl --data-binary @photo.jpg -H 'content-type: image/jpeg' localhost:8080/predict */
import { openPhotoReader } from '@busana/vision';
import express from 'express';
import type { AddressInfo } from 'node:net';

const { PORT = '8080' } = process.env;
const reader = await openPhotoReader(); // or a model file of your own
const app = express();

app.post('/predict', express.raw({ type: 'image/*', limit: '32mb' }), async (request, response) => {
  const prediction = await reader.read(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  response.status(prediction.status === 'error' ? 422 : 200).json(prediction);
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => server.close(() => void reader.release()));
