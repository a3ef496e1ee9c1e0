import { describe, expect, test } from 'vitest';
import { formatStart, hrefOf, parseRoute, parseStart } from './route';

const addresses = [
  '/book/harbour',
  '/book/harbour?q=skin+mole&specialty=Dermatology&place=old-town&language=pl',
  '/book/harbour?all=1',
  '/book/harbour/maja-nowak',
  '/book/harbour/any',
  '/book/harbour/maja-nowak/consultation',
  '/book/harbour/maja-nowak/consultation?place=old-town&date=2026-12-01&time=10:20',
  '/book/harbour/any/consultation?specialty=General+practice',
  '/book/harbour/maja-nowak/consultation/details?start=1764662400000',
  '/book/harbour/any/consultation/review?start=1764662400000.maja-nowak',
  '/book/harbour/maja-nowak/consultation/taken?start=1764662400000',
  '/book/harbour/maja-nowak/consultation/booked',
];

test.each(addresses)('%s means the same after reading and writing it', (address) => {
  expect(hrefOf(parseRoute(address))).toBe(address);
});

test('a slash at the end changes nothing', () => {
  expect(parseRoute('/book/harbour/')).toEqual(parseRoute('/book/harbour'));
});

describe('what is not an address of ours is unknown', () => {
  test.each([
    '/book',
    '/book/',
    '/desk/harbour',
    '/book/Harbour',
    `/book/${'a'.repeat(61)}`,
    '/book/..%2Fdesk',
  ])('%s names no clinic', (address) => {
    expect(parseRoute(address)).toEqual({ page: 'unknown', clinic: null });
  });

  test.each(['/book/harbour/a/b/c', '/book/harbour/A', '/book/harbour/a/b/details/x', '/book/harbour/<b>'])(
    '%s is unknown in its clinic',
    (address) => {
      expect(parseRoute(address)).toEqual({ page: 'unknown', clinic: 'harbour' });
    },
  );
});

test('a step without a valid time is the choice of one', () => {
  for (const query of ['', '?start=', '?start=soon', '?start=1764662400000.', '?start=-5']) {
    expect(parseRoute(`/book/harbour/maja-nowak/consultation/details${query}`).page).toBe('slots');
  }
});

test('a date or a time that cannot be is left out', () => {
  expect(parseRoute('/book/harbour/a/b?date=2026-02-30&time=25:00')).toMatchObject({
    date: null,
    time: null,
  });
});

test('a start carries its doctor only where the address leaves the doctor open', () => {
  expect(formatStart({ at: 1764662400000, doctor: null })).toBe('1764662400000');
  expect(parseStart('1764662400000.maja-nowak')).toEqual({ at: 1764662400000, doctor: 'maja-nowak' });
});
