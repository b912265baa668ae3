import PgBoss from 'pg-boss';
import { Connections, Workers } from './rates.mjs';

const Queue = 'square';

export async function start(connectionString, batch) {
  const boss = new PgBoss({ connectionString, max: Connections });
  boss.on('error', error => console.error(error));
  await boss.start();
  await boss.createQueue(Queue);

  return {
    addOne: payload => boss.send(Queue, payload),
    addMany: batch ? payloads => boss.insert(payloads.map(data => ({ name: Queue, data }))) : undefined,
    // Its worker polls, at most every half second, and takes its next jobs only then: driven by hand the library is as fast as it goes.
    work: (_, done) => batch ? drain(boss, 4, 500, done) : drain(boss, Workers, 1, done),
    stop: () => boss.stop({ graceful: false }),
  };
}

/** So many hands take so many jobs at a time until none is left. */
const drain = (boss, hands, batchSize, done) => Promise.all(Array.from({ length: hands }, async () => {
  for (let jobs = await boss.fetch(Queue, { batchSize }); jobs.length > 0; jobs = await boss.fetch(Queue, { batchSize })) {
    const results = jobs.map(({ data }) => ({ number: data.number * data.number }));

    // Takes one result for all jobs of a batch, so those of the others are lost: the library cannot do more in one statement.
    await boss.complete(Queue, jobs.map(({ id }) => id), results[0]);
    done(jobs.length);
  }
}));
