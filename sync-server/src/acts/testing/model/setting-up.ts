/** The plain setting as records of a clinic of its own. */
import { device } from '@medic/shared/model/device';
import type { RecordDefinition } from '@medic/shared/model/record';
import { type RecordKind, syncedRecords } from '@medic/shared/model/records';
import {
  aBreak,
  aClinic,
  aDoctor,
  aLocation,
  anAppointmentType,
  aPatient,
  aRoom,
  aTemplate,
  aUser,
  date,
  idOf,
  time,
  clinicId as usualClinicId,
  warsaw,
} from '@medic/shared/testing/builders';
import type { TimeZone } from '@medic/shared/time/instant';
import { insertRows, putRecords } from '../../../db/records';
import { arrangeBareClinic, underClock } from '../../../db/testing/base-clinic';
import type { TestDatabase } from '../../../db/testing/database';
import { cancelWindow, doctors, kinds, places, rooms } from './plain/setting';
import { firstPatients } from './steps/people';
import { monday } from './steps/step';

export const deskDevice = idOf('device', 1);

export async function arrangePlayed(
  { adminPool }: TestDatabase,
  clinicId: string,
  slug: string,
): Promise<void> {
  const own = <T>(record: T): T =>
    JSON.parse(JSON.stringify(record).replaceAll(usualClinicId, clinicId)) as T;
  const usual = aClinic();
  await arrangeBareClinic(
    adminPool,
    own({ ...usual, slug, rules: { ...usual.rules, cancelWindowMinutes: cancelWindow } }),
  );
  await underClock(adminPool, clinicId, async (tx) => {
    for (const [kind, records] of Object.entries(directory()) as [RecordKind, { id: string }[]][])
      await putRecords(tx, syncedRecords[kind] as RecordDefinition, records.map(own) as never);
    await insertRows(tx, device, [
      {
        id: deskDevice,
        clinicId,
        userId: idOf('user', 1),
        name: 'Desk',
        kind: 'web',
        lastN: 0,
        registeredAt: monday,
        lastSeenAt: monday,
        revokedAt: null,
      },
    ]);
  });
}

/** An hour ahead of Warsaw all year. */
const zones = [warsaw, 'Europe/Helsinki' as TimeZone];

function clock(minute: number) {
  return time(`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
}

function directory(): Partial<Record<RecordKind, { id: string }[]>> {
  const placeIds = [...places.keys()].map((i) => idOf('location', i + 1));
  return {
    location: placeIds.map((id, i) =>
      aLocation({
        id,
        name: `Place ${i}`,
        timeZone: zones[i] ?? warsaw,
        rooms: [...rooms.entries()].flatMap(([n, { place, isEquipment }]) =>
          place === i
            ? [aRoom({ id: idOf('room', n + 1), sortOrder: n, kind: isEquipment ? 'equipment' : 'room' })]
            : [],
        ),
      }),
    ),
    doctor: doctors.map(({ needsAccepting }, i) =>
      aDoctor({ id: idOf('doctor', i + 1), name: `Doctor ${i}`, needsAccepting, at: placeIds }),
    ),
    user: [
      aUser({ id: idOf('user', 1) }),
      aUser({ id: idOf('user', 2), roles: ['admin'], rights: ['overbook'] }),
      aUser({ id: idOf('user', 3), roles: ['doctor'], doctorId: idOf('doctor', 1) }),
      aUser({ id: idOf('user', 4), roles: ['doctor'], doctorId: idOf('doctor', 2), rights: ['overbook'] }),
    ],
    appointmentType: kinds.map((kind, i) =>
      anAppointmentType({
        id: idOf('appointmentType', i + 1),
        durationMinutes: kind.minutes,
        slotStepMinutes: kind.step,
        bufferBeforeMinutes: kind.before,
        bufferAfterMinutes: kind.after,
        minNoticeMinutes: kind.notice,
        capacity: kind.capacity,
        needsRoom: kind.needsRoom,
        needsAccepting: kind.needsAccepting,
        bookableBy: kind.deskOnly ? 'desk' : 'online',
        at: kind.at.map((place) => placeIds[place] ?? ''),
      }),
    ),
    scheduleTemplate: doctors.flatMap(({ at }, i) =>
      at.flatMap(({ opens, closes, pause, room }, place) =>
        [1, 2, 3, 4, 5, 6, 7].map((weekday) =>
          aTemplate({
            doctorId: idOf('doctor', i + 1),
            locationId: placeIds[place] ?? '',
            roomId: room === null ? null : idOf('room', room + 1),
            weekday,
            opensAt: clock(opens),
            closesAt: clock(closes),
            breaks: pause ? [aBreak(clock(pause[0]), clock(pause[1]))] : [],
          }),
        ),
      ),
    ),
    patient: firstPatients.map(({ birthDate, language: _, ...details }, i) =>
      aPatient({
        ...details,
        id: idOf('patient', i + 1),
        birthDate: birthDate === null ? null : date(birthDate),
      }),
    ),
  };
}
