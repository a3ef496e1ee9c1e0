/**
 * A visit in one screen: the patient left, the times right, everything filled in that can be. Letters, Enter, Enter:
 * the footer says what Enter does next.
 */

import { Modal } from '@mantine/core';
import type { Appointment } from '@medic/shared/model/appointment';
import type { PlainDate } from '@medic/shared/time/instant';
import { IconCircleCheck, IconCloudOff } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useFacts, useSyncStatus } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { dayTitle } from '../../ui/date-words';
import { hasMod } from '../../ui/key-cap';
import { doctorName } from '../../ui/person-name';
import classes from './booking-dialog.module.css';
import { BookingFoot } from './booking-foot';
import type { BookingStart } from './first-place';
import { ObstacleBand, OverbookBand } from './obstacle-band';
import { type NewPatientProps, PatientSide } from './patient-side';
import { PlaceSelects } from './place-selects';
import { RepeatPanel } from './repeat-panel';
import { unsettled } from './series-preview';
import { TimeSide } from './time-side';
import { type Booked, type Booking, type BookVisit, useBooking } from './use-booking';

/** What the waitlist is asked with: whatever was chosen when there was no time. */
export interface WaitlistFormProps {
  patientId: string | null;
  appointmentTypeId: string;
  doctorId: string;
  locationId: string;
  date: PlainDate;
  onSaved: () => void;
  onCancel: () => void;
}

export interface BookingDialogProps {
  start: BookingStart;
  /** Opened to put somebody on the waitlist: the way back is out. */
  toWaitlist?: boolean;
  /** How a visit is booked where it is for somebody who waits. */
  book?: BookVisit;
  /** The visits of a patient, for what is said beside the name. */
  visitsOf: (patientId: string) => readonly Appointment[];
  newPatient: (props: NewPatientProps) => ReactNode;
  waitlistForm: (props: WaitlistFormProps) => ReactNode;
  /** What was typed before the field was there. */
  takeTypedAhead: () => string;
  onBooked: (booked: Booked) => void;
  onClose: () => void;
}

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
      <BookingForm {...props} />
    </Modal>
  );
}

function BookingForm({
  start,
  toWaitlist = false,
  book,
  visitsOf,
  newPatient,
  waitlistForm,
  takeTypedAhead,
  onBooked,
  onClose,
}: BookingDialogProps) {
  const desk = useDesk();
  const [query, setQuery] = useState('');
  const [highlighted, setHighlighted] = useState(0);
  const [making, putMaking] = useState(false);
  const hits = useMemo(() => (query.trim() === '' ? [] : desk.searchPatients(query, 6)), [desk, query]);
  const searchRef = useRef<HTMLInputElement>(null);
  const booking = useBooking({
    start,
    toWaitlist,
    bookVisit: book,
    visitsOf,
    onNoPatient: () => searchRef.current?.focus(),
    onDone: (booked) => {
      onBooked(booked);
      onClose();
    },
  });
  const setMaking = (next: boolean) => {
    putMaking(next);
    // Drawn by then, and before the next key: a frame later, one of a quick hand would be lost.
    if (!next) queueMicrotask(() => searchRef.current?.focus());
  };

  useLayoutEffect(() => {
    const typed = takeTypedAhead();
    if (start.patientId !== undefined) {
      booking.timesRef.current?.focus();
      return;
    }
    searchRef.current?.focus();
    if (typed !== '') setQuery(typed);
  }, [start.patientId, takeTypedAhead, booking.timesRef]);

  const onEscape = () => {
    if (making) setMaking(false);
    else if (toWaitlist && booking.mode === 'waitlist') onClose();
    else if (booking.mode !== 'times') booking.setMode('times');
    else if (booking.obstacle) {
      booking.dropObstacle();
      booking.timesRef.current?.focus();
    } else onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // A list of choices that is open takes its own Escape.
      if (event.target instanceof HTMLElement && event.target.dataset.expanded !== undefined) return;
      event.preventDefault();
      event.stopPropagation();
      onEscape();
    } else if (event.key === 'Enter' && hasMod(event) && !event.repeat) {
      if (booking.mode === 'waitlist' || booking.mode === 'overbook' || making) return;
      event.preventDefault();
      void booking.book(booking.obstacle?.kind === 'warning' ? booking.obstacle.overrides : []);
    } else if (event.altKey && onAltKey(event.code, booking, () => putMaking(true))) event.preventDefault();
  };

  const { mode, place } = booking;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that hold in the whole dialog
    <div className={classes.dialog} onKeyDown={onKeyDown}>
      <BookingHead booking={booking} onClose={onClose} />
      <div className={classes.body}>
        <PatientSide
          booking={booking}
          hits={hits}
          highlighted={highlighted}
          onHighlight={setHighlighted}
          query={query}
          onQuery={setQuery}
          making={making}
          onMaking={setMaking}
          visitsOf={visitsOf}
          newPatient={newPatient}
          searchRef={searchRef}
          autoFocus={start.patientId === undefined}
        />
        <section className={classes.right} aria-label={mode === 'waitlist' ? 'Waitlist' : 'Time'}>
          {mode === 'waitlist' ? (
            waitlistForm({
              patientId: booking.patientId,
              appointmentTypeId: place.appointmentTypeId,
              doctorId: place.doctorId,
              locationId: place.locationId,
              date: place.date,
              onSaved: onClose,
              onCancel: () => (toWaitlist ? onClose() : booking.setMode('times')),
            })
          ) : (
            <>
              <PlaceSelects booking={booking} />
              {mode === 'repeat' ? <RepeatPanel booking={booking} /> : <TimeSide booking={booking} />}
            </>
          )}
        </section>
      </div>
      {mode === 'overbook' ? <OverbookBand booking={booking} /> : <ObstacleBand booking={booking} />}
      <BookingFoot booking={booking} hit={hits[highlighted]} query={query} />
    </div>
  );
}

