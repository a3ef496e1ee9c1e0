/**
 * Ways to break the engine that tests must notice. `npm run mutants` puts each in place, one at a time, and shows
 * which test does. A mutant whose text has changed in its source is to be written anew, not dropped.
 */
import { assert } from '../../errors';

export interface Mutant {
  /** What is wrong about the engine then, in words. */
  name: string;
  /** From the root of the repository. */
  file: string;
  /** Source text that stands exactly once in the file. */
  find: string;
  replace: string;
  /** A second place in the same file, for a rule that two lines keep. */
  also?: { find: string; replace: string };
}

const slotSearch = 'shared/src/availability/slot-search.ts';
const findSlots = 'shared/src/availability/find-slots.ts';
const workingHours = 'shared/src/availability/working-hours.ts';
const takenTime = 'shared/src/availability/taken-time.ts';
const intervals = 'shared/src/availability/intervals.ts';
const visitIndex = 'shared/src/availability/visit-index.ts';
const facts = 'shared/src/acts/facts.ts';
const placeVisit = 'shared/src/availability/place-visit.ts';
const invalidFacts = 'shared/src/availability/invalid-facts.ts';
const limits = 'shared/src/availability/booking-limits.ts';
const offers = 'shared/src/availability/offers.ts';
const hoursReasons = 'shared/src/availability/hours-reasons.ts';
const takenReasons = 'shared/src/availability/taken-reasons.ts';
const roomChoice = 'shared/src/availability/room-choice.ts';
const nextAvailable = 'shared/src/availability/find-next-available.ts';
const nearest = 'shared/src/availability/nearest-slots.ts';
const zone = 'shared/src/time/zone.ts';
const localDays = 'shared/src/time/local-days.ts';

