import { SealFailure } from '@medic/shared/sync/seal';
import { expect, it } from 'vitest';
import { deskKey, newKeyBytes, sealUnder } from './seal';

const bytes = newKeyBytes();
const seal = sealUnder(await deskKey(bytes));
const plain = new TextEncoder().encode('Polańska Anna, 1984-03-12');

async function failureOf(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(error instanceof SealFailure)) throw new Error('it opened, or failed otherwise', { cause: error });
  return error.kind;
}

it('opens at its place what it sealed, also after the key was read in again', async () => {
  const sealed = await seal.seal(plain, 'patients/1');
  expect(await seal.open(sealed, 'patients/1')).toEqual(plain);
  const again = sealUnder(await deskKey(bytes));
  expect(again.keyId).toBe(seal.keyId);
  expect(await again.open(sealed, 'patients/1')).toEqual(plain);
  expect(await seal.open(await seal.seal(new Uint8Array(0), 'x'), 'x')).toEqual(new Uint8Array(0));
});

it('shows nothing of what it sealed, and never the same blob twice', async () => {
  const [one, two] = await Promise.all([seal.seal(plain, 'patients/1'), seal.seal(plain, 'patients/1')]);
  expect(new TextDecoder('latin1').decode(one)).not.toContain('Anna');
  expect(one.subarray(5, 17)).not.toEqual(two.subarray(5, 17));
  expect(one.subarray(17)).not.toEqual(two.subarray(17));
});

it('does not open a blob that was put at another place', async () => {
  const sealed = await seal.seal(plain, 'patients/1');
  expect(await failureOf(seal.open(sealed, 'patients/2'))).toBe('damaged');
});

it('tells every changed or missing byte from a key that is not the right one', async () => {
  const sealed = await seal.seal(plain, 'patients/1');
  for (let i = 0; i < sealed.length; i++) {
    const changed = sealed.slice();
    changed[i] = (changed[i] ?? 0) ^ 1;
    // Bytes 1 to 4 name the key.
    expect(await failureOf(seal.open(changed, 'patients/1')), `byte ${i}`).toBe(
      i >= 1 && i <= 4 ? 'wrong-key' : 'damaged',
    );
    expect(await failureOf(seal.open(sealed.slice(0, i), 'patients/1')), `cut at ${i}`).toBe('damaged');
  }
  const other = sealUnder(await deskKey(newKeyBytes()));
  expect(other.keyId).not.toBe(seal.keyId);
  expect(await failureOf(other.open(sealed, 'patients/1'))).toBe('wrong-key');
});

it('keeps the key where nothing can read its bytes, and tells nothing of them by its id', async () => {
  const key = await deskKey(bytes);
  await expect(crypto.subtle.exportKey('raw', key.aes)).rejects.toThrow();
  expect(Buffer.from(bytes).toString('hex')).not.toContain(key.id);
});

it('keeps apart what is sealed and opened in the same moment, each at its own place', async () => {
  const places = Array.from({ length: 300 }, (_, n) =>
    n % 50 === 0 ? `${'ü'.repeat(200)}/${n}` : `patients/${n}`,
  );
  const blobs = await Promise.all(places.map((place) => seal.seal(new TextEncoder().encode(place), place)));
  const opened = await Promise.all(places.map((place, n) => seal.open(blobs[n] as Uint8Array, place)));
  expect(opened.map((bytes) => new TextDecoder().decode(bytes))).toEqual(places);
  expect(new Set(blobs.map((blob) => blob.subarray(5, 17).join())).size).toBe(places.length);
});
