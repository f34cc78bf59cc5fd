/** @file What Prometheus asks for at `/metrics`. */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Depth } from '../jobs/dead.ts';
import type { Pace } from '../predictions/pace.ts';

/** Numbers of one server, counted where things happen. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'busana_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.#registry],
  });
  readonly #predictions = new Counter({
    name: 'busana_predictions_total',
    help: 'Photos that a request has asked about, by the status of the answer',
    labelNames: ['status'],
    registers: [this.#registry],
  });
  readonly #batches = new Histogram({
    name: 'busana_batch_photos',
    help: 'Photos that the model was asked about at once',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [this.#registry],
  });
  readonly #network = new Counter({
    name: 'busana_network_seconds_total',
    help: 'Time that the model has computed',
    registers: [this.#registry],
  });
  readonly #remembered = new Counter({
    name: 'busana_remembered_answers_total',
    help: 'Photos of requests that were answered from memory',
    registers: [this.#registry],
  });
  readonly #imported = new Counter({
    name: 'busana_imported_photos_total',
    help: 'Photos of imports that have come to an end, by which',
    labelNames: ['state'],
    registers: [this.#registry],
  });

  /** @param waiting photos in the queue of the model */
  constructor(waiting: () => number) {
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'busana_waiting_photos',
      help: 'Photos that wait for the model',
      registers: [this.#registry],
      collect() {
        this.set(waiting());
      },
    });
  }

  predicted(status: string): void {
    this.#predictions.inc({ status });
  }

  answered(photos: number, milliseconds: number): void {
    this.#batches.observe(photos);
    this.#network.inc(milliseconds / 1000);
  }

  imported(state: string): void {
    this.#imported.inc({ state });
  }

  remembered(): void {
    this.#remembered.inc();
  }

  /** Tells how much there is to do, for whoever starts and ends workers. @param depth of the queues, asked when somebody asks */
  watch(depth: () => Promise<readonly Depth[]>): void {
    new Gauge({
      name: 'busana_jobs',
      help: 'Jobs of all servers and workers, by queue and state: waiting, active, dead',
      labelNames: ['queue', 'state'],
      registers: [this.#registry],
      async collect() {
        // A database that does not answer is no reason to tell nothing else.
        for (const { queue, state, jobs } of await depth().catch(() => [])) this.set({ queue, state }, jobs);
      },
    });
  }

  /** Measures every request of an application, and answers `/metrics`. */
  serve(app: FastifyInstance, pace: Pace): void {
    new Gauge({
      name: 'busana_expected_wait_seconds',
      help: 'How long a photo that came now would wait for those of other requests',
      registers: [this.#registry],
      collect() {
        this.set(pace.wait / 1000);
      },
    });
    app.addHook('onResponse', ({ method, routeOptions: { url: route = 'none' } }, reply, done) => {
      this.#requests.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
      done();
    });
    app.get('/metrics', { schema: { hide: true } }, async (_, reply) => {
      return reply.type(this.#registry.contentType).send(await this.#registry.metrics());
    });
  }
}
