import PgBoss from 'pg-boss';

const Queue = 'square';

export async function start(connectionString, batch) {
  const boss = new PgBoss({ connectionString, max: 20 });
  boss.on('error', error => console.error(error));
  await boss.start();
  await boss.createQueue(Queue);

  const handle = done => async jobs => {
    jobs.forEach(done);
    return { number: jobs[0].data.number ** 2 };
  };

  return {
    addOne: payload => boss.send(Queue, payload),
    addMany: batch ? payloads => boss.insert(payloads.map(data => ({ name: Queue, data }))) : undefined,
    // Its worker polls, at most every half second: without batches the library is driven by hand, as fast as it goes.
    work: batch
      ? done => Promise.all(Array.from({ length: 4 }, () => drain(boss, 500, handle(done))))
      : done => Promise.all(Array.from({ length: 24 }, () => drain(boss, 1, handle(done)))),
    stop: () => boss.stop({ graceful: false }),
  };
}

async function drain(boss, batchSize, handle) {
  for (let jobs = await boss.fetch(Queue, { batchSize }); jobs.length > 0; jobs = await boss.fetch(Queue, { batchSize })) {
    const result = await handle(jobs);
    await boss.complete(Queue, jobs.map(({ id }) => id), result);
  }
}
