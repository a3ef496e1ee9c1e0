import { z } from 'zod';
import type { AvailabilityException } from '../../model/availability-exception';
import { dateField, freeText, uuid, wallTimeField } from '../../model/fields';
import { defineAct, done, refused } from '../act';
import { forbidsAgenda } from '../permissions';

/** Takes part of a doctor's day, or all of it, from booking. Visits that stand there stay. */
export const blockTime = defineAct({
  name: 'time.block',
  version: 1,
  args: z.object({
    exceptionId: uuid(),
    doctorId: uuid(),
    locationId: uuid(),
    date: dateField(),
    /** Wall times of the location; both null is the whole day. */
    startsAt: wallTimeField().nullable(),
    endsAt: wallTimeField().nullable(),
    reason: freeText(200),
  }),
  forbids: (actor, args) => forbidsAgenda(actor, args.doctorId),
  needs: (args) => ({ availabilityException: [args.exceptionId] }),
  decide: (facts, args, context) => {
    if (facts.get('availabilityException', args.exceptionId))
      return refused([{ code: 'exists', what: 'block', id: args.exceptionId }]);
    if (!facts.doctor(args.doctorId))
      return refused([{ code: 'unknown', what: 'doctor', id: args.doctorId }]);
    if (!facts.location(args.locationId))
      return refused([{ code: 'unknown', what: 'location', id: args.locationId }]);
    if ((args.startsAt === null) !== (args.endsAt === null)) {
      return refused([
        {
          code: 'invalid',
          field: 'endsAt',
          message: 'Give both a start and an end, or neither for the whole day',
        },
      ]);
    }
    if (args.startsAt !== null && args.startsAt === args.endsAt) {
      return refused([{ code: 'invalid', field: 'endsAt', message: 'A block ends after it starts' }]);
    }
    const record: AvailabilityException = {
      id: args.exceptionId,
      clinicId: context.clinicId,
      seq: 0,
      deleted: false,
      doctorId: args.doctorId,
      locationId: args.locationId,
      roomId: null,
      kind: 'block',
      date: args.date,
      startsAt: args.startsAt,
      endsAt: args.endsAt,
      reason: args.reason,
      createdBy: context.actor.id,
    };
    return done([{ kind: 'availabilityException', record }]);
  },
});
