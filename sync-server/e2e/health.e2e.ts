import { expect, test } from '../../scripts/journey';

test('a page of a clinic that does not exist says so', async ({ medic, page }) => {
  const response = await page.goto(`${medic.url}/book/nowhere`);
  expect(response?.status()).toBe(404);
});

test('an unknown address is answered with 404 and nothing of the server', async ({ medic, request }) => {
  const response = await request.get(`${medic.url}/../../etc/passwd`);
  expect(response.status()).toBe(404);
  expect(response.headers()['x-powered-by']).toBeUndefined();
  expect(response.headers()['content-security-policy']).toContain("script-src 'self'");
});
