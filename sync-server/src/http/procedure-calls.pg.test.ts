import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowak, openTestClinic, single, type TestClinic } from '../testing/test-clinic';

let clinic: TestClinic;

beforeAll(async () => {
  clinic = await openTestClinic();
});
afterAll(() => clinic.close());

const week = {
  appointmentTypeId: single,
  doctorId: nowak,
  locationId: null,
  from: '2026-11-30',
  until: '2026-12-07',
};

function get(path: string, input?: unknown, rest = ''): Promise<Response> {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}${rest}`;
  return fetch(`${clinic.url}/api/trpc/${path}${query}`);
}

function post(path: string, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${clinic.url}/api/trpc/${path}`, { method: 'POST', headers, body });
}

describe('a call', () => {
  it('is answered with JSON that no cache may keep', async () => {
    const response = await get('public.clinic', { clinic: 'harbour' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toMatchObject({ result: { data: { clinic: { slug: 'harbour' } } } });
  });

  it('without an input, or with one that is not JSON, is refused as not well formed', async () => {
    expect((await get('public.clinic')).status).toBe(400);
    const broken = await fetch(`${clinic.url}/api/trpc/public.clinic?input=%7B`);
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({
      error: { data: { code: 'BAD_REQUEST', path: 'public.clinic' } },
    });
  });

  it('of what is not there is not found, also by a name that every object has', async () => {
    for (const path of ['public.nothing', 'public', '__proto__', 'constructor', 'toString'])
      expect((await get(path, {})).status, path).toBe(404);
    expect((await get('public%E0.clinic', {})).status).toBe(400);
  });

  it('by a method that is not its own is refused', async () => {
    expect((await post('public.clinic', '{"clinic":"harbour"}')).status).toBe(405);
    expect((await get('public.book', { clinic: 'harbour' })).status).toBe(405);
  });

  it('with a character in two packets reads it whole', async () => {
    const body = Buffer.from(JSON.stringify({ clinic: 'harbour', requestId: 'ż' }));
    const cut = body.indexOf(0xc5) + 1;
    const socket = connect(Number(new URL(clinic.url).port), '127.0.0.1');
    const head = `POST /api/trpc/public.challenge HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head);
    socket.write(body.subarray(0, cut));
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.write(body.subarray(cut));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const answer = Buffer.concat(chunks).toString();
    expect(answer).toContain('400 Bad Request');
    expect(answer).toContain('requestId');
    expect(answer).not.toContain('not JSON');
  });

  it('whose body breaks off does nothing, and the server goes on', async () => {
    const before = await clinic.count('appointments');
    const socket = connect(Number(new URL(clinic.url).port), '127.0.0.1');
    socket.write(
      'POST /api/trpc/public.book HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"clinic":',
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    expect((await get('public.clinic', { clinic: 'harbour' })).status).toBe(200);
    expect(await clinic.count('appointments')).toBe(before);
  });
});

describe('a batch', () => {
  const batch = (paths: string[], inputs: unknown) => get(paths.join(','), inputs, '&batch=1');

  it('is answered call by call, in its order', async () => {
    const response = await batch(['public.days', 'public.clinic'], {
      0: { clinic: 'harbour', ...week },
      1: { clinic: 'harbour' },
    });
    expect(response.status).toBe(200);
    const [days, page] = (await response.json()) as { result: { data: Record<string, unknown> } }[];
    expect(days?.result.data.days).toHaveLength(7);
    expect(page?.result.data.clinic).toMatchObject({ slug: 'harbour' });
  });

  it('tells which of its calls failed, and answers the others', async () => {
    const response = await batch(['public.clinic', 'public.clinic', 'public.days'], {
      0: { clinic: 'nowhere' },
      1: { clinic: 'harbour' },
    });
    expect(response.status).toBe(207);
    expect(await response.json()).toMatchObject([
      { error: { data: { medic: { code: 'clinic.unknown' } } } },
      { result: { data: { clinic: { slug: 'harbour' } } } },
      { error: { data: { code: 'BAD_REQUEST', path: 'public.days' } } },
    ]);
  });

  it('has one object of inputs', async () => {
    expect((await batch(['public.clinic'], [{ clinic: 'harbour' }])).status).toBe(400);
    expect((await batch(['public.clinic'], 'harbour')).status).toBe(400);
  });

  it('of more than ten calls is refused as a whole', async () => {
    const clinics = (count: number) =>
      batch(
        Array<string>(count).fill('public.clinic'),
        Object.fromEntries(Array.from({ length: count }, (_, i) => [i, { clinic: 'harbour' }])),
      );
    expect((await clinics(10)).status).toBe(200);
    const refused = await clinics(11);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: {
        message: 'What was sent is not well formed',
        data: { code: 'BAD_REQUEST', medic: { code: 'input.invalid' } },
      },
    });
    const held = await clinic.count('slot_holds');
    const holds = Array<string>(11).fill('public.hold').join(',');
    expect((await post(`${holds}?batch=1`, '{}')).status).toBe(400);
    expect(await clinic.count('slot_holds')).toBe(held);
  });

  it('of calls that read and calls that write is refused', async () => {
    expect((await batch(['public.clinic', 'public.book'], {})).status).toBeGreaterThanOrEqual(400);
    expect((await post('public.book,public.clinic?batch=1', '{}')).status).toBeGreaterThanOrEqual(400);
  });
});
