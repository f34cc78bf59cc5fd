/** What is on a photo, over HTTP: curl --data-binary @photo.jpg -H 'content-type: image/jpeg' localhost:8080/predict */
import { openPhotoReader } from '@busana/vision';
import Fastify from 'fastify';

const { PORT = '8080' } = process.env;
const reader = await openPhotoReader(); // or a model file of your own
const app = Fastify({ logger: { level: 'warn' }, bodyLimit: 32 * 2 ** 20 });

app.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

app.post<{ Body: Buffer }>('/predict', async (request, reply) => {
  const prediction = await reader.read(request.body);
  return reply.status(prediction.status === 'error' ? 422 : 200).send(prediction);
});

app.addHook('onClose', () => reader.release());
process.once('SIGTERM', () => void app.close());
console.log(`listening on ${await app.listen({ host: '127.0.0.1', port: Number(PORT) })}`);