export const mutants: readonly Mutant[] = [
  // The windows: when a doctor works
  {
    name: 'hours are one minute short',
    file: slotSearch,
    find: 'const last = Math.min((intervals[w + 1] as number) - duration, until - 1);',
    replace: 'const last = Math.min((intervals[w + 1] as number) - duration - 1, until - 1);',
  },
  {
    name: 'a visit may run past closing by a minute',
    file: slotSearch,
    find: 'const last = Math.min((intervals[w + 1] as number) - duration, until - 1);',
    replace: 'const last = Math.min((intervals[w + 1] as number) - duration + 1, until - 1);',
  },
  {
    name: 'a slot at opening time is not offered',
    file: slotSearch,
    find: 'let start = opens >= from ? opens :',
    replace: 'let start = opens >= from ? opens + step :',
  },
  {
    name: 'hours that touch are two windows',
    file: intervals,
    find: 'if (last < 0 || start > at(merged, last)) merged.push(start, end);',
    replace: 'if (last < 0 || start >= at(merged, last)) merged.push(start, end);',
  },
  {
    name: 'nested hours or visits cut the outer ones short',
    file: intervals,
    find: 'else if (end > at(merged, last)) merged[last] = end;',
    replace: 'else merged[last] = end;',
  },
  {
    name: 'windows end at midnight',
    file: workingHours,
    find: 'this.#timeOff);\n    return { intervals, segments, segmentRooms };',
    replace: `this.#timeOff);
    const split: number[] = [];
    for (let i = 0; i < intervals.length; i += 2) {
      let start = intervals[i] as number;
      for (;;) {
        const midnight = this.days.startOf(this.days.dayOf(start) + 1);
        if (midnight >= (intervals[i + 1] as number)) break;
        split.push(start, midnight);
        start = midnight;
      }
      split.push(start, intervals[i + 1] as number);
    }
    return { intervals: split, segments, segmentRooms };`,
  },
  {
    name: 'hours that began the day before are not seen',
    file: workingHours,
    find: 'this.#of(which, first - back, last + 1)',
    replace: 'this.#of(which, first, last + 1)',
  },
  {
    name: 'windows are kept by their first date alone',
    file: workingHours,
    find: 'const dates = fromDay * 10_000_000 + untilDay;',
    replace: 'const dates = fromDay;',
  },
  {
    name: 'one who never closes has a grid that hangs on a few days ago',
    file: workingHours,
    find: 'const isCertain = start === undefined ||',
    replace: 'const isCertain = start === undefined || back >= 3 ||',
  },
  {
    name: 'a window that was found to be long is joined to one apart from it',
    file: workingHours,
    find: 'if (long && long.start <= start && certainFrom <= long.until) {',
    replace: 'if (long && long.start <= start) {',
  },
  {
    name: 'hours that cross midnight are empty',
    file: workingHours,
    find: 'closesDay: closes > opens ? 0 : 1,',
    replace: 'closesDay: 0,',
  },
  {
    name: 'hours of 24 hours are empty',
    file: workingHours,
    find: 'closesDay: closes > opens ? 0 : 1,',
    replace: 'closesDay: closes >= opens ? 0 : 1,',
  },
  {
    name: 'a night ends at midnight, where the next date’s weekday begins',
    file: workingHours,
    find: 'const end = days.minuteAt(day + prepared.closesDay, prepared.closes);',
    replace:
      'const end = Math.min(days.minuteAt(day + prepared.closesDay, prepared.closes), days.minuteAt(day, 1440));',
  },
  {
    name: 'the weekday is one off',
    file: workingHours,
    find: 'this.#byWeekday[weekdayOfDayNumber(day)] as',
    replace: 'this.#byWeekday[weekdayOfDayNumber(day + 1)] as',
  },
  {
    name: 'weeks step on Thursdays',
    file: workingHours,
    find: 'return Math.floor((day + 3) / 7);',
    replace: 'return Math.floor(day / 7);',
  },
  {
    name: 'every n weeks counts from the anchor’s weekday instead of its Monday',
    file: workingHours,
    find: '(week - prepared.anchorWeek) % template.everyNWeeks !== 0',
    replace: 'Math.floor((day - dayNumber(template.anchorDate)) / 7) % template.everyNWeeks !== 0',
  },
  {
    name: 'weeks are counted anew after 53',
    file: workingHours,
    find: 'return Math.floor((day + 3) / 7);',
    replace: 'return Math.floor((day + 3) / 7) % 53;',
  },
  {
    name: 'hours do not begin on their first date',
    file: workingHours,
    find: 'if (day < prepared.fromDay ||',
    replace: 'if (day <= prepared.fromDay ||',
  },
  {
    name: 'hours still hold on the date that they are valid until',
    file: workingHours,
    find: 'day >= prepared.untilDay) continue;',
    replace: 'day > prepared.untilDay) continue;',
  },
  {
    name: 'hours of one place hold at every place',
    file: workingHours,
    find: 'if (template.locationId !== location.id) continue;',
    replace: '',
  },
  {
    name: 'a break after midnight falls on the night before',
    file: workingHours,
    find: 'const startDay = startMinutes >= opens ? 0 : 1;',
    replace: 'const startDay = 0;',
  },
  {
    name: 'replaced hours are added to the template’s',
    file: workingHours,
    find: 'if (replaced) continue;',
    replace: '',
  },
  {
    name: 'the template’s breaks stay when its hours are replaced',
    file: workingHours,
    find: 'if (replaced) continue;',
    replace: '',
    also: {
      find: "if (start < end) visit('open', start, end, template, '');",
      replace: "if (start < end && !replaced) visit('open', start, end, template, '');",
    },
  },
  {
    name: 'no hours, said by replaced hours without times, means the whole day',
    file: workingHours,
    find: 'if (exception.startsAt === null && exception.endsAt === null) continue;',
    replace: '',
  },
  {
    name: 'a break takes nothing on a date with extra hours',
    file: workingHours,
    find: 'cuts.push(start, end);\n        return;',
    replace:
      "const extra = this.#exceptions.get(this.days.dayOf(start))?.some((one) => one.kind === 'extra');\n        if (kind !== 'break' || !extra) cuts.push(start, end);\n        return;",
  },
  {
    name: 'a block of the whole day lasts 24 hours instead of the local day',
    file: workingHours,
    find: 'if (endsAt === null) return this.days.minuteAt(day, 1440);',
    replace: 'if (endsAt === null) return this.days.startOf(day) + 1440;',
  },
  {
    name: 'only a doctor’s own exceptions count, none of the clinic',
    file: workingHours,
    find: 'if (exception.doctorId === null && givesHours(exception)) continue;',
    replace: 'if (exception.doctorId === null) continue;',
  },
  {
    name: 'extra hours of nobody are everybody’s',
    file: workingHours,
    find: 'if (exception.doctorId === null && givesHours(exception)) continue;',
    replace: '',
  },
  {
    name: 'a block at one place holds at every place',
    file: workingHours,
    find: 'if (exception.locationId !== null && exception.locationId !== location.id) continue;',
    replace: '',
  },
  {
    name: 'a block without a place holds nowhere',
    file: workingHours,
    find: 'if (exception.locationId !== null && exception.locationId !== location.id) continue;',
    replace: 'if (exception.locationId !== location.id) continue;',
  },
  {
    name: 'time off that is only asked for counts',
    file: workingHours,
    find: "if (request.status !== 'approved') continue;",
    replace: '',
  },
  {
    name: 'time off is rounded inwards',
    file: workingHours,
    find: 'pairs.push(minuteAtOrBefore(request.startsAt), minuteAtOrAfter(request.endsAt));',
    replace: 'pairs.push(minuteAtOrAfter(request.startsAt), minuteAtOrBefore(request.endsAt));',
  },
  {
    name: 'hours that are over still name their room',
    file: workingHours,
    find: 'if (room && minute < (segments[2 * i + 1] as number)) return room;',
    replace: 'if (room) return room;',
    also: {
      find: '(segments[2 * this.#first + 1] as number) <= minute)',
      replace: '(segments[2 * this.#first + 1] as number) < minute - 60)',
    },
  },

  {
    name: 'hours that change are still the old ones',
    file: facts,
    find: 'if (planKinds.includes(kind)) this.#plans =',
    replace: 'if (planKinds.includes(kind) && this.#plans === null) this.#plans =',
  },
  {
    name: 'hours that change below a layer with hours of its own are still the old ones',
    file: facts,
    find: 'if (this.#plans.below !== below) this.#plans =',
    replace: 'if (this.#plans.below === null && below) this.#plans =',
  },

  // The grid and the dates
  {
    name: 'the grid hangs on the whole hour',
    file: slotSearch,
    find: 'let start = opens >= from ? opens :',
    replace: 'let start = opens >= from ? Math.ceil(opens / step) * step :',
  },
  {
    name: 'the grid begins where the question does',
    file: slotSearch,
    find: 'opens + Math.ceil((from - opens) / step) * step;',
    replace: 'from;',
  },
  {
    name: 'what is busy shifts the grid',
    file: slotSearch,
    find: 'start += Math.ceil(((alone[p + 1] as number) + before - start) / step) * step;',
    replace: 'start = (alone[p + 1] as number) + before;',
  },
  {
    name: 'a slot belongs to the dates by its end',
    file: slotSearch,
    find: '- duration, until - 1);',
    replace: '- duration, until - duration);',
  },
  {
    name: 'the first date is left out',
    file: findSlots,
    find: 'from: days.startOf(fromDay),',
    replace: 'from: days.startOf(fromDay + 1),',
  },
  {
    name: 'the last date is included',
    file: findSlots,
    find: 'until: days.startOf(untilDay),',
    replace: 'until: days.startOf(untilDay + 1),',
  },
  {
    name: 'dates are those of UTC',
    file: findSlots,
    find: 'from: days.startOf(fromDay),',
    replace: 'from: fromDay * 1440,',
  },
  {
    name: 'of equal starts the doctor asked for last comes first',
    file: slotSearch,
    find: 'for (let i = 0; i < found.length; i++) {',
    replace: 'for (let i = found.length - 1; i >= 0; i--) {',
  },
  {
    name: 'slots come by doctor, not by start',
    file: slotSearch,
    find: 'return runs > 1 ? inOrder(found, starts) : found;',
    replace: 'return found;',
  },

  // What is taken
  {
    name: 'the buffer before is ignored',
    file: slotSearch,
    find: 'const reservedFrom = start - before;',
    replace: 'const reservedFrom = start;',
  },
  {
    name: 'the buffer after is ignored',
    file: slotSearch,
    find: 'const length = duration + type.bufferAfterMinutes;',
    replace: 'const length = duration;',
  },
  {
    name: 'a buffer does not see what was taken before the dates asked for',
    file: slotSearch,
    find: 'const takenFrom = from - type.bufferBeforeMinutes;',
    replace: 'const takenFrom = from;',
  },
  {
    name: 'a visit does not see what is taken after the dates asked for',
    file: slotSearch,
    find: 'const takenUntil = until + this.#duration + type.bufferAfterMinutes;',
    replace: 'const takenUntil = until;',
  },
  {
    name: 'visits may not touch',
    file: slotSearch,
    find: '(alone[p] as number) < reservedUntil)',
    replace: '(alone[p] as number) <= reservedUntil)',
  },
  {
    name: 'what is busy at another place does not count',
    file: slotSearch,
    find: 'taken = takenOfDoctor(this.#facts, place.doctor.id, takenFrom, takenUntil, options);',
    replace: `const facts = this.#facts;
          const here: Pick<
            AvailabilityFacts,
            'appointmentsOfDoctor' | 'takenByVisits' | 'holdsOfDoctor' | 'externalBusyOf'
          > = {
            appointmentsOfDoctor: (id, a, b) =>
              facts.appointmentsOfDoctor(id, a, b).filter((visit) => visit.locationId === place.location.id),
            takenByVisits: (id, a, b) =>
              here
                .appointmentsOfDoctor(id, a, b)
                .filter((visit) => !['proposed', 'cancelled', 'noshow', 'entered-in-error', 'waitlist'].includes(visit.status))
                .flatMap((visit) => [minuteAtOrBefore(visit.reservedFrom), minuteAtOrAfter(visit.reservedUntil)]),
            holdsOfDoctor: (id) => facts.holdsOfDoctor(id),
            externalBusyOf: (id) => facts.externalBusyOf(id),
          };
          taken = takenOfDoctor(here as AvailabilityFacts, place.doctor.id, takenFrom, takenUntil, options);`,
    also: {
      find: 'if (options.group === null) shared =',
      replace: 'if (options.group === null && places.length === 0) shared =',
    },
  },
  {
    name: 'cancelled visits are still busy',
    file: takenTime,
    find: 'if (!holdsSlot(visit.status) ||',
    replace: 'if (',
  },
  {
    name: 'a requested visit holds nothing',
    file: takenTime,
    find: 'if (!holdsSlot(visit.status) ||',
    replace: "if (!holdsSlot(visit.status) || visit.status === 'pending' ||",
  },
  {
    name: 'the visit that is being moved is in its own way',
    file: takenTime,
    find: ' || visit.id === options.ignoreAppointmentId) return false;',
    replace: ') return false;',
  },
  {
    name: 'a hold counts at the moment that it expires',
    file: takenTime,
    find: 'hold.expiresAt <= options.now',
    replace: 'hold.expiresAt < options.now',
  },
  {
    name: 'one’s own hold counts',
    file: takenTime,
    find: '(options.holder !== undefined && hold.holder === options.holder)',
    replace: "hold.holder === ''",
  },
  {
    name: 'a busy end is rounded down to the minute',
    file: takenTime,
    find: 'const end = minuteAtOrAfter(until);',
    replace: 'const end = minuteAtOrBefore(until);',
  },
  {
    name: 'a busy start is rounded up to the minute',
    file: takenTime,
    find: 'const start = minuteAtOrBefore(from);',
    replace: 'const start = minuteAtOrAfter(from);',
  },
  {
    name: 'a busy time without length counts',
    file: takenTime,
    find: 'return busy.endsAt > busy.startsAt;',
    replace: 'return true;',
  },
  {
    name: 'a visit without length counts',
    file: takenTime,
    find: 'return visit.reservedUntil > visit.reservedFrom;',
    replace: 'return true;',
  },
  {
    name: 'a short visit inside a long one frees what comes after it',
    file: takenTime,
    find: 'if (end > (pairs[last] as number)) pairs[last] = end;',
    replace: 'pairs[last] = end;',
  },
  {
    name: 'calendars elsewhere do not count',
    file: takenTime,
    find: 'for (const busy of facts.externalBusyOf(doctorId)) builder.external(busy);',
    replace: '',
  },

  {
    name: 'the week’s minutes: cancelled visits are still busy',
    file: visitIndex,
    find: '!holdsSlot(visit.status) || visit.reservedUntil === visit.reservedFrom',
    replace: 'visit.reservedUntil === visit.reservedFrom',
  },
  {
    name: 'the week’s minutes: an end is rounded down',
    file: visitIndex,
    find: 'minuteAtOrAfter(visit.reservedUntil));',
    replace: 'minuteAtOrBefore(visit.reservedUntil));',
  },
  {
    name: 'the week’s minutes: a start is rounded up',
    file: visitIndex,
    find: 'pairs.push(minuteAtOrBefore(visit.reservedFrom),',
    replace: 'pairs.push(minuteAtOrAfter(visit.reservedFrom),',
  },
  {
    name: 'the week’s minutes: a visit that comes is not in them',
    file: visitIndex,
    find: 'week.visits.splice(i, 0, visit);\n      week.taken = null;',
    replace: 'week.visits.splice(i, 0, visit);',
  },
  {
    name: 'the week’s minutes: a visit that goes stays in them',
    file: visitIndex,
    find: 'week.visits.splice(at, 1);\n      week.taken = null;',
    replace: 'week.visits.splice(at, 1);',
  },
  {
    name: 'the week’s minutes: the visit that is being moved is in them',
    file: takenTime,
    find: 'return group === null && ignoreAppointmentId === undefined;',
    replace: 'return group === null;',
  },
  {
    name: 'a visit that reaches into the next week is not seen there',
    file: visitIndex,
    find: 'week <= last; week++) {\n    use(visit.doctorId, week);',
    replace: 'week <= Math.floor(visit.reservedFrom / weekMs); week++) {\n    use(visit.doctorId, week);',
  },
  {
    name: 'a visit that reaches into the next week is met twice',
    file: visitIndex,
    find: 'if (number > first && visit.reservedFrom < number * weekMs) continue;',
    replace: '',
  },
  {
    name: 'the doctor’s minutes are those of visits alone: holds and calendars are lost where there are both',
    file: intervals,
    find: 'for (; j < b.length; j += 2) append(merged, at(b, j), at(b, j + 1));',
    replace: '',
  },
  {
    name: 'the week’s minutes: what is under way as the range begins is not in them',
    file: visitIndex,
    find: 'let i = indexEndingAfter(taken, fromMinute);',
    replace: 'let i = indexEndingAfter(taken, fromMinute + 5);',
  },
  {
    name: 'the week’s minutes: what begins shortly before the range ends is not in them',
    file: visitIndex,
    find: 'if (start >= untilMinute) break;',
    replace: 'if (start >= untilMinute - 5) break;',
  },

  // Groups
  {
    name: 'a full group is offered',
    file: slotSearch,
    find: 'seatsLeft = type.capacity - session.taken;',
    replace: 'seatsLeft = Math.max(1, type.capacity - session.taken);',
  },
  {
    name: 'seats are counted across starts',
    file: takenTime,
    find: 'return taken.sessions.find((session) => session.startsAt === startsAt);',
    replace: 'return startsAt > 0 ? taken.sessions[0] : undefined;',
  },
  {
    name: 'a group at another start blocks nothing',
    file: takenTime,
    find: 'if (session.startsAt !== startsAt && meetsPairs(session.pairs, from, until)) return false;',
    replace: 'if (session.startsAt === startsAt && meetsPairs([], from, until)) return false;',
  },
  {
    name: 'a group blocks its own start',
    file: takenTime,
    find: 'if (session.startsAt !== startsAt && meetsPairs(session.pairs, from, until)) return false;',
    replace: 'if (meetsPairs(session.pairs, from, until)) return false;',
  },
  {
    name: 'a visit of another type shares the group’s seats',
    file: takenTime,
    find: 'taker.appointmentTypeId === group.appointmentTypeId &&',
    replace: "taker.appointmentTypeId !== '' &&",
  },
  {
    name: 'a visit with another doctor shares the group’s room',
    file: takenTime,
    find: 'taker.doctorId === group.doctorId &&',
    replace: "taker.doctorId !== '' &&",
  },
  {
    name: 'a visit at another place shares the group’s seats',
    file: takenTime,
    find: 'taker.locationId === group.locationId',
    replace: "taker.locationId !== ''",
  },
  {
    name: 'a visit of one shares the group’s seats',
    file: takenTime,
    find: 'taker.capacity > 1 &&',
    replace: 'taker.capacity > 0 &&',
  },
  {
    name: 'a hold takes no seat of the group',
    file: takenTime,
    find: 'if (isOfGroup(hold, this.#options.group)) this.#session(hold);',
    replace: 'if (isOfGroup(hold, this.#options.group)) return;',
  },
  {
    name: 'the seat is the next number instead of the lowest free one',
    file: takenTime,
    find: 'while (session?.seats.has(seat)) seat++;',
    replace: 'if (session) seat = session.taken + 1;',
  },

  // From when until when, and who may ask
  {
    name: 'a start seconds before the notice is over is offered',
    file: slotSearch,
    find: 'this.#earliest = minuteAtOrAfter(limits.earliestAt);',
    replace: 'this.#earliest = minuteAtOrBefore(limits.earliestAt);',
  },
  {
    name: 'the last minute of the horizon is cut off',
    file: slotSearch,
    find: 'Math.min(asked.until, this.#latest + 1)',
    replace: 'Math.min(asked.until, this.#latest)',
  },
  {
    name: 'a type for the desk is offered online',
    file: slotSearch,
    find: "if (ask.channel === 'online' && type.bookableBy === 'desk') return;",
    replace: '',
  },
  {
    name: 'notice is strict',
    file: limits,
    find: 'earliestAt: later(now, plusMinutes(now, type.minNoticeMinutes)),',
    replace: 'earliestAt: plusMinutes(now, type.minNoticeMinutes + 1),',
  },
  {
    name: 'notice binds the desk too',
    file: limits,
    find: "if (channel === 'desk') return { earliestAt: now, latestAt: null };",
    replace:
      "if (channel === 'desk') return { earliestAt: plusMinutes(now, type.minNoticeMinutes), latestAt: null };",
  },
  {
    name: 'the horizon is strict',
    file: limits,
    find: 'latestAt: instant(now + type.maxFutureDays * dayMs),',
    replace: 'latestAt: instant(now + type.maxFutureDays * dayMs - 1),',
  },

  // Who offers what where
  {
    name: 'an inactive doctor is offered',
    file: offers,
    find: 'if (doctor?.active) asked.push(doctor);',
    replace: 'if (doctor) asked.push(doctor);',
    also: { find: 'if (!type.active || !doctor.active) return [];', replace: 'if (!type.active) return [];' },
  },
  {
    name: 'an inactive place is offered',
    file: offers,
    find: '      location.active &&\n',
    replace: '',
  },
  {
    name: 'an inactive type is offered',
    file: offers,
    find: 'if (!type.active || !doctor.active) return [];',
    replace: 'if (!doctor.active) return [];',
  },
  {
    name: 'a type of one doctor is offered with every doctor',
    file: offers,
    find: '(offering.has(null) || offering.has(doctor.id)) &&',
    replace: '(offering.has(null) || offering.size > 0) &&',
  },
  {
    name: 'a place that the doctor has left is offered',
    file: offers,
    find: 'doctor.places.some((place) => place.locationId === locationId)\n  );',
    replace: 'doctor.places.length > 0\n  );',
  },
  {
    name: 'all doctors come by id instead of by name',
    file: offers,
    find: 'return asked.sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));',
    replace: 'return asked.sort((a, b) => (a.id < b.id ? -1 : 1));',
  },
  {
    name: 'a doctor who is asked for twice comes twice',
    file: offers,
    find: 'for (const id of new Set(doctorIds)) {',
    replace: 'for (const id of doctorIds) {',
  },

  // Explaining
  {
    name: 'explain: notice is strict',
    file: placeVisit,
    find: 'request.startsAt < earliestAt)',
    replace: 'request.startsAt <= earliestAt)',
  },
  {
    name: 'explain: the horizon is strict',
    file: placeVisit,
    find: 'request.startsAt > latestAt)',
    replace: 'request.startsAt >= latestAt)',
  },
  {
    name: 'explain: now is the past',
    file: placeVisit,
    find: 'if (request.startsAt < request.now)',
    replace: 'if (request.startsAt <= request.now)',
  },
  {
    name: 'explain: an inactive doctor is no reason',
    file: placeVisit,
    find: 'if (!doctor?.active)',
    replace: 'if (!doctor)',
  },
  {
    name: 'explain: a length of one’s own is ignored',
    file: placeVisit,
    find: 'const duration = request.durationMinutes ?? type.durationMinutes;',
    replace: 'const { durationMinutes: duration } = type;',
  },
  {
    name: 'explain: a room need only be free for the visit',
    file: placeVisit,
    find: 'const from = Math.floor(time.reservedFrom / minuteMs);',
    replace: 'const from = Math.floor(time.startsAt / minuteMs);',
  },
  {
    name: 'explain: a visit that ends at closing time is outside hours',
    file: hoursReasons,
    find: 'if (!covers(open, start, end)) {',
    replace: 'if (!covers(open, start, end + 1)) {',
  },
  {
    name: 'explain: a break that begins as the visit ends forbids it',
    file: hoursReasons,
    find: 'from < end && until > start)',
    replace: 'from <= end && until > start)',
  },
  {
    name: 'explain: a break that ends as the visit begins forbids it',
    file: hoursReasons,
    find: 'from < end && until > start)',
    replace: 'from < end && until >= start)',
  },
  {
    name: 'explain: a break of the night before is not seen',
    file: hoursReasons,
    find: 'hours.eachSpan(day - 3,',
    replace: 'hours.eachSpan(day,',
  },
  {
    name: 'explain: hours that the next date carries on close at midnight',
    file: hoursReasons,
    find: 'Math.max(end, days.startOf(day + 2))',
    replace: 'end',
  },
  {
    name: 'explain: time off that is only asked for forbids',
    file: hoursReasons,
    find: "if (request.status !== 'approved' || request.endsAt <= request.startsAt) continue;",
    replace: 'if (request.endsAt <= request.startsAt) continue;',
  },
  {
    name: 'explain: the grid hangs on midnight',
    file: hoursReasons,
    find: '(start - (intervals[window] as number)) % step !== 0',
    replace: '(start - hours.days.startOf(hours.days.dayOf(start))) % step !== 0',
  },
  {
    name: 'explain: the buffer before the visit is ignored',
    file: takenReasons,
    find: 'minuteAtOrAfter(until) > minuteAtOrBefore(time.reservedFrom)',
    replace: 'minuteAtOrAfter(until) > minuteAtOrBefore(time.startsAt)',
  },
  {
    name: 'explain: the buffer after the visit is ignored',
    file: takenReasons,
    find: 'minuteAtOrBefore(from) < minuteAtOrAfter(time.reservedUntil)',
    replace: 'minuteAtOrBefore(from) < minuteAtOrAfter(time.endsAt)',
  },
  {
    name: 'explain: a busy end is rounded down to the minute',
    file: takenReasons,
    find: 'minuteAtOrAfter(until) > minuteAtOrBefore(time.reservedFrom)',
    replace: 'minuteAtOrBefore(until) > minuteAtOrBefore(time.reservedFrom)',
  },
  {
    name: 'explain: a busy start is rounded up to the minute',
    file: takenReasons,
    find: 'minuteAtOrBefore(from) < minuteAtOrAfter(time.reservedUntil)',
    replace: 'minuteAtOrAfter(from) < minuteAtOrAfter(time.reservedUntil)',
  },
  {
    name: 'explain: a busy time without length forbids',
    file: takenReasons,
    find: 'if (isBusyElsewhere(busy) && meetsReserved(busy.startsAt, busy.endsAt, time)) {',
    replace: 'if (meetsReserved(busy.startsAt, busy.endsAt, time)) {',
  },
  {
    name: 'explain: visits of the group at another start take seats of this one',
    file: takenReasons,
    find: 'if (isOfGroup(visit, options.group) && visit.startsAt === time.startsAt) {',
    replace: 'if (isOfGroup(visit, options.group)) {',
  },
  {
    name: 'explain: a full group has a seat more',
    file: takenReasons,
    find: 'return seatsTaken >= type.capacity ?',
    replace: 'return seatsTaken > type.capacity ?',
  },

  // Rooms
  {
    name: 'holds do not keep their room',
    file: takenTime,
    find: 'for (const hold of facts.holdsInRoom(roomId)) builder.hold(hold);',
    replace: '',
  },
  {
    name: 'a room is not free when it is taken as the visit ends',
    file: intervals,
    find: 'return i < intervals.length && at(intervals, i) < end;',
    replace: 'return i < intervals.length && at(intervals, i) <= end;',
  },
  {
    name: 'the room that the hours name is not given to a type that needs none',
    file: slotSearch,
    find: 'const mayNameRoom = type.needsRoom || hoursRooms.named ||',
    replace: 'const mayNameRoom = type.needsRoom ||',
  },
  {
    name: 'rooms are tried by id instead of by their order',
    file: roomChoice,
    find: 'return a.sortOrder - b.sortOrder || (a.id < b.id ? -1 : 1);',
    replace: 'return a.id < b.id ? -1 : 1;',
  },
  {
    name: 'an inactive room is given',
    file: roomChoice,
    find: 'if (!room.active) return false;',
    replace: '',
  },
  {
    name: 'equipment serves as a room',
    file: roomChoice,
    find: ": room.kind === 'room';",
    replace: ': true;',
  },
  {
    name: 'a room need only be free for the visit, not for its buffers',
    file: roomChoice,
    find: 'return isFree(this.#takenOf(roomId), from, until, startsAt);',
    replace:
      'return isFree(this.#takenOf(roomId), from + this.#type.bufferBeforeMinutes, until - this.#type.bufferAfterMinutes, startsAt);',
  },
  {
    name: 'a group is split over two rooms',
    file: roomChoice,
    find: 'return this.isFree(groupRoomId, from, until, startsAt) ? groupRoomId : undefined;',
    replace: 'if (this.isFree(groupRoomId, from, until, startsAt)) return groupRoomId;',
  },
  {
    name: 'a room of another place is given',
    file: roomChoice,
    find: 'this.#active = new Set(location.rooms.filter(({ active }) => active).map(({ id }) => id));',
    replace: `this.#active = {
      has: (id: string) => !location.rooms.some((room) => room.id === id && !room.active),
    } as ReadonlySet<string>;`,
  },
  {
    name: 'the room that the hours name has no precedence',
    file: roomChoice,
    find: 'preferred !== null &&\n      fitting.some(',
    replace: `preferred === fitting[0]?.id &&
      fitting.some(`,
  },

  {
    name: 'explain: a room is free again when the first visit in it ends, not the last',
    file: roomChoice,
    find: 'if (!isMate && end > last && end > from &&',
    replace: 'if (!isMate && last === from && end > from &&',
  },

  // The next available, and the nearest
  {
    name: 'next available: a start exactly at the earliest time asked for is left out',
    file: nextAvailable,
    find: 'const range = { from: minuteAtOrAfter(from),',
    replace: 'const range = { from: minuteAtOrAfter(from) + 1,',
  },
  {
    name: 'of each doctor one too few are looked at',
    file: nextAvailable,
    find: 'Number.POSITIVE_INFINITY : query.limit;',
    replace: 'Number.POSITIVE_INFINITY : query.limit - 1;',
  },
  {
    name: 'of each doctor only the first few are looked at, whatever is wished for',
    file: nextAvailable,
    find: 'hasWishes(query) ? Number.POSITIVE_INFINITY : query.limit;',
    replace: 'query.limit;',
  },
  {
    name: 'next available: stops a step early',
    file: nextAvailable,
    find: 'while (from < end) {',
    replace: 'while (from + days * dayMs <= end) {',
  },
  {
    name: 'next available: a start where two steps meet comes twice',
    file: nextAvailable,
    find: 'until: minuteAtOrAfter(until) };',
    replace: 'until: minuteAtOrAfter(until) + 1 };',
  },
  {
    name: 'next available: the part of the day is read in UTC',
    file: nextAvailable,
    find: 'partOfDay(localTime(slot.startsAt, days.zone).minutes)',
    replace: 'partOfDay((slot.startsAt % dayMs) / 60_000)',
  },
  {
    name: 'next available: the weekday is read in UTC',
    file: nextAvailable,
    find: 'weekdayOfDayNumber(days.dayOf(minuteAtOrAfter(slot.startsAt)))',
    replace: 'weekdayOfDayNumber(Math.floor(slot.startsAt / dayMs))',
  },
  {
    name: 'next available: noon is still the morning',
    file: nextAvailable,
    find: 'return minutesAfterMidnight < noon',
    replace: 'return minutesAfterMidnight <= noon',
  },
  {
    name: 'nearest: the start itself is among them',
    file: nearest,
    find: '...after.filter((slot) => !isSame(slot))',
    replace: '...after',
  },
  {
    name: 'nearest: not one on either side',
    file: nearest,
    find: 'const chosen = other ? [first, other] : [first];',
    replace: 'const chosen = [first];',
  },
  {
    name: 'before and after: the start itself comes after it',
    file: nearest,
    find: 'startsAt + reached * dayMs + 1,',
    replace: 'startsAt + reached * dayMs,',
  },
  {
    name: 'before and after: the first of the day before, not the nearest',
    file: nearest,
    find: '.at(-1) ?? null;',
    replace: '[0] ?? null;',
  },
  {
    name: 'before and after: at any place',
    file: nearest,
    find: '{ ...request, doctorIds: [request.doctorId] }',
    replace: '{ ...request, doctorIds: [request.doctorId], locationId: undefined }',
  },

  // Invalid facts
  {
    name: 'a time that ends before it starts is computed',
    file: invalidFacts,
    find: 'if (!(until >= from)) refuse(',
    replace: 'if (Number.isNaN(until - from)) refuse(',
  },
  {
    name: 'a negative buffer is computed',
    file: invalidFacts,
    find: "check('buffer', type.bufferAfterMinutes, 0);",
    replace: "check('buffer', type.bufferAfterMinutes, -60);",
  },
  {
    name: 'a template that breaks its own rules is computed',
    file: invalidFacts,
    find: 'if (problem) wrong(',
    replace: 'if (problem && problem.message === template.id) wrong(',
  },

  // Time
  {
    name: 'a wall time that is skipped moves back',
    file: zone,
    find: "disambiguation: 'compatible'",
    replace: "disambiguation: 'earlier'",
  },
  {
    name: 'of a repeated wall time the second counts',
    file: zone,
    find: "disambiguation: 'compatible'",
    replace: "disambiguation: 'later'",
  },
  {
    name: 'minutes repeated before midnight belong to the day that was over',
    file: zone,
    find: 'while (day.endsAt <= at) day = zonedDayOf(addDays(day.date, 1), zone);',
    replace: '',
  },
  {
    name: '24:00 is the midnight that begins the day',
    file: localDays,
    find: 'if (minutesAfterMidnight >= 1440) return known.ends;',
    replace: 'if (minutesAfterMidnight >= 1440) return known.starts;',
  },
  {
    name: 'a clock change moves all hours after it',
    file: localDays,
    find: 'irregular: zoned.regular ? null : new Map<number, number>()',
    replace: 'irregular: null',
  },
  {
    name: 'midnight still belongs to the day before',
    file: localDays,
    find: 'while (this.#day(day).ends <= minute) day++;',
    replace: 'while (this.#day(day).ends < minute) day++;',
  },
  {
    name: 'a date that never was has hours',
    file: localDays,
    find: 'return starts < ends;',
    replace: 'return starts <= ends;',
  },
];

/** The source with the mutant in it. Throws where a text to be found does not stand exactly once. */
export function planted(mutant: Mutant, source: string): string {
  let text = source;
  for (const { find, replace } of mutant.also ? [mutant, mutant.also] : [mutant]) {
    const times = source.split(find).length - 1;
    assert(times === 1, `${mutant.name}: its text stands ${times} times in ${mutant.file}: ${find}`);
    text = text.replace(find, () => replace);
  }
  return text;
}
