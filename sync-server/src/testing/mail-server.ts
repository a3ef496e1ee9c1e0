/** A real SMTP server in the process, for tests: keeps what it takes, and can be told to misbehave. */
import { createServer } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface TestMailServer {
  url: string;
  /** What was taken, in order, read as a mail program would. */
  mails: ParsedMail[];
  raw: string[];
  /** What to say to a recipient, by address: a status code; null takes it. */
  recipient: (address: string) => number | null;
  /** Called when a mail has come whole, before it is acknowledged. */
  onMail: (() => Promise<void>) | null;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<TestMailServer> {
  const kept: TestMailServer = {
    url: '',
    mails: [],
    raw: [],
    recipient: () => null,
    onMail: null,
    close: () => new Promise((done) => server.close(() => done())),
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      const code = kept.recipient(address);
      done(code === null ? null : Object.assign(new Error(`not ${address}`), { responseCode: code }));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        simpleParser(raw)
          .then(async (mail) => {
            kept.raw.push(raw);
            kept.mails.push(mail);
            await kept.onMail?.();
          })
          .then(() => done(), done);
      });
    },
  });
  // A client that gives up in the middle is what some tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  kept.url = `smtp://127.0.0.1:${portOf(server.server.address())}`;
  return kept;
}

/** Takes connections and never says a word. */
export async function startSilentServer(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.setTimeout(20_000, () => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  return {
    url: `smtp://127.0.0.1:${portOf(server.address())}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

function portOf(address: unknown): number {
  return (address as { port: number }).port;
}
