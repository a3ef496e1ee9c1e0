import { MedicError } from '@medic/shared/errors';
import { aClinic, aDoctor, anAppointmentType, aTemplate } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import type { Instant } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { render } from './entry-server';
import { clinicProcedures } from './testing/clinic-api';

const hostile = '</script><script>alert(1)</script><!--';
const facts = factsOf({
  clinic: aClinic({ name: 'A & B "Clinic"', about: hostile }),
  doctors: [aDoctor({ slug: 'nowak', bio: hostile })],
  types: [anAppointmentType({ slug: 'visit' })],
  templates: [1, 2, 3, 4, 5, 6, 7].map((weekday) => aTemplate({ weekday })),
});
const api = clinicProcedures(facts, Date.now() as Instant);
const get = (url: string) => render({ url, api, nonce: 'n0nce' });

test.each([
  '/book/riverside',
  '/book/riverside/nowak',
  '/book/riverside/nowak/visit',
  '/book/riverside/any/visit',
])('%s is a whole page', async (url) => {
  const { status, html } = await get(url);
  expect(status).toBe(200);
  expect(html).toMatch(/^<!doctype html><html lang="en">/);
  expect(html.match(/<h1/g)).toHaveLength(1);
});

test('what the clinic wrote can end neither an element nor the data', async () => {
  for (const url of ['/book/riverside', '/book/riverside/nowak']) {
    const { html } = await get(url);
    expect(html).not.toContain('<script>alert');
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<!--<');
    const data = /id="page-data" nonce="n0nce">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(data).answer.clinic.about).toBe(hostile);
  }
});

test('the page needs no style and no script of its own: the security policy allows none', async () => {
  for (const url of ['/book/riverside', '/book/riverside/nowak/visit']) {
    const { html } = await get(url);
    expect(html).not.toMatch(/ style="| on[a-z]+="|<style/);
  }
});

test('before the script, days are links and times are radios of a form', async () => {
  const { html } = await get('/book/riverside/nowak/visit');
  expect(html).toMatch(
    /<form[^>]* method="get" action="\/book\/riverside\/nowak\/visit\/details"|<form[^>]* action="\/book\/riverside\/nowak\/visit\/details"[^>]* method="get"/,
  );
  expect(html).toMatch(/<a [^>]*href="\/book\/riverside\/nowak\/visit\?date=\d{4}-\d\d-\d\d"/);
  expect(html).toMatch(/<input[^>]* type="radio"[^>]* name="start"|<input type="radio"/);
});

test('details never leave by an address: the form waits for the script', async () => {
  const { html: slots } = await get('/book/riverside/nowak/visit');
  const start = /value="(\d{13})"/.exec(slots)?.[1];
  const { html, status } = await get(`/book/riverside/nowak/visit/details?start=${start}`);
  expect(status).toBe(200);
  expect(html).toMatch(/<button class="[^"]*" type="submit" disabled=""/);
  expect(html).not.toMatch(/method="get"/);
});

test('what is not there is 404, also a clinic', async () => {
  expect((await get('/book/riverside/nobody')).status).toBe(404);
  expect((await get('/book/elsewhere')).status).toBe(404);
  expect((await get('/book/riverside/nowak/visit/sideways')).status).toBe(404);
});

test('a failure is a page of its own, and is handed over for the log', async () => {
  const error = new MedicError('database.unreachable', 'the secret reason');
  const broken = await render({
    url: '/book/riverside',
    api: { ...api, clinic: () => Promise.reject(error) },
    nonce: '',
  });
  expect(broken).toMatchObject({ status: 500, error });
  expect(broken.html).toContain('That did not work, and it is our fault');
  expect(broken.html).not.toContain('secret');
});

test('a busy clinic is asked again later', async () => {
  const busy = () => Promise.reject(new MedicError('clinic.busy'));
  const page = await render({ url: '/book/riverside', api: { ...api, clinic: busy }, nonce: '' });
  expect(page).toMatchObject({ status: 503, headers: { 'Retry-After': '30' } });
});

test('only what anybody may see is for search engines', async () => {
  expect((await get('/book/riverside')).html).not.toContain('noindex');
  expect((await get('/book/riverside/nowak/visit')).html).toContain('noindex');
});
