/** What a replica lets go of by age: what the server would not send it any more, and never what somebody still needs. */
import 'fake-indexeddb/auto';
import {
  aMerge,
  anAppointment,
  anAttentionItem,
  aPatient,
  aSeries,
  aUser,
  aWaitlistEntry,
  doctorId,
  idOf,
  patientId,
} from '@medic/shared/testing/builders';
import { dayMs, hourMs, instant } from '@medic/shared/time/instant';
import { Dexie } from 'dexie';
import { afterEach, describe, expect, it } from 'vitest';
import type { Desk } from './desk';
import type { ClosableServices } from './session/desk-session';
import { aServer, deskOf, type Profile, signedIn, startApp, until } from './testing/desk-harness';
import type { StandInServer } from './testing/stand-in-server';

const reception = aUser({ roles: ['reception'] });
const doctor = aUser({ roles: ['doctor'], doctorId });
/** Of a day on which nothing turns while the test runs. */
const noon = instant(Math.floor(Date.now() / dayMs) * dayMs + 11 * hourMs);

const open: ClosableServices[] = [];

async function signIn(server: StandInServer) {
  server.clockOffset = noon - Date.now();
  const opened = await signedIn(server);
  open.push(opened.services);
  return opened;
}

async function restart(services: ClosableServices, profile: Profile, server: StandInServer) {
  await services.close();
  open.splice(open.indexOf(services), 1);
  const again = await startApp(profile, server);
  open.push(again);
  return deskOf(again);
}

/** Its end is 90 days and this much before the server's noon: more is older. */
function visit(n: number, olderMs: number, more: Parameters<typeof anAppointment>[0] = {}) {
  const endsAt = instant(noon - 90 * dayMs - olderMs);
  const startsAt = instant(endsAt - hourMs / 2);
  return anAppointment({ id: idOf('appointment', n), startsAt, endsAt, ...more });
}

function aDayLater(server: StandInServer, days = 1): void {
  server.clockOffset += days * dayMs;
  // Anything that it answers tells the time.
  server.put('patient', aPatient({ id: idOf('patient', 99), familyName: 'Anybody' }));
}

const visits = (desk: Desk) => [...desk.facts.all('appointment')].map(({ id }) => id).sort();
const patients = (desk: Desk) =>
  [...desk.facts.all('patient')].map(({ id }) => id).filter((id) => id !== idOf('patient', 99));
const ids = (...ns: number[]) => ns.map((n) => idOf('appointment', n)).sort();

/** Whose contents lie in IndexedDB; of a tombstone no more than its id does. */
async function stored(collection: string): Promise<string[]> {
  const name = (await Dexie.getDatabaseNames()).find((each) => each.endsWith('-rows'));
  const database = await new Dexie(name ?? '').open();
  const rows: { id: string; box: unknown }[] = await database.table(collection).toArray();
  database.close();
  return rows.flatMap(({ id, box }) => (box === null ? [] : [id]));
}

afterEach(async () => {
  for (const services of open.splice(0)) {
    await services.session.signOut();
    await services.close();
  }
});

describe('what has become too old', () => {
  it('goes when the day turns, at the boundary that the server keeps, from memory and from the disk', async () => {
    const server = aServer(reception);
    const { desk } = await signIn(server);
    // By noon tomorrow: 90 days and a minute ago, exactly 90 days ago, and a minute less.
    server.put('appointment', visit(1, 60_000 - dayMs), visit(2, -dayMs), visit(3, -60_000 - dayMs));
    await until(() => visits(desk).length === 3);
    aDayLater(server);
    // The server's clock goes on while this runs: what is exactly at the boundary is a matter of milliseconds.
    await until(() => !visits(desk).includes(idOf('appointment', 1)));
    expect(visits(desk)).toContain(idOf('appointment', 3));
    await until(() => desk.status.unsent === 0);
    expect(await stored('appointments')).not.toContain(idOf('appointment', 1));
  });

  it('goes at the next start when it grew old while the computer was off', async () => {
    const server = aServer(reception);
    const { desk, services, profile } = await signIn(server);
    server.put('appointment', visit(1, -3 * dayMs), visit(2, -30 * dayMs));
    await until(() => visits(desk).length === 2);
    server.clockOffset += 7 * dayMs;
    const again = await restart(services, profile, server);
    await until(() => visits(again).length === 1);
    expect(visits(again)).toEqual(ids(2));
  });

  it('is a matter of the server’s clock, however wrong that of this computer is', async () => {
    const server = aServer(reception);
    const { services, profile } = await signIn(server);
    server.put('appointment', visit(1, -3 * dayMs), visit(2, 3 * dayMs));
    // To this computer, noon at the server is a year ago: what counts is what the server says of itself.
    const real = Date.now;
    Date.now = () => real() + 365 * dayMs;
    server.clockOffset -= 365 * dayMs;
    try {
      const again = await restart(services, profile, server);
      await until(() => again.status.phase === 'ready' && visits(again).length === 1);
      expect(visits(again)).toEqual(ids(1));
      // And without a server nobody knows what time it is: a year more, and nothing goes.
      server.goDown();
      Date.now = () => real() + 2 * 365 * dayMs;
      const offline = await restart(open[0] as ClosableServices, profile, server);
      expect(visits(offline)).toEqual(ids(1));
    } finally {
      Date.now = real;
    }
  });

  it('takes a series with its last visit, and leaves one that goes on', async () => {
    const server = aServer(reception);
    const { desk } = await signIn(server);
    const [over, goesOn] = [idOf('series', 1), idOf('series', 2)];
    server.put('appointmentSeries', aSeries({ id: over }), aSeries({ id: goesOn }));
    server.put(
      'appointment',
      visit(1, -1, { seriesId: over }),
      visit(2, -1, { seriesId: goesOn }),
      visit(3, -8 * dayMs, { seriesId: goesOn }),
    );
    await until(() => visits(desk).length === 3);
    aDayLater(server);
    await until(() => visits(desk).length === 1 && !desk.facts.has('appointmentSeries', over));
    expect(desk.facts.has('appointmentSeries', goesOn)).toBe(true);
  });
});

