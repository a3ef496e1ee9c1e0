import { describe, expect, test } from 'vitest';
import { hrefOf, parseRoute } from '../route';
import { portalRoute } from './portal-route';

const visit = '0198a6f0-3c5e-7aaa-8bbb-0123456789ab';
const doctor = '0198a6f0-3c5e-7aaa-8bbb-0123456789ac';
const place = '0198a6f0-3c5e-7aaa-8bbb-0123456789ad';

describe('addresses of the portal', () => {
  test.each([
    '/my/harbour',
    '/my/harbour/sign-in',
    '/my/harbour/waitlist',
    '/my/harbour/join',
    '/my/harbour/profile',
    '/my/harbour/offer',
    `/my/harbour/visit/${visit}`,
    `/my/harbour/visit/${visit}/move`,
    `/my/harbour/visit/${visit}/move?doctor=any&date=2026-12-01`,
    `/my/harbour/visit/${visit}/move?date=2026-12-01&to=1764662400000.${doctor}.${place}`,
    `/my/harbour/visit/${visit}/cancel`,
  ])('%s is read and written the same', (address) => {
    const route = parseRoute(address);
    expect(route.page).toBe('portal');
    expect(hrefOf(route)).toBe(address);
  });

  test.each([
    '/my',
    '/my/Harbour!',
    '/my/harbour/home',
    '/my/harbour/nothing',
    '/my/harbour/waitlist/more',
    '/my/harbour/visit',
    '/my/harbour/visit/7',
    `/my/harbour/visit/${visit}/void`,
    `/my/harbour/visit/${visit}/move/more`,
  ])('%s leads nowhere', (address) => {
    expect(parseRoute(address).page).toBe('unknown');
  });

  test('what is no date, doctor or time in a query is left out', () => {
    expect(parseRoute(`/my/harbour/visit/${visit}/move?date=2026-02-30&doctor=me&to=1.2.3`)).toEqual(
      portalRoute('harbour', 'move', visit),
    );
  });
});
