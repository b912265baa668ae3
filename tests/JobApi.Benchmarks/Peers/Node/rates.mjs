const Callers = 64;
const PerBatch = 100;

/**
 * Adds so many jobs, one by one from 64 callers or 100 at once from 4, then works them off.
 * @param library addOne or addMany; work(done) calls done once for each finished job; stop.
 */
export async function run(library, jobs, payload) {
  let left = jobs;
  const adding = performance.now();

  await Promise.all(Array.from({ length: library.addMany ? 4 : Callers }, async () => {
    while (left > 0) {
      const count = Math.min(left, library.addMany ? PerBatch : 1);
      left -= count;
      await (library.addMany ? library.addMany(Array.from({ length: count }, () => payload)) : library.addOne(payload));
    }
  }));

  const added = performance.now() - adding;
  let done = 0;
  let finish;
  const finished = new Promise(resolve => { finish = resolve; });
  const working = performance.now();
  await library.work(() => { if (++done === jobs) finish(); });
  await finished;
  const worked = performance.now() - working;
  await library.stop();

  return { added: jobs / added * 1000, worked: jobs / worked * 1000 };
}
