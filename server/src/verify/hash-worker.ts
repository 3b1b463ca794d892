import { parentPort } from 'node:worker_threads';
import { type HashJob, runHashJob } from './hash-jobs.ts';

// One thread of the verifier. It holds nothing between jobs.
parentPort?.on('message', (job: HashJob) => {
  const answer = runHashJob(job);
  parentPort?.postMessage(answer, answer.kind === 'entries' ? [answer.buffer] : []);
});
