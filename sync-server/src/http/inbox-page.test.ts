import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InboxMails, inboxPage } from './inbox-page';

const mails = [
  {
    id: 'one',
    at: Date.UTC(2026, 10, 23, 7),
    from: 'Harbour Clinic <medic@localhost>',
    to: 'Anna <anna@home.example>',
    subject: '<script>alert(1)</script>',
    text: 'See https://visits.example/my/harbour#v=a.0.b and "quotes" <b>',
    html: '<p style="color:red">Hello "Anna"</p><script>alert(2)</script>',
    attachments: [{ filename: 'visit.ics', contentType: 'text/calendar', text: 'BEGIN:VCALENDAR' }],
  },
];
let inbox: InboxMails | null = { mails: () => mails };
let server: Server;
beforeAll(async () => {
  const app = express();
  app.use(
    '/dev/inbox',
    inboxPage(() => inbox),
  );
  server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((done, fail) => {
    request({ host: '127.0.0.1', port, path, headers }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        body += chunk;
      });
      res.on('end', () => done({ status: res.statusCode ?? 0, body }));
    })
      .on('error', fail)
      .end();
  });
}

test('the page says what it is, and shows each mail without letting it do anything', async () => {
  const { status, body } = await get('/dev/inbox');
  expect(status).toBe(200);
  expect(body).toContain('For development only');
  expect(body).not.toContain('<script');
  expect(body).toContain('&lt;script&gt;alert(1)');
  expect(body).toMatch(/<iframe sandbox title="[^"]*" srcdoc="&lt;p style=&quot;color:red&quot;&gt;/);
  expect(body).toContain('<a href="https://visits.example/my/harbour#v=a.0.b" rel="noreferrer">');
  expect(body).toContain('visit.ics (text/calendar)');
});

test('programs get the same as JSON', async () => {
  expect(JSON.parse((await get('/dev/inbox/mails.json')).body)).toEqual(mails);
});

test.each([
  ['another name', { host: 'clinic.example' }],
  ['a proxy', { 'x-forwarded-for': '203.0.113.7' }],
  ['another kind of proxy', { forwarded: 'for=203.0.113.7' }],
])('through %s there is nothing', async (_how, headers) => {
  for (const path of ['/dev/inbox', '/dev/inbox/mails.json'])
    expect((await get(path, headers)).status).toBe(404);
});

test('where mail is sent there is no inbox', async () => {
  const kept = inbox;
  inbox = null;
  expect((await get('/dev/inbox')).status).toBe(404);
  inbox = kept;
});
