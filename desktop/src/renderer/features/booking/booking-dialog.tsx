/**
 * A visit in one screen: the patient left, the times right, everything filled in that can be. Letters, Enter, Enter:
 * the footer says what Enter does next.
 */

import { Modal, Select, TextInput } from '@mantine/core';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Slot } from '@medic/shared/availability/query';
import type { Appointment } from '@medic/shared/model/appointment';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { addDays } from '@medic/shared/time/plain-date';
import { localDate, localTime } from '@medic/shared/time/zone';
import {
  IconArrowRight,
  IconBan,
  IconChevronLeft,
  IconChevronRight,
  IconCircleCheck,
  IconCloudOff,
  IconSearch,
  IconUserPlus,
} from '@tabler/icons-react';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useDesk, useFacts, useSyncStatus } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { dayTitle, inSentence, relativeDay, shortDay } from '../../ui/date-words';
import { hasMod, KeyCap } from '../../ui/key-cap';
import { doctorName, fullName, lastWord, shortName } from '../../ui/person-name';
import classes from './booking-dialog.module.css';
import { PatientHits } from './patient-hits';
import {
  type BookingPlace,
  doctorsFor,
  freeSlots,
  nextAvailable,
  placesFor,
  timeRows,
  typesFor,
  usualTypeId,
} from './slot-list';
import { TimeList } from './time-list';

export interface BookingDialogProps {
  start: {
    doctorId?: string;
    locationId?: string;
    date?: PlainDate;
    startsAt?: Instant;
    patientId?: string;
    appointmentTypeId?: string;
  };
  /** The visits of a patient, for what is said beside the name. */
  visitsOf: (patientId: string) => readonly Appointment[];
  newPatient: (props: {
    suggestion: string;
    onSaved: (id: string) => void;
    onUseExisting: (id: string) => void;
    onCancel: () => void;
  }) => ReactNode;
  /** What was typed before the field was there. */
  takeTypedAhead: () => string;
  onBooked: (appointmentId: string) => void;
  onClose: () => void;
}

let lastTypeId: string | null = null;

export function BookingDialog(props: BookingDialogProps) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      withCloseButton={false}
      size={976}
      padding={0}
      attributes={{ content: { 'aria-label': 'Book a visit' } }}
      trapFocus
      returnFocus
      closeOnEscape={false}
    >
      <Booking {...props} />
    </Modal>
  );
}

