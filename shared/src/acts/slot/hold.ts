import { z } from 'zod';
import { instantField, uuid } from '../../model/fields';
import type { SlotHold } from '../../model/slot-hold';
import { plusMinutes } from '../../time/instant';
import { defineAct, done, refused } from '../act';
import { missingOf, place, placementRequest, refuseTime } from '../appointment/placing';
import type { Change } from '../facts';
import { forbidsVisitorsOnly } from '../permissions';
import { exceedsHoldLimit } from './hold-limit';
import { releaseAll } from './release-all';

export const holdMinutes = 10;
/** Ended holds keep nothing; so many are tidied away with a new one. */
const tidiedAtOnce = 50;

/**
 * Keeps a slot for a visitor while the form is filled in; of a group one seat. A visitor has one hold: another lets the
 * one before go, in the same commit.
 */
export const holdSlot = defineAct({
  name: 'slot.hold',
  version: 1,
  args: z.object({
    holdId: uuid(),
    doctorId: uuid(),
    locationId: uuid(),
    appointmentTypeId: uuid(),
    startsAt: instantField(),
  }),
  forbids: (actor, _args, facts) =>
    forbidsVisitorsOnly(actor, facts) ?? (actor.holder === undefined ? 'This is for the public page' : null),
  needs: ({ holdId }) => ({ slotHold: [holdId] }),
  decide: (facts, { holdId, ...where }, context) => {
    const { actor, now, clinicId } = context;
    if (facts.has('slotHold', holdId)) return refused([{ code: 'exists', what: 'hold', id: holdId }]);
    const missing = missingOf(facts, where);
    if (missing) return missing;
    const placed = place(facts, where, context);
    if ('refusal' in placed) return placed.refusal;
    const holder = actor.holder as string;
    if (exceedsHoldLimit(facts, where, holder, now))
      return refuseTime(facts, placementRequest(where, context), [{ code: 'hold-limit' }], context);
    const { slot } = placed;
    const hold: SlotHold = {
      id: holdId,
      clinicId,
      seq: 0,
      deleted: false,
      doctorId: slot.doctorId,
      locationId: slot.locationId,
      roomId: slot.roomId,
      appointmentTypeId: where.appointmentTypeId,
      startsAt: slot.startsAt,
      endsAt: slot.endsAt,
      reservedFrom: slot.reservedFrom,
      reservedUntil: slot.reservedUntil,
      capacity: slot.capacity,
      expiresAt: plusMinutes(now, holdMinutes),
      extensions: 0,
      holder,
    };
    const ended = facts
      .holdsOfDoctor(where.doctorId)
      .filter((other) => other.expiresAt <= now && other.holder !== holder)
      .slice(0, tidiedAtOnce)
      .map((other): Change => ({ kind: 'slotHold', record: { ...other, deleted: true } }));
    return done([...releaseAll(facts, actor), ...ended, { kind: 'slotHold', record: hold }]);
  },
});
