import { Logger, makeWorkerUtils, run } from 'graphile-worker';

const silent = new Logger(() => () => {});

export async function start(connectionString, batch) {
  const utils = await makeWorkerUtils({ connectionString, maxPoolSize: 20, logger: silent });
  await utils.migrate();
  let runner;

  return {
    addOne: payload => utils.addJob('square', payload),
    addMany: batch ? payloads => utils.addJobs(payloads.map(payload => ({ identifier: 'square', payload }))) : undefined,
    work: async done => {
      runner = await run({
        connectionString,
        maxPoolSize: 20,
        logger: silent,
        noHandleSignals: true,
        concurrency: 24,
        taskList: { square: async ({ number }) => { done(); return number * number; } },
        // What its manual names for throughput: jobs fetched and completed many at a time.
        preset: batch ? { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } } : undefined,
      });
    },
    stop: async () => {
      await runner.stop();
      await utils.release();
    },
  };
}