function Booking({ start, visitsOf, newPatient, takeTypedAhead, onBooked, onClose }: BookingDialogProps) {
  const desk = useDesk();
  const facts = useFacts();
  const status = useSyncStatus();
  const [now] = useState(() => desk.now());

  const [query, setQuery] = useState('');
  const [patientId, setPatientId] = useState<string | null>(start.patientId ?? null);
  const [making, setMaking] = useState(false);
  const [highlighted, setHighlighted] = useState(0);
  const hits = useMemo(() => (query.trim() === '' ? [] : desk.searchPatients(query, 6)), [desk, query]);
  const searchRef = useRef<HTMLInputElement>(null);

  const [place, setPlace] = useState<BookingPlace>(() => firstPlace(facts, start, now, desk.user.doctorId));
  const [wanted, setWanted] = useState<Instant | null>(start.startsAt ?? null);
  const [why, setWhy] = useState(false);
  const [refusal, setRefusal] = useState<{ words: string[]; slots: readonly Slot[] } | null>(null);
  const [busy, setBusy] = useState(false);
  const timesRef = useRef<HTMLDivElement>(null);

  const location = facts.location(place.locationId);
  const doctor = facts.doctor(place.doctorId);
  const type = facts.appointmentType(place.appointmentTypeId);
  const patient = patientId === null ? undefined : facts.get('patient', patientId);
  const zone = location?.timeZone ?? facts.clinic.timeZone;
  const today = localDate(now, zone);

  const rows = useMemo(() => timeRows(facts, place, now, why), [facts, place, now, why]);
  const free = useMemo(() => rows.filter((row) => row.slot !== null), [rows]);
  // The time that was asked for, or the first free one after it.
  const chosen =
    (wanted === null ? free[0] : (free.find((row) => row.startsAt >= wanted) ?? free[free.length - 1]))
      ?.slot ?? null;
  const offers = useMemo(() => {
    const from = wanted ?? (place.date > today ? rows[0]?.startsAt : undefined) ?? now;
    return nextAvailable(facts, place, (from < now ? now : from) as Instant, now);
  }, [facts, place, wanted, rows, now, today]);

  const pick = useCallback(
    (id: string) => {
      setPatientId(id);
      setMaking(false);
      setRefusal(null);
      const usual = visitsOf(id).at(-1)?.appointmentTypeId;
      const fits =
        start.appointmentTypeId === undefined && usual !== undefined && facts.appointmentType(usual)?.active;
      if (
        fits &&
        usual &&
        placesFor(facts, facts.appointmentType(usual) as NonNullable<typeof type>, place.doctorId).includes(
          place.locationId,
        )
      ) {
        setPlace((before) => ({ ...before, appointmentTypeId: usual }));
      }
      requestAnimationFrame(() => timesRef.current?.focus());
    },
    [visitsOf, facts, place, start.appointmentTypeId],
  );

  const take = useCallback(
    (slot: Slot) => {
      const there = facts.location(slot.locationId)?.timeZone ?? zone;
      setPlace((before) => ({
        ...before,
        doctorId: slot.doctorId,
        locationId: slot.locationId,
        date: localDate(slot.startsAt, there),
      }));
      setWanted(slot.startsAt);
      setRefusal(null);
      timesRef.current?.focus();
    },
    [facts, zone],
  );

  const book = useCallback(async () => {
    if (busy) return;
    if (patientId === null) {
      searchRef.current?.focus();
      return;
    }
    if (!chosen) return;
    setBusy(true);
    const appointmentId = desk.newId();
    const result = await desk.perform('appointment.book', {
      appointmentId,
      patientId,
      doctorId: chosen.doctorId,
      locationId: chosen.locationId,
      appointmentTypeId: place.appointmentTypeId,
      startsAt: chosen.startsAt,
      notes: '',
    });
    setBusy(false);
    if (result.kind === 'done') {
      lastTypeId = place.appointmentTypeId;
      onBooked(appointmentId);
      onClose();
      return;
    }
    const names = { patientName: (id: string) => shortNameOf(desk, id) };
    setRefusal({
      words: result.reasons.map((reason) => describeRefusal(reason, names)),
      slots: result.alternatives,
    });
  }, [busy, patientId, chosen, desk, place, onBooked, onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (making) {
        setMaking(false);
        requestAnimationFrame(() => searchRef.current?.focus());
      } else onClose();
      return;
    }
    if (event.key === 'Enter' && hasMod(event)) {
      event.preventDefault();
      void book();
      return;
    }
    // The key's place on the keyboard: with Alt a Mac writes another character.
    const digit = event.altKey && /^Digit[1-4]$/.test(event.code) ? Number(event.code.slice(5)) : 0;
    const offer = offers[digit - 1];
    if (digit > 0 && offer) {
      event.preventDefault();
      take(offer);
    } else if (event.altKey && event.code === 'KeyW') {
      event.preventDefault();
      setWhy((before) => !before);
    } else if (event.altKey && event.code === 'KeyN') {
      event.preventDefault();
      setMaking(true);
    }
  };

  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setHighlighted((before) => Math.min(Math.max(before + step, 0), Math.max(0, hits.length - 1)));
    } else if (event.key === 'Enter' && !hasMod(event)) {
      event.preventDefault();
      const hit = hits[highlighted];
      // A fast second Enter comes before the focus has moved to the times; it means the same.
      if (hit && hit.patient.id === patientId) void book();
      else if (hit) pick(hit.patient.id);
      else if (query.trim()) setMaking(true);
    }
  };

  useLayoutEffect(() => {
    const typed = takeTypedAhead();
    if (start.patientId !== undefined) {
      timesRef.current?.focus();
      return;
    }
    searchRef.current?.focus();
    if (typed !== '') setQuery(typed);
  }, [start.patientId, takeTypedAhead]);

  const typeList = typesFor(facts, place.doctorId);
  const doctorIds = type ? doctorsFor(facts, type) : [];
  const placeIds = type ? placesFor(facts, type, place.doctorId) : [];
  const chosenClock = chosen
    ? inSentence(
        `${relativeDay(localDate(chosen.startsAt, zone), today)} ${localTime(chosen.startsAt, zone).time}`,
      )
    : null;
  const hit = hits[highlighted];

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that hold in the whole dialog
    <div className={classes.dialog} onKeyDown={onKeyDown}>
      <div className={classes.head}>
        <h2>Book a visit</h2>
        <p>
          {doctor && doctorName(doctor)}, {dayTitle(place.date)}
        </p>
        <span className={classes.checked} data-offline={!status.online || undefined}>
          {status.online ? (
            <IconCircleCheck size={14} stroke={1.75} aria-hidden />
          ) : (
            <IconCloudOff size={14} stroke={1.75} aria-hidden />
          )}
          {status.online ? 'Checked against all desks' : 'Checked on this PC only'}
        </span>
        <ActionButton tone="quiet" size="small" keys="Esc" onClick={onClose}>
          Close
        </ActionButton>
      </div>
      <div className={classes.body}>
        <section className={classes.left} aria-label="Patient">
          {making ? (
            <>
              <h3>New patient</h3>
              {newPatient({
                suggestion: query,
                onSaved: pick,
                onUseExisting: pick,
                onCancel: () => {
                  setMaking(false);
                  requestAnimationFrame(() => searchRef.current?.focus());
                },
              })}
            </>
          ) : (
            <>
              <TextInput
                ref={searchRef}
                label="Patient"
                placeholder="Letters of both names, phone or birth date"
                leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
                data-autofocus={start.patientId === undefined || undefined}
                autoComplete="off"
                spellCheck={false}
                value={query}
                role="combobox"
                aria-expanded={hits.length > 0}
                aria-controls="booking-hits"
                aria-activedescendant={hit ? `hit-${hit.patient.id}` : undefined}
                onChange={(event) => {
                  setQuery(event.currentTarget.value);
                  setHighlighted(0);
                  setPatientId(null);
                }}
                onKeyDown={onSearchKey}
              />
              <PatientHits
                hits={hits}
                query={query}
                highlighted={highlighted}
                chosenId={patientId}
                visitsOf={visitsOf}
                now={now}
                onPick={pick}
              />
              <button type="button" className={classes.new} onClick={() => setMaking(true)}>
                <IconUserPlus size={16} stroke={1.75} aria-hidden />
                New patient{query.trim() ? ` “${query.trim()}”` : ''}
                <KeyCap keys="Alt+N" />
              </button>
            </>
          )}
        </section>
        <section className={classes.right} aria-label="Time">
          <div className={classes.selects}>
            <Select
              label="Visit type"
              searchable
              data={typeList.map((each) => ({
                value: each.id,
                label: `${each.name} · ${each.durationMinutes} min`,
              }))}
              value={place.appointmentTypeId}
              leftSection={
                <i className={classes.swatch} data-type-colour={type?.colour ?? 'steel'} aria-hidden />
              }
              onChange={(id) => {
                const next = id ? facts.appointmentType(id) : undefined;
                if (next) setPlace((before) => fitted(facts, { ...before, appointmentTypeId: next.id }));
              }}
            />
            <Select
              label="Doctor"
              searchable
              data={doctorIds.map((id) => ({
                value: id,
                label: doctorName(facts.doctor(id) ?? { title: '', name: '?' }),
              }))}
              value={place.doctorId}
              onChange={(id) => id && setPlace((before) => fitted(facts, { ...before, doctorId: id }))}
            />
            <Select
              label="Place"
              data={placeIds.map((id) => ({ value: id, label: facts.location(id)?.name ?? '?' }))}
              value={place.locationId}
              onChange={(id) => id && setPlace((before) => ({ ...before, locationId: id }))}
            />
          </div>
          <div className={classes.sub}>
            <span>Next available</span>
            <span>chosen doctor first, then earliest</span>
          </div>
          <div className={classes.offers}>
            {offers.map((slot, index) => {
              const there = facts.location(slot.locationId)?.timeZone ?? zone;
              const local = localTime(slot.startsAt, there);
              const whose = facts.doctor(slot.doctorId);
              return (
                <button
                  key={`${slot.doctorId} ${slot.startsAt}`}
                  type="button"
                  className={classes.offer}
                  aria-pressed={chosen?.startsAt === slot.startsAt && chosen.doctorId === slot.doctorId}
                  style={{ '--hue': whose?.hue ?? 180 } as React.CSSProperties}
                  onClick={() => take(slot)}
                >
                  <b>
                    {relativeDay(local.date, today)} {local.time}
                  </b>
                  <span>
                    {whose && lastWord(whose.name)} <KeyCap keys={`Alt+${index + 1}`} />
                  </span>
                </button>
              );
            })}
            {offers.length === 0 && (
              <p className={classes.none}>Nobody has a free time for this in the next 60 days.</p>
            )}
          </div>
          <div className={classes.dayHead}>
            <ActionButton
              tone="quiet"
              size="inline"
              icon={<IconChevronLeft size={16} aria-hidden />}
              aria-label="Day before"
              onClick={() => {
                setPlace((before) => ({ ...before, date: addDays(before.date, -1) }));
                setWanted(null);
              }}
            />
            <span aria-live="polite">
              {dayTitle(place.date)} · {doctor && doctorName(doctor)}
              {zone !== facts.clinic.timeZone && ` · ${zone.split('/').pop()?.replaceAll('_', ' ')} time`}
            </span>
            <ActionButton
              tone="quiet"
              size="inline"
              icon={<IconChevronRight size={16} aria-hidden />}
              aria-label="Day after"
              onClick={() => {
                setPlace((before) => ({ ...before, date: addDays(before.date, 1) }));
                setWanted(null);
              }}
            />
            <label className={classes.why}>
              <input
                type="checkbox"
                checked={why}
                onChange={(event) => setWhy(event.currentTarget.checked)}
              />
              Show why times are taken <KeyCap keys="Alt+W" />
            </label>
          </div>
          <TimeList
            ref={timesRef}
            rows={rows}
            chosen={chosen?.startsAt ?? null}
            onChoose={setWanted}
            onTake={() => void book()}
            empty={emptyWords(facts, place, now)}
          />
        </section>
      </div>
      {refusal && (
        <div className={classes.refusal} role="alert">
          <IconBan size={18} aria-hidden />
          <div>
            <b>Not booked. Nothing was sent.</b>
            {refusal.words.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>
          {refusal.slots.map((slot) => {
            const local = localTime(slot.startsAt, facts.location(slot.locationId)?.timeZone ?? zone);
            const whose = facts.doctor(slot.doctorId);
            return (
              <ActionButton key={`${slot.doctorId} ${slot.startsAt}`} size="small" onClick={() => take(slot)}>
                {relativeDay(local.date, today)} {local.time} {whose && lastWord(whose.name)}
              </ActionButton>
            );
          })}
        </div>
      )}
      <div className={classes.foot}>
        <p aria-live="polite">
          {patient ? (
            <>
              <KeyCap keys="Enter" />{' '}
              {chosenClock ? `book ${shortName(patient)}, ${chosenClock}` : 'choose a time'}
            </>
          ) : hit ? (
            <>
              <KeyCap keys="Enter" /> pick {fullName(hit.patient)} <IconArrowRight size={14} aria-hidden />{' '}
              <KeyCap keys="Enter" /> {chosenClock ? `book ${chosenClock}` : 'choose a time'}
            </>
          ) : query.trim() ? (
            <>
              <KeyCap keys="Enter" /> make a record for “{query.trim()}”
            </>
          ) : (
            'Type letters of the patient’s names'
          )}
        </p>
        <ActionButton
          tone="primary"
          keys="Mod+Enter"
          disabled={!patient || !chosen || busy}
          onClick={() => void book()}
        >
          {chosenClock ? `Book ${chosenClock}` : 'Book'}
        </ActionButton>
      </div>
    </div>
  );
}

