/** A desk of a test clinic on an IndexedDB in memory. RxDB's open build lets one process hold one desk at a time. */
import { noKeyHandover } from '../../platform/key-handover';
import 'fake-indexeddb/auto';
import type { User } from '@medic/shared/model/user';
import {
  aClinic,
  aDoctor,
  aLocation,
  anAppointmentType,
  aPatient,
  aTemplate,
  aUser,
} from '@medic/shared/testing/builders';
import { expect } from 'vitest';
import type { JournalFiles, Platform } from '../../platform/platform';
import { newKeyBytes } from '../../platform/seal';
import type { Desk } from '../desk';
import { openLocks } from '../locks';
import type { DeskServices } from '../services';
import { type ClosableServices, openServices } from '../session/desk-session';
import { DeskKeys } from '../store/keys';
import { StandInServer } from './stand-in-server';

export const credentials = {
  clinic: 'harbour',
  email: 'reception@harbour.example',
  password: 'medic-demo-1',
};

export function aServer(user: User = aUser({ roles: ['reception'] })): StandInServer {
  const server = new StandInServer(user);
  server.put('clinic', aClinic());
  server.put('doctor', aDoctor());
  server.put('location', aLocation());
  server.put('appointmentType', anAppointmentType());
  server.put('patient', aPatient());
  for (const weekday of [1, 2, 3, 4, 5, 6, 7]) server.put('scheduleTemplate', aTemplate({ weekday }));
  return server;
}

/** What one browser profile keeps between starts, besides its databases. */
export class Profile {
  readonly kept = new Map<string, string>();
  /** Kept by the operating system, as in Electron; null as in a browser, where every start is locked. */
  machineKey: Uint8Array<ArrayBuffer> | null = newKeyBytes();
  /** As in Electron; null as in a browser. */
  journals: JournalFiles | null = null;

  platform(): Platform {
    return {
      info: { kind: 'web', version: '0', deviceName: 'Test', serverUrl: '', operatingSystem: 'linux' },
      replicaKey: { ofMachine: async () => this.machineKey?.slice() ?? null, handover: noKeyHandover() },
      secrets: {
        protected: false,
        get: async (key) => this.kept.get(key) ?? null,
        set: async (key, value) => void this.kept.set(key, value),
        remove: async (key) => void this.kept.delete(key),
      },
      journals: this.journals,
      openExternal: async () => undefined,
      notify: async () => undefined,
      setTheme: async () => undefined,
      print: async () => undefined,
    };
  }
}

/** Starts the app as a page load does. */
export async function startApp(profile: Profile, server: StandInServer): Promise<ClosableServices> {
  const platform = profile.platform();
  const locks = openLocks();
  const services = openServices(platform, server, locks, new DeskKeys(platform, locks, 1_000));
  await until(() => services.session.state !== 'opening');
  return services;
}

export async function signedIn(server: StandInServer, profile = new Profile()) {
  const services = await startApp(profile, server);
  expect(await services.session.signIn(credentials)).toEqual({ kind: 'signed-in' });
  const desk = deskOf(services);
  await until(() => desk.status.phase === 'ready');
  return { services, desk, profile };
}

export function deskOf(services: DeskServices): Desk {
  if (!services.desk) throw new Error('no desk is open');
  return services.desk;
}

/** Waits for what must come true; says what it waited for when it does not. */
export async function until(condition: () => boolean, withinMs = 8_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
