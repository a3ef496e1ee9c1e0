/** What is chosen in the booking dialog, and what booking it comes to. */
import type { Override, Refused } from '@medic/shared/acts/act';
import type { ActArgs } from '@medic/shared/acts/registry';
import type { Slot } from '@medic/shared/availability/query';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Instant } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react';
import type { Performed } from '../../replica/desk';
import { useDesk, useFacts } from '../../replica/hooks';
import { type BookingStart, firstPlace, fitted } from './first-place';
import { type Obstacle, obstacleOf } from './obstacles';
import { type RepeatChoice, ruleText, usualRepeat } from './repeat-rule';
import { type SeriesTime, seriesTimes, unsettled } from './series-preview';
import { type BookingPlace, nextAvailable, placesFor, type TimeRow, timeRows } from './slot-list';

export type BookingMode = 'times' | 'repeat' | 'overbook' | 'waitlist';

export type Booked =
  | { kind: 'visit'; appointmentId: string }
  | { kind: 'series'; seriesId: string; appointmentIds: string[] };

export interface Booking {
  now: Instant;
  zone: BookingZone;
  place: BookingPlace;
  setPlace: (change: Partial<BookingPlace>) => void;
  patientId: string | null;
  setPatientId: (id: string | null) => void;
  pick: (id: string) => void;
  mode: BookingMode;
  setMode: (mode: BookingMode) => void;
  why: boolean;
  setWhy: (why: boolean) => void;
  /** Who has to say yes before it is booked: the doctor to a request, the patient to a suggestion; or nobody. */
  answer: 'none' | 'doctor' | 'patient';
  setAnswer: (answer: Booking['answer']) => void;
  notes: string;
  setNotes: (notes: string) => void;
  rows: readonly TimeRow[];
  chosen: TimeRow | null;
  choose: (startsAt: Instant | null) => void;
  offers: readonly Slot[];
  take: (slot: Slot) => void;
  repeat: { choice: RepeatChoice; times: readonly SeriesTime[]; skip: ReadonlySet<Instant> } | null;
  setRepeat: (change: Partial<RepeatChoice>) => void;
  skipTimes: (times: readonly Instant[], left: boolean) => void;
  startRepeat: () => void;
  obstacle: Obstacle | null;
  dropObstacle: () => void;
  busy: boolean;
  mayOverbook: boolean;
  book: (overrides?: readonly Override[]) => Promise<void>;
  overbook: (reason: string, room: boolean) => Promise<void>;
  timesRef: RefObject<HTMLDivElement | null>;
}

type BookingZone = ReturnType<typeof useFacts>['clinic']['timeZone'];

/** Books one visit, or says why not. */
export type BookVisit = (args: ActArgs<'appointment.book'>) => Promise<Performed>;

interface BookingOptions {
  start: BookingStart;
  toWaitlist: boolean;
  bookVisit: BookVisit | undefined;
  visitsOf: (patientId: string) => readonly Appointment[];
  onNoPatient: () => void;
  onDone: (booked: Booked) => void;
}

/** The type that was booked last at this desk is the next one's default. */
let lastTypeId: string | null = null;