describe('patients', () => {
  it('leave a doctor’s device with the last visit that brought them, merges too', async () => {
    const server = aServer(doctor);
    const { desk } = await signIn(server);
    const [gone, stays, waits, offered] = [1, 2, 3, 4].map((n) => idOf('patient', 10 + n)) as [
      string,
      string,
      string,
      string,
    ];
    server.put('patient', ...[gone, stays, waits, offered].map((id) => aPatient({ id })));
    server.put('patientMerge', aMerge({ keptId: gone, mergedId: idOf('patient', 50) }));
    server.put('waitlistEntry', aWaitlistEntry({ patientId: waits, doctorIds: [doctorId] }));
    server.put(
      'appointment',
      visit(1, -1, { patientId: gone }),
      visit(2, -1, { patientId: stays }),
      visit(3, -9 * dayMs, { patientId: stays }),
      visit(4, -1, { patientId: waits }),
    );
    await until(() => visits(desk).length === 4 && patients(desk).length === 5);
    aDayLater(server);
    await until(() => visits(desk).length === 1 && !desk.facts.has('patient', gone));
    // Whom no visit brought is not for age to take.
    expect(patients(desk).sort()).toEqual([patientId, stays, waits, offered].sort());
    expect([...desk.facts.all('patientMerge')]).toEqual([]);
    expect(await stored('patients')).not.toContain(gone);
  });

  it('come back to a doctor’s device with a new visit', async () => {
    const server = aServer(doctor);
    const { desk } = await signIn(server);
    const id = idOf('patient', 11);
    server.put('patient', aPatient({ id }));
    server.put('appointment', visit(1, -1, { patientId: id }));
    await until(() => visits(desk).length === 1 && desk.facts.has('patient', id));
    aDayLater(server);
    await until(() => !desk.facts.has('patient', id));
    // As the server does: whoever is brought is stamped.
    server.put('patient', aPatient({ id, familyName: 'Returned' }));
    server.put('appointment', visit(2, -100 * dayMs, { patientId: id }));
    await until(() => desk.facts.get('patient', id)?.familyName === 'Returned');
    aDayLater(server);
    aDayLater(server);
    await until(() => desk.status.unsent === 0);
    expect(desk.facts.has('patient', id)).toBe(true);
  });

  it('stay at a reception, which sees them all', async () => {
    const server = aServer(reception);
    const { desk } = await signIn(server);
    server.put('appointment', visit(1, -1));
    await until(() => visits(desk).length === 1);
    aDayLater(server);
    await until(() => visits(desk).length === 0);
    expect(patients(desk)).toEqual([patientId]);
  });
});

describe('what somebody still needs', () => {
  it('stays as long as a change of it waits to be sent, and goes a day later', async () => {
    const server = aServer(doctor);
    const { desk } = await signIn(server);
    server.put('appointment', visit(1, -hourMs, { status: 'booked' }), visit(2, -hourMs));
    await until(() => visits(desk).length === 2);
    let answer: () => void = () => undefined;
    server.pushesHeld = new Promise((resolve) => {
      answer = resolve;
    });
    expect(await desk.perform('appointment.noshow', { appointmentId: idOf('appointment', 1) })).toMatchObject(
      {
        kind: 'done',
      },
    );
    aDayLater(server);
    await until(() => visits(desk).length === 1);
    expect(visits(desk)).toEqual(ids(1));
    expect(desk.facts.has('patient', patientId)).toBe(true);
    answer();
    await until(() => desk.status.unsent === 0);
    aDayLater(server);
    await until(() => visits(desk).length === 0 && !desk.facts.has('patient', patientId));
  });

  it('stays as long as something about it waits for a person', async () => {
    const server = aServer(doctor);
    const { desk } = await signIn(server);
    const item = anAttentionItem({
      appointmentId: idOf('appointment', 1),
      patientId,
      deviceId: null,
      userId: null,
      status: 'open',
    });
    server.put('appointment', visit(1, -hourMs), visit(2, -hourMs, { patientId: idOf('patient', 12) }));
    server.put('attentionItem', item);
    await until(() => visits(desk).length === 2 && desk.facts.has('attentionItem', item.id));
    aDayLater(server);
    await until(() => visits(desk).length === 1);
    expect(visits(desk)).toEqual(ids(1));
    expect(desk.facts.has('patient', patientId)).toBe(true);
    server.put('attentionItem', { ...item, status: 'done' });
    await until(() => desk.facts.get('attentionItem', item.id)?.status === 'done');
    aDayLater(server);
    await until(() => visits(desk).length === 0 && !desk.facts.has('attentionItem', item.id));
  });
});