function shortNameOf(desk: ReturnType<typeof useDesk>, id: string): string | undefined {
  const patient = desk.facts.get('patient', id);
  return patient ? shortName(patient) : undefined;
}

/** A place where the type is offered by the doctor; by another where this one does not. */
function fitted(facts: ReturnType<typeof useFacts>, place: BookingPlace): BookingPlace {
  const type = facts.appointmentType(place.appointmentTypeId);
  if (!type) return place;
  const here = placesFor(facts, type, place.doctorId);
  if (here.includes(place.locationId)) return place;
  if (here[0] !== undefined) return { ...place, locationId: here[0] };
  const doctors = doctorsFor(facts, type);
  const near = doctors.find((id) => placesFor(facts, type, id).includes(place.locationId)) ?? doctors[0];
  if (near === undefined) return place;
  const there = placesFor(facts, type, near);
  return {
    ...place,
    doctorId: near,
    locationId: there.includes(place.locationId) ? place.locationId : (there[0] ?? place.locationId),
  };
}

/** Defaults: the focused cell, the type last booked, the first doctor with a free time. */
function firstPlace(
  facts: ReturnType<typeof useFacts>,
  start: BookingDialogProps['start'],
  now: Instant,
  ownDoctorId: string | null,
): BookingPlace {
  const doctors = [...facts.doctors()].filter((each) => each.active);
  const locationOf = (id: string) => facts.doctor(id)?.places[0]?.locationId ?? '';
  const wantedDoctor = start.doctorId ?? ownDoctorId ?? undefined;
  const types = typesFor(facts, wantedDoctor).filter((each) => each.capacity === 1);
  const offered = (id: string | null | undefined) =>
    id !== null &&
    id !== undefined &&
    types.some(
      (each) =>
        each.id === id && (wantedDoctor === undefined || placesFor(facts, each, wantedDoctor).length > 0),
    )
      ? id
      : undefined;
  const possible = types.find((each) => offered(each.id) !== undefined);
  const appointmentTypeId =
    start.appointmentTypeId ??
    offered(lastTypeId) ??
    offered(usualTypeId(facts, wantedDoctor, now)) ??
    possible?.id ??
    types[0]?.id ??
    '';
  const zone = facts.clinic.timeZone;
  const date = start.date ?? localDate(now, zone);
  if (wantedDoctor !== undefined) {
    return fitted(facts, {
      doctorId: wantedDoctor,
      locationId: start.locationId ?? locationOf(wantedDoctor),
      appointmentTypeId,
      date,
    });
  }
  const type = facts.appointmentType(appointmentTypeId);
  for (const id of type ? doctorsFor(facts, type) : []) {
    for (const locationId of type ? placesFor(facts, type, id) : []) {
      const place = { doctorId: id, locationId, appointmentTypeId, date };
      if (freeSlots(facts, place, now).length > 0) return place;
    }
  }
  const first = doctors[0]?.id ?? '';
  return fitted(facts, { doctorId: first, locationId: locationOf(first), appointmentTypeId, date });
}

function emptyWords(facts: ReturnType<typeof useFacts>, place: BookingPlace, now: Instant): string {
  const doctor = facts.doctor(place.doctorId);
  const who = doctor ? doctorName(doctor) : 'This doctor';
  const zone = facts.location(place.locationId)?.timeZone ?? facts.clinic.timeZone;
  if (place.date < localDate(now, zone)) return `${shortDay(place.date)} has passed.`;
  return `${who} has no free time left on ${shortDay(place.date)}. Take one of the next available, or look at another day.`;
}
