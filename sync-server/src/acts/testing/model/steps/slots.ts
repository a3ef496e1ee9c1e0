import type { ActName } from '@medic/shared/acts/registry';
import { date, idOf } from '@medic/shared/testing/builders';
import type { WallTime } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { day, doctors } from '../plain/setting';
import * as plain from '../plain/slots';
import { patientOf } from './people';
import { type Maker, nobody, pick, pickLate, placeId, requested, slotArgs } from './step';

/** Mostly by who holds it. */
function ofHold(act: 'slot.extend' | 'slot.release'): Maker {
  return ({ step: { a, b }, who, actor, clinic }) => {
    const live = clinic.holds.filter((hold) => clinic.isLive(hold));
    const hold = pick(live.length > 0 ? live : clinic.holds, a);
    const id = hold?.id ?? nobody;
    const by = hold && b % 4 !== 0 ? patientOf(null, hold.holder) : { who, actor };
    return requested(act, by.actor, { holdId: idOf('slotHold', id) }, (now) =>
      act === 'slot.extend' ? plain.extend(now, by.who, id) : plain.release(now, by.who, id),
    );
  };
}

function clock(minute: number): WallTime {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}` as WallTime;
}

export const slotSteps = {
  'slot.hold': ({ step: { b }, who, actor, clinic, ids, wish }) => {
    const id = ids.hold++;
    // Often where others hold a time too: there are only so many of a day.
    const others = clinic.holds.find(
      (hold) => b % 2 === 0 && clinic.isLive(hold) && hold.holder !== who.holder,
    );
    const date = Math.floor((others?.start ?? wish.start) / day);
    const asked = {
      doctor: others?.doctor ?? wish.doctor,
      kind: wish.kind,
      place: wish.place,
      start: date * day + (((wish.start % day) + day) % day),
    };
    return requested('slot.hold', actor, { ...slotArgs(asked), holdId: idOf('slotHold', id) }, (now) =>
      plain.hold(now, who, id, asked),
    );
  },
  'slot.extend': ofHold('slot.extend'),
  'slot.release': ofHold('slot.release'),
  'time.block': ({ step: { a, b, c, d }, who, actor, clinic, ids, wish }) => {
    const id = ids.block++;
    const of = Math.floor(clinic.now / day) + (c % 2);
    const doctor = d % doctors.length;
    const from = (wish.place === 0 ? 480 : 840) + (a % 14) * 15;
    const hours = c % 13 === 0 ? null : ([from, from + 15 + (b % 4) * 15] as const);
    return requested(
      'time.block',
      actor,
      {
        exceptionId: idOf('availabilityException', id),
        doctorId: idOf('doctor', doctor + 1),
        locationId: placeId(wish.place),
        date: addDays(date('2026-11-23'), of),
        startsAt: hours && clock(hours[0]),
        endsAt: hours && clock(hours[1]),
        reason: '',
      },
      (now) => plain.block(now, who, id, { doctor, place: wish.place, date: of, hours }),
    );
  },
  'time.unblock': ({ step: { a }, who, actor, clinic }) => {
    const id = pickLate(clinic.blocks, a);
    return requested('time.unblock', actor, { exceptionId: idOf('availabilityException', id) }, (now) =>
      plain.unblock(now, who, id),
    );
  },
} satisfies Partial<Record<ActName, Maker>>;
