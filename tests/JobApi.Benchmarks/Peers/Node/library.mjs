// A library without a server in front. Arguments: graphile-worker or pg-boss, plain or batch, the number of jobs, the connection string.
// Adds the jobs and works them off, several times, and prints one line of JSON: the medians of adding and of working, each in jobs/s.
import { run } from './rates.mjs';

const [library, manner, jobs, connectionString] = process.argv.slice(2);
const payload = { number: 1234567, filling: 'x'.repeat(190 - '{"number":1234567,"filling":""}'.length) };
const { start } = await import(`./${library}.mjs`);

console.log('RESULT ' + JSON.stringify(await run(await start(connectionString, manner === 'batch'), Number(jobs), payload)));
process.exit(0);
