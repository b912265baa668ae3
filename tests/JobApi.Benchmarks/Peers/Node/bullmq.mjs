// Fastify + BullMQ, the API and the worker in one process as they are in JobApi. Argument: the port of Redis.
import { Queue, QueueEvents, Worker } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';

const Concurrency = 64;
const connection = new Redis(Number(process.argv[2]), '127.0.0.1', { maxRetriesPerRequest: null });

const queue = new Queue('square', { connection });
let completed = 0;

// Each caller who waits listens on the queue, too.
queue.setMaxListeners(0);

const worker = new Worker('square', async job => ({ number: job.data.number * job.data.number }), { connection, concurrency: Concurrency });
worker.on('completed', () => completed++);
worker.on('error', error => console.error(error));
await worker.waitUntilReady();
await queue.waitUntilReady();

// Is told the end of every job, which costs: opened for the first caller who waits, so that servers without such callers do not pay for it.
let events;
const endings = () => events ??= new QueueEvents('square', { connection: connection.duplicate() }).on('error', error => console.error(error));

const job = {
  type: 'object',
  required: ['type', 'payload'],
  properties: { type: { type: 'string' }, payload: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } } },
};

const server = Fastify({ bodyLimit: 16 * 1024 * 1024 });

server.post('/jobs', { schema: { body: job } }, async (request, reply) => {
  const added = await queue.add('square', request.body.payload);
  const seconds = Number(/\bwait=(\d+)/.exec(request.headers.prefer)?.[1] ?? 0);
  const result = seconds > 0 ? await resultOf(added, seconds) : undefined;

  reply.code(result ? 200 : 202).header('location', `/jobs/${added.id}`);
  return result ? { id: added.id, state: 'completed', result } : { id: added.id };
});

server.post('/jobs/bulk', { schema: { body: { type: 'array', items: job } } }, async (request, reply) => {
  const added = await queue.addBulk(request.body.map(({ payload }) => ({ name: 'square', data: payload })));
  reply.code(207);
  return added.map(({ id }) => ({ id }));
});

server.get('/jobs/:id', async (request, reply) => {
  // Sent together, the state first: a job that is called completed then has its result.
  const [state, found] = await Promise.all([queue.getJobState(request.params.id), queue.getJob(request.params.id)]);

  if (!found) {
    reply.code(404);
    return { error: 'There is no such job.' };
  }

  return { id: found.id, state, payload: found.data, result: found.returnvalue ?? undefined };
});

server.get('/completed', async () => ({ completed }));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(0));
}

await server.listen({ host: '127.0.0.1', port: 0 });
console.log(`Now listening on: http://127.0.0.1:${server.server.address().port}`);

/** What the job came to; undefined when it took longer, or failed. */
async function resultOf(added, seconds) {
  try {
    return await added.waitUntilFinished(endings(), seconds * 1000);
  } catch {
    return undefined;
  }
}
