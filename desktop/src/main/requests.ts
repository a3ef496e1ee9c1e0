/** Answers the renderer's requests, after looking at who asks and what. */
import { hostname } from 'node:os';
import { JournalError } from '@medic/shared/sync/journal';
import { app, type IpcMainInvokeEvent, ipcMain, Notification, nativeTheme, shell } from 'electron';
import { z } from 'zod';
import type { JournalRefusal, RequestName, Requests } from '../ipc/channels';
import { isOutside, isOwnPage } from './addresses';
import type { Journals } from './journal-file';
import { replicaKey } from './replica-key';
import type { SecretFile } from './secrets';

const key = z.string().min(1).max(200);
/** A file's name without its ending: nothing that leads out of the folder. */
const journalName = z.string().regex(/^[0-9a-z-]{1,100}$/);
const journalBytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length <= 64 * 1024 * 1024);
const secret = z.string().max(20_000);

/** Types are gone at run time, and a page that was taken over sends what it likes. */
const schemas: { [N in RequestName]: z.ZodType<Requests[N]['args']> } = {
  'app:info': z.tuple([]),
  'secrets:protected': z.tuple([]),
  'secrets:get': z.tuple([key]),
  'secrets:set': z.tuple([key, secret]),
  'secrets:remove': z.tuple([key]),
  'key:replica': z.tuple([]),
  'journal:read': z.tuple([journalName]),
  'journal:append': z.tuple([journalName, journalBytes]),
  'journal:replace': z.tuple([journalName, journalBytes]),
  'journal:remove': z.tuple([journalName]),
  'shell:open': z.tuple([
    z.string().max(2_000).refine(isOutside, 'only web, mail and phone addresses are opened'),
  ]),
  'notifications:show': z.tuple([z.string().max(200), z.string().max(500)]),
  'window:theme': z.tuple([z.enum(['system', 'light', 'dark'])]),
  'window:print': z.tuple([]),
};

type Answers = {
  [N in RequestName]: (
    event: IpcMainInvokeEvent,
    ...args: Requests[N]['args']
  ) => Requests[N]['answer'] | Promise<Requests[N]['answer']>;
};

export function answerRequests(secrets: SecretFile, journals: Journals, devUrl: string | null): void {
  const answers: Answers = {
    'app:info': () => ({
      version: app.getVersion(),
      deviceName: hostname(),
      operatingSystem: operatingSystem(),
    }),
    'secrets:protected': () => secrets.protected,
    'secrets:get': (_event, name) => secrets.get(name),
    'secrets:set': (_event, name, value) => secrets.set(name, value),
    'secrets:remove': (_event, name) => secrets.remove(name),
    'key:replica': () => replicaKey(secrets),
    'journal:read': (_event, name) => refusable(() => journals.of(name).read()),
    'journal:append': (_event, name, bytes) => refusable(() => journals.of(name).append(bytes), null),
    'journal:replace': (_event, name, bytes) => refusable(() => journals.of(name).replace(bytes), null),
    'journal:remove': (_event, name) => refusable(() => journals.of(name).remove(), null),
    'shell:open': (_event, url) => shell.openExternal(url),
    'notifications:show': (_event, title, body) => {
      if (Notification.isSupported()) new Notification({ title, body }).show();
    },
    'window:theme': (_event, theme) => {
      nativeTheme.themeSource = theme;
    },
    'window:print': (event) => event.sender.print({ printBackground: true }),
  };
  for (const name of Object.keys(answers) as RequestName[]) handle(name, answers[name] as never, devUrl);
}

/** An error loses its code on the way to the page; a value keeps it. */
async function refusable<T>(work: () => Promise<T>): Promise<T | JournalRefusal>;
async function refusable(work: () => Promise<void>, done: null): Promise<null | JournalRefusal>;
async function refusable(work: () => Promise<unknown>, done?: null): Promise<unknown> {
  try {
    const answer = await work();
    return done === null ? null : answer;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { refused: error.code === 'full' ? 'full' : 'io', message: error.message };
  }
}

function handle<N extends RequestName>(name: N, answer: Answers[N], devUrl: string | null): void {
  ipcMain.handle(name, (event, ...args: unknown[]) => {
    if (!isTrustedSender(event, devUrl)) throw new Error(`${name} was asked by a page that may not`);
    const parsed = schemas[name].safeParse(args);
    if (!parsed.success) throw new Error(`${name} was asked with arguments that are not well formed`);
    return (answer as (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown)(event, ...parsed.data);
  });
}

/** Our own page in the main frame: not a frame within it, and not a page that it was led to. */
function isTrustedSender(event: IpcMainInvokeEvent, devUrl: string | null): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOwnPage(frame.url, devUrl);
}

function operatingSystem(): 'windows' | 'mac' | 'linux' | 'other' {
  switch (process.platform) {
    case 'win32':
      return 'windows';
    case 'darwin':
      return 'mac';
    case 'linux':
      return 'linux';
    default:
      return 'other';
  }
}