export function useBooking({
  start,
  toWaitlist,
  bookVisit: bookOtherwise,
  visitsOf,
  onNoPatient,
  onDone,
}: BookingOptions): Booking {
  const desk = useDesk();
  const facts = useFacts();
  const [now] = useState(() => desk.now());
  const [patientId, setPatient] = useState<string | null>(start.patientId ?? null);
  const [place, putPlace] = useState(() => firstPlace(facts, start, now, desk.user.doctorId, lastTypeId));
  const [wanted, setWanted] = useState<{ at: Instant; exact: boolean } | null>(
    start.startsAt === undefined ? null : { at: start.startsAt, exact: false },
  );
  const [mode, putMode] = useState<BookingMode>(toWaitlist ? 'waitlist' : 'times');
  const [why, setWhy] = useState(false);
  const [answer, setAnswer] = useState<Booking['answer']>('none');
  const request = answer === 'doctor';
  const [notes, setNotes] = useState('');
  const [choice, setChoice] = useState<RepeatChoice | null>(null);
  const [skip, setSkip] = useState<ReadonlySet<Instant>>(new Set());
  const [obstacle, setObstacle] = useState<Obstacle | null>(null);
  const [busy, setBusy] = useState(false);
  const timesRef = useRef<HTMLDivElement>(null);
  const mayOverbook = desk.user.rights.includes('overbook');

  const zone = facts.location(place.locationId)?.timeZone ?? facts.clinic.timeZone;
  const today = localDate(now, zone);
  const rows = useMemo(
    () => timeRows(facts, place, now, { why, asked: start.startsAt ?? null, mayOverbook }),
    [facts, place, now, why, start.startsAt, mayOverbook],
  );
  const chosen = useMemo(() => chosenRow(rows, wanted), [rows, wanted]);
  const offers = useMemo(() => {
    const from = wanted?.at ?? (place.date > today ? rows[0]?.startsAt : undefined) ?? now;
    return nextAvailable(facts, place, (from < now ? now : from) as Instant, now);
  }, [facts, place, wanted, rows, now, today]);

  const firstAt = chosen?.startsAt ?? null;
  const repeat = useMemo(() => {
    if (choice === null || firstAt === null) return null;
    return {
      choice,
      skip,
      times: seriesTimes(facts, { ...place, startsAt: firstAt, patientId }, choice, now),
    };
  }, [facts, choice, skip, place, firstAt, patientId, now]);

  const setMode = useCallback((next: BookingMode) => {
    putMode(next);
    setObstacle(null);
    if (next === 'times') {
      setChoice(null);
      queueMicrotask(() => timesRef.current?.focus());
    }
  }, []);
  const setPlace = useCallback(
    (change: Partial<BookingPlace>) => {
      putPlace((before) =>
        change.date === undefined ? fitted(facts, { ...before, ...change }) : { ...before, ...change },
      );
      if (change.date !== undefined) setWanted(null);
      setObstacle(null);
    },
    [facts],
  );
  const choose = useCallback((at: Instant | null) => {
    setWanted(at === null ? null : { at, exact: true });
    putMode((before) => (before === 'overbook' ? 'times' : before));
    setObstacle(null);
  }, []);

  const pick = useCallback(
    (id: string) => {
      setPatient(id);
      setObstacle(null);
      const usual = visitsOf(id).at(-1)?.appointmentTypeId;
      const type = usual === undefined ? undefined : facts.appointmentType(usual);
      if (
        start.appointmentTypeId === undefined &&
        type?.active &&
        placesFor(facts, type, place.doctorId).includes(place.locationId)
      )
        putPlace((before) => ({ ...before, appointmentTypeId: type.id }));
      if (mode === 'times') queueMicrotask(() => timesRef.current?.focus());
    },
    [visitsOf, facts, place, start.appointmentTypeId, mode],
  );

  const take = useCallback(
    (slot: Slot) => {
      const there = facts.location(slot.locationId)?.timeZone ?? zone;
      putPlace((before) => ({
        ...before,
        doctorId: slot.doctorId,
        locationId: slot.locationId,
        date: localDate(slot.startsAt, there),
      }));
      setWanted({ at: slot.startsAt, exact: true });
      putMode('times');
      setChoice(null);
      setObstacle(null);
      timesRef.current?.focus();
    },
    [facts, zone],
  );

  const startRepeat = useCallback(() => {
    if (firstAt === null) return;
    setSkip(new Set());
    setChoice(usualRepeat(firstAt, zone));
    // One suggestion is answered, or not; a row of them would be a row of answers.
    setAnswer((before) => (before === 'patient' ? 'none' : before));
    setObstacle(null);
    putMode('repeat');
  }, [firstAt, zone]);

  /** Tells what stands in the way, or ends the dialog. */
  const settle = (result: { kind: 'done' } | Refused, booked: Booked, given: readonly Override[]) => {
    setBusy(false);
    if (result.kind === 'refused') {
      setObstacle(obstacleOf(result, desk.facts, given));
      return;
    }
    lastTypeId = place.appointmentTypeId;
    onDone(booked);
  };

  const visit = (startsAt: Instant, patient: string) => ({
    appointmentId: desk.newId(),
    patientId: patient,
    doctorId: place.doctorId,
    locationId: place.locationId,
    appointmentTypeId: place.appointmentTypeId,
    startsAt,
    notes: notes.trim(),
  });

  const bookVisit = async (startsAt: Instant, patient: string, given: readonly Override[]) => {
    setBusy(true);
    const args = { ...visit(startsAt, patient), overrides: [...given] };
    const result = await (answer === 'patient'
      ? desk.perform('appointment.propose', args)
      : (bookOtherwise?.({ ...args, request }) ?? desk.perform('appointment.book', { ...args, request })));
    settle(result, { kind: 'visit', appointmentId: args.appointmentId }, given);
  };

  const bookSeries = async (
    startsAt: Instant,
    patient: string,
    series: NonNullable<typeof repeat>,
    given: readonly Override[],
  ) => {
    setBusy(true);
    const { appointmentId: _one, ...each } = visit(startsAt, patient);
    const seriesId = desk.newId();
    const appointmentIds = series.times.map(() => desk.newId());
    const result = await desk.perform('series.book', {
      ...each,
      seriesId,
      appointmentIds,
      rrule: ruleText(series.choice, startsAt, zone),
      skip: series.times.map((time) => time.startsAt).filter((at) => series.skip.has(at)),
      overrides: [...given],
      request,
    });
    const booked = appointmentIds.filter((_, index) => {
      const time = series.times[index];
      return time !== undefined && !series.skip.has(time.startsAt);
    });
    settle(result, { kind: 'series', seriesId, appointmentIds: booked }, given);
  };

  const book = async (given: readonly Override[] = []) => {
    if (busy) return;
    if (patientId === null) return onNoPatient();
    if (!chosen) return;
    if (mode === 'repeat' && repeat) {
      if (unsettled(repeat.times, repeat.skip).length === 0)
        await bookSeries(chosen.startsAt, patientId, repeat, given);
    } else if (chosen.take === 'overbook') setMode('overbook');
    else await bookVisit(chosen.startsAt, patientId, given);
  };

  const overbook = async (reason: string, room: boolean) => {
    if (busy || patientId === null || !chosen || reason.trim() === '') return;
    setBusy(true);
    const given = obstacle?.kind === 'warning' ? obstacle.overrides : [];
    const args = {
      ...visit(chosen.startsAt, patientId),
      reason: reason.trim(),
      room,
      request,
      overrides: given,
    };
    const result = await desk.perform('appointment.overbook', args);
    settle(result, { kind: 'visit', appointmentId: args.appointmentId }, given);
  };

  return {
    now,
    zone,
    place,
    setPlace,
    patientId,
    setPatientId: setPatient,
    pick,
    mode,
    setMode,
    why,
    setWhy,
    answer,
    setAnswer,
    notes,
    setNotes,
    rows,
    chosen,
    choose,
    offers,
    take,
    repeat,
    setRepeat: (change) => {
      setChoice((before) => (before === null ? null : { ...before, ...change }));
      setObstacle(null);
    },
    skipTimes: (times, left) => {
      setSkip((before) => {
        const after = new Set(before);
        for (const at of times) {
          if (left) after.add(at);
          else after.delete(at);
        }
        return after;
      });
      setObstacle(null);
    },
    startRepeat,
    obstacle,
    dropObstacle: () => setObstacle(null),
    busy,
    mayOverbook,
    book,
    overbook,
    timesRef,
  };
}

/** The time that was chosen; of one that was only pointed at, the first free one from there on; else the first free. */
function chosenRow(rows: readonly TimeRow[], wanted: { at: Instant; exact: boolean } | null): TimeRow | null {
  const exact = wanted?.exact
    ? rows.find((row) => row.startsAt === wanted.at && row.take !== null)
    : undefined;
  if (exact) return exact;
  const free = rows.filter((row) => row.take === 'free');
  const first = wanted === null ? free[0] : (free.find((row) => row.startsAt >= wanted.at) ?? free.at(-1));
  return first ?? null;
}
