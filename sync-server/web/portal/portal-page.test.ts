import { aClinic, aDoctor, anAppointmentType, aTemplate } from '@medic/shared/testing/builders';
import { factsOf } from '@medic/shared/testing/facts-of';
import type { Instant } from '@medic/shared/time/instant';
import { expect, test } from 'vitest';
import { render } from '../entry-server';
import { clinicProcedures } from '../testing/clinic-api';

const clinic = aClinic();
const facts = factsOf({
  clinic,
  doctors: [aDoctor()],
  types: [anAppointmentType()],
  templates: [aTemplate()],
});
const api = clinicProcedures(facts, Date.now() as Instant);
const { slug } = clinic;

test('the portal comes without anybody’s data, not to be kept or indexed', async () => {
  const page = await render({ url: `/my/${slug}`, api, nonce: 'x' });
  expect(page.status).toBe(200);
  expect(page.html).toContain('<h1 tabindex="-1">Your visits</h1>');
  expect(page.html).toContain('needs JavaScript');
  expect(page.html).toContain('name="robots" content="noindex"');
  expect(page.headers?.['Cache-Control']).toBe('no-store');
});

test('an address that the portal does not have answers 404', async () => {
  expect((await render({ url: `/my/${slug}/nothing`, api, nonce: 'x' })).status).toBe(404);
  expect((await render({ url: '/my/no-such-clinic', api, nonce: 'x' })).status).toBe(404);
});
