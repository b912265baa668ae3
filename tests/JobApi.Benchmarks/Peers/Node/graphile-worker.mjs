import { setTimeout } from 'node:timers/promises';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { Connections, Workers } from './rates.mjs';

const silent = new Logger(() => () => {});

export async function start(connectionString, batch) {
  // Of our own, so that its connections outlive a runner: otherwise each pass would begin by opening them.
  const pgPool = new pg.Pool({ connectionString, max: Connections });
  pgPool.on('error', error => console.error(error));
  pgPool.on('connect', client => client.on('error', error => console.error(error)));

  const utils = await makeWorkerUtils({ pgPool, logger: silent });
  await utils.migrate();
  let runner;

  return {
    addOne: payload => utils.addJob('square', payload),
    addMany: batch ? payloads => utils.addJobs(payloads.map(payload => ({ identifier: 'square', payload }))) : undefined,
    work: async (jobs, done) => {
      let left = jobs;
      let finish;
      const executed = new Promise(resolve => { finish = resolve; });

      // What a task returns is not kept: the library deletes a job that is done.
      const square = async ({ number }) => {
        done(1);
        if (--left === 0) finish();
        return number * number;
      };

      runner = await run({
        pgPool,
        logger: silent,
        noHandleSignals: true,
        concurrency: Workers,
        taskList: { square },
        // What its manual names for throughput: jobs fetched and completed many at a time.
        preset: batch ? { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } } : undefined,
      });

      await executed;

      // Its workers do not wait for what they have done to be recorded, so the last jobs are still in the table.
      while (await hasJobs(pgPool)) {
        await setTimeout(1);
      }
    },
    rest: () => runner.stop(),
    stop: async () => {
      await utils.release();
      await pgPool.end();
    },
  };
}

async function hasJobs(pool) {
  const { rowCount } = await pool.query('select from graphile_worker.jobs limit 1');
  return rowCount > 0;
}
