import { createHmac } from 'node:crypto';
import { idOf } from '@medic/shared/testing/builders';
import { expect, test } from 'vitest';
import { ManageLinks } from './manage-links';

const secret = Buffer.alloc(32, 7);
const links = new ManageLinks(secret);
const clinicId = idOf('clinic', 1);
const visitId = idOf('appointment', 1);

test('a token opens the visit and version that it was made for', () => {
  const token = links.visitToken(clinicId, visitId, 3);
  expect(links.readVisitToken(clinicId, token)).toEqual({ visitId, version: 3 });
});

test('the mac is 128 bits of an HMAC-SHA256 over purpose, clinic, visit and version', () => {
  const key = createHmac('sha256', secret).update('manage links').digest();
  const mac = createHmac('sha256', key).update(`visit|${clinicId}|${visitId}|3`).digest().subarray(0, 16);
  expect(links.visitToken(clinicId, visitId, 3)).toBe(`${visitId}.3.${mac.toString('base64url')}`);
});

test('another visit, version, clinic, key or purpose is refused', () => {
  const token = links.visitToken(clinicId, visitId, 3);
  const mac = token.split('.')[2];
  expect(links.readVisitToken(clinicId, `${idOf('appointment', 2)}.3.${mac}`)).toBeNull();
  expect(links.readVisitToken(clinicId, `${visitId}.4.${mac}`)).toBeNull();
  expect(links.readVisitToken(idOf('clinic', 2), token)).toBeNull();
  expect(new ManageLinks(Buffer.alloc(32, 8)).readVisitToken(clinicId, token)).toBeNull();
  const offer = links.offerToken(clinicId, visitId, visitId);
  expect(links.readVisitToken(clinicId, offer)).toBeNull();
  expect(links.readOfferToken(clinicId, token)).toBeNull();
});

test('every single changed character is refused, also the last, which base64 could spell in four ways', () => {
  const token = links.visitToken(clinicId, visitId, 0);
  for (let i = 0; i < token.length; i++) {
    const other = token[i] === 'A' ? 'B' : 'A';
    expect(links.readVisitToken(clinicId, token.slice(0, i) + other + token.slice(i + 1))).toBeNull();
  }
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const accepted = [...alphabet].filter((c) => links.readVisitToken(clinicId, token.slice(0, -1) + c));
  expect(accepted).toEqual([token.at(-1)]);
});

test.each([
  '',
  '.',
  '..',
  '...',
  'a.b.c',
  `${visitId}.1`,
  `${visitId}.01.x`,
  `${visitId}.-1.x`,
  `${visitId}.1e3.x`,
])('what is no token is refused: %s', (token) => {
  expect(links.readVisitToken(clinicId, token)).toBeNull();
  expect(links.readOfferToken(clinicId, token)).toBeNull();
});

test('an offer token opens the offer of its entry', () => {
  const entryId = idOf('waitlistEntry', 1);
  const offerId = idOf('waitlistOffer', 1);
  const token = links.offerToken(clinicId, entryId, offerId);
  expect(links.readOfferToken(clinicId, token)).toEqual({ entryId, offerId });
  expect(links.readOfferToken(idOf('clinic', 2), token)).toBeNull();
});
