// Fastify + BullMQ, the API and the worker in one process as they are in JobApi. Argument: the port of Redis.
import { Queue, Worker } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';

const Concurrency = 64;
const connection = new Redis(Number(process.argv[2]), '127.0.0.1', { maxRetriesPerRequest: null });

const queue = new Queue('square', { connection });
let completed = 0;

const worker = new Worker('square', async job => ({ number: job.data.number * job.data.number }), { connection, concurrency: Concurrency });
worker.on('completed', () => completed++);
worker.on('error', error => console.error(error));
await worker.waitUntilReady();
await queue.waitUntilReady();

const job = {
  type: 'object',
  required: ['type', 'payload'],
  properties: { type: { type: 'string' }, payload: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } } },
};

const server = Fastify({ bodyLimit: 16 * 1024 * 1024 });

server.post('/jobs', { schema: { body: job } }, async (request, reply) => {
  const added = await queue.add('square', request.body.payload);
  reply.code(202).header('location', `/jobs/${added.id}`);
  return { id: added.id };
});

server.post('/jobs/bulk', { schema: { body: { type: 'array', items: job } } }, async (request, reply) => {
  const added = await queue.addBulk(request.body.map(({ payload }) => ({ name: 'square', data: payload })));
  reply.code(207);
  return added.map(({ id }) => ({ id }));
});

server.get('/completed', async () => ({ completed }));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(0));
}

await server.listen({ host: '127.0.0.1', port: 0 });
console.log(`Now listening on: http://127.0.0.1:${server.server.address().port}`);
