/** Works a proof out beside the page, which stays free for the visitor. */
import { type Challenge, solveProof } from '../proof-of-work';

self.onmessage = async ({ data }: MessageEvent<Challenge>) => {
  self.postMessage(await solveProof(data));
};
