/** The proof of work that the server asks for before it keeps or books a time. */
import type { BrowserApi } from '../api';
import { type Challenge, type Proof, solveProof } from '../proof-of-work';

export type ProofApi = Pick<BrowserApi, 'challenge'>;

/** Good for this request alone, and for ten minutes. */
export async function proofFor(api: ProofApi, clinic: string, requestId: string): Promise<Proof> {
  return await solve(await api.challenge({ clinic, requestId }));
}

async function solve(challenge: Challenge): Promise<Proof> {
  if (typeof Worker === 'undefined') return await solveProof(challenge);
  try {
    return await solveBeside(challenge);
  } catch {
    // Some browsers and extensions forbid workers; the proof also gives way to the page from time to time.
    return await solveProof(challenge);
  }
}

function solveBeside(challenge: Challenge): Promise<Proof> {
  const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Proof>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Proof>) => resolve(data);
    worker.onerror = () => reject(new Error('the worker did not start'));
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}
