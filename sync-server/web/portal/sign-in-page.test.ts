import { expect, test } from 'vitest';
import { plainCode } from './sign-in-page';

test.each(['K7M2-9QXD', ' k7m2 9qxd ', 'K7M2\u00a09QXD\n', 'K7M2–9QXD'])(
  '%j is the code of the mail',
  (typed) => {
    expect(plainCode(typed)).toBe('K7M29QXD');
  },
);
