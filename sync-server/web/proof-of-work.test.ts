import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { solveProof } from './proof-of-work';

function zeroBits(text: string): number {
  return Math.clz32(createHash('sha256').update(text).digest().readUInt32BE(0));
}

// Lengths around the ends of blocks, where padding goes wrong.
for (const length of [0, 1, 40, 47, 48, 50, 55, 56, 60, 63, 64, 65, 100, 118, 119, 120, 127, 128, 200]) {
  it(`solves a challenge of ${length} characters as another SHA-256 sees it`, async () => {
    const challenge = 'x'.repeat(length);
    const { nonces } = await solveProof({ challenge, rounds: 3, bits: 6 });
    expect(nonces).toHaveLength(3);
    for (const [round, nonce] of nonces.entries()) {
      expect(zeroBits(`${challenge}.${round}.${nonce}`)).toBeGreaterThanOrEqual(6);
      // The first that is right: none before it was overlooked, so every hash was right.
      for (let before = 0; before < nonce; before++)
        expect(zeroBits(`${challenge}.${round}.${before}`)).toBeLessThan(6);
    }
  });
}

it('lets the page answer meanwhile', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await solveProof({ challenge: 'busy', rounds: 8, bits: 13 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});

it('has nothing to do where nothing is asked', async () => {
  expect(await solveProof({ challenge: 'free', rounds: 0, bits: 0 })).toEqual({
    challenge: 'free',
    nonces: [],
  });
});