function BookingHead({ booking, onClose }: { booking: Booking; onClose: () => void }) {
  const facts = useFacts();
  const { online } = useSyncStatus();
  const doctor = facts.doctor(booking.place.doctorId);
  return (
    <div className={classes.head}>
      <h2>Book a visit</h2>
      <p>
        {doctor && doctorName(doctor)}, {dayTitle(booking.place.date)}
      </p>
      <span className={classes.checked} data-offline={!online || undefined}>
        {online ? (
          <IconCircleCheck size={14} stroke={1.75} aria-hidden />
        ) : (
          <IconCloudOff size={14} stroke={1.75} aria-hidden />
        )}
        {online ? 'Checked against all desks' : 'Checked on this PC only'}
      </span>
      <ActionButton tone="quiet" size="small" keys="Esc" onClick={onClose}>
        Close
      </ActionButton>
    </div>
  );
}

/** By the key's place on the keyboard: with Alt a Mac writes another character. */
function onAltKey(code: string, booking: Booking, makePatient: () => void): boolean {
  const digit = /^Digit[1-4]$/.test(code) ? Number(code.slice(5)) : 0;
  const offer = booking.mode === 'times' ? booking.offers[digit - 1] : undefined;
  if (digit > 0 && offer) booking.take(offer);
  else if (code === 'KeyN') makePatient();
  else if (code === 'KeyL') booking.setMode(booking.mode === 'waitlist' ? 'times' : 'waitlist');
  else if (code === 'KeyW' && booking.mode === 'times') booking.setWhy(!booking.why);
  else if (code === 'KeyA' && booking.mode === 'times')
    booking.setAnswer(booking.answer === 'doctor' ? 'none' : 'doctor');
  else if (code === 'KeyS' && booking.mode === 'times')
    booking.setAnswer(booking.answer === 'patient' ? 'none' : 'patient');
  else if (code === 'KeyR' && booking.mode !== 'waitlist') {
    if (booking.mode === 'repeat') booking.setMode('times');
    else booking.startRepeat();
  } else if (code === 'KeyX' && booking.repeat)
    booking.skipTimes(
      unsettled(booking.repeat.times, booking.repeat.skip).map((time) => time.startsAt),
      true,
    );
  else return false;
  return true;
}
