import { performance } from 'node:perf_hooks';

const PerBatch = 100;
const WarmUp = 2_000;
const Passes = 3;

/** Callers who add jobs one by one. */
const Callers = 64;

/** Jobs that are worked on at a time. */
export const Workers = 24;

/** Connections to the database: one for each who wants one at a time, the callers being more than the workers. PostgreSQL allows 100. */
export const Connections = 80;

/**
 * Adds so many jobs, one by one from 64 callers or 100 at once from 4, then works them off: once with a few jobs and unmeasured, so that code is
 * compiled and connections are open, then three times. Gives the medians.
 * @param library addOne or addMany; work(jobs, done) works so many off, calls done(count) as they are done, and ends when all are recorded as done;
 * rest, if there is something to be ended before jobs are added again; stop.
 */
export async function run(library, jobs, payload) {
  await pass(library, WarmUp, payload);
  const passes = [];

  for (let i = 0; i < Passes; i++) {
    passes.push(await pass(library, jobs, payload));
  }

  await library.stop();
  return { added: median(passes.map(({ added }) => added)), worked: median(passes.map(({ worked }) => worked)) };
}

async function pass(library, jobs, payload) {
  const added = await add(library, jobs, payload);
  const worked = await workOff(library, jobs);
  await library.rest?.();
  return { added, worked };
}

async function add(library, jobs, payload) {
  let left = jobs;
  const start = performance.now();

  await Promise.all(Array.from({ length: library.addMany ? 4 : Callers }, async () => {
    while (left > 0) {
      const count = Math.min(left, library.addMany ? PerBatch : 1);
      left -= count;
      await (library.addMany ? library.addMany(Array.from({ length: count }, () => payload)) : library.addOne(payload));
    }
  }));

  return perSecond(jobs, start);
}

/**
 * Counted from the first jobs done, and without them: how long the workers take to start is not how fast they are. What the other hands have
 * done of theirs by then is in the library's favour; it is no more than 3 % of the jobs.
 */
async function workOff(library, jobs) {
  let start;
  let first = 0;

  await library.work(jobs, count => {
    if (start === undefined) {
      start = performance.now();
      first = count;
    }
  });

  return perSecond(jobs - first, start);
}

const perSecond = (jobs, start) => jobs / (performance.now() - start) * 1000;

const median = values => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
