import { localDate, localTime } from '@medic/shared/time/zone';
import { IconArrowRight } from '@tabler/icons-react';
import type { PatientHit } from '../../replica/desk';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { inSentence, relativeDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { fullName, shortName } from '../../ui/person-name';
import classes from './booking-dialog.module.css';
import { unsettled } from './series-preview';
import type { Booking } from './use-booking';

const verbs = { none: 'book', doctor: 'ask for', patient: 'suggest' } as const;

/** Says what Enter does next. */
export function BookingFoot({
  booking,
  hit,
  query,
}: {
  booking: Booking;
  hit: PatientHit | undefined;
  query: string;
}) {
  const facts = useFacts();
  const { chosen, zone, now, mode, repeat } = booking;
  const patient = booking.patientId === null ? undefined : facts.get('patient', booking.patientId);
  const clock = chosen
    ? inSentence(
        `${relativeDay(localDate(chosen.startsAt, zone), localDate(now, zone))} ${localTime(chosen.startsAt, zone).time}`,
      )
    : null;
  const verb = chosen?.take === 'overbook' ? 'overbook' : verbs[booking.answer];
  const count = repeat ? repeat.times.filter((time) => !repeat.skip.has(time.startsAt)).length : 0;
  const stuck =
    mode === 'repeat' && (!repeat || count === 0 || unsettled(repeat.times, repeat.skip).length > 0);
  return (
    <div className={classes.foot}>
      <p aria-live="polite">
        {mode === 'waitlist' ? (
          <>
            <KeyCap keys="Mod+Enter" />{' '}
            {patient ? `${shortName(patient)} waits for this` : 'choose the patient first'}
          </>
        ) : patient && mode === 'repeat' ? (
          <>
            <KeyCap keys="Mod+Enter" />{' '}
            {stuck
              ? 'leave out what can’t be booked first'
              : `book ${count} visits for ${shortName(patient)}`}
          </>
        ) : patient ? (
          <>
            <KeyCap keys="Enter" /> {clock ? `${verb} ${shortName(patient)}, ${clock}` : 'choose a time'}
          </>
        ) : hit ? (
          <>
            <KeyCap keys="Enter" /> pick {fullName(hit.patient)} <IconArrowRight size={14} aria-hidden />{' '}
            <KeyCap keys="Enter" /> {clock ? `${verb} ${clock}` : 'choose a time'}
          </>
        ) : query.trim() ? (
          <>
            <KeyCap keys="Enter" /> make a record for “{query.trim()}”
          </>
        ) : (
          'Type letters of the patient’s names'
        )}
      </p>
      {mode === 'times' ? (
        <ActionButton keys="Alt+L" onClick={() => booking.setMode('waitlist')}>
          Add to waitlist
        </ActionButton>
      ) : (
        mode !== 'waitlist' && (
          <ActionButton keys="Esc" onClick={() => booking.setMode('times')}>
            Back to the times
          </ActionButton>
        )
      )}
      {mode !== 'waitlist' && mode !== 'overbook' && (
        <ActionButton
          tone="primary"
          keys="Mod+Enter"
          disabled={!patient || !chosen || booking.busy || stuck}
          onClick={() => void booking.book()}
        >
          {mode === 'repeat' ? `Book ${count} visits` : clock ? `${capital(verb)} ${clock}` : 'Book'}
        </ActionButton>
      )}
    </div>
  );
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
