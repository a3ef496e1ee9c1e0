import type { Appointment } from '@medic/shared/model/appointment';
import { localTime } from '@medic/shared/time/zone';
import {
  IconArrowBackUp,
  IconCheck,
  IconCircleCheck,
  IconDoorEnter,
  IconUserCheck,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { shortDay } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { useMinute } from '../../ui/use-minute';
import classes from './inspector.module.css';
import type { VisitActs } from './visit-acts';

/** The steps of the visit's day, each with when it was reached or the key that takes it there. */
export function StatusStrip({
  visit,
  actions,
}: {
  visit: Appointment;
  actions: Pick<VisitActs, 'arrive' | 'start' | 'complete' | 'undoStatus'>;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const now = useMemo(() => () => desk.now(), [desk]);
  const minute = useMinute(now);
  const zone = facts.location(visit.locationId)?.timeZone ?? facts.clinic.timeZone;
  const order = ['booked', 'arrived', 'checked-in', 'fulfilled'] as const;
  const reached = order.indexOf(visit.status as (typeof order)[number]);
  const waiting =
    visit.status === 'arrived'
      ? Math.max(0, Math.floor((minute + 59_999 - visit.statusChangedAt) / 60_000))
      : null;
  const steps = [
    {
      status: 'booked',
      word: 'Booked',
      icon: <IconCheck size={16} stroke={1.75} aria-hidden />,
      keys: '',
      act: null,
    },
    {
      status: 'arrived',
      word: 'Arrived',
      icon: <IconUserCheck size={16} stroke={1.75} aria-hidden />,
      keys: 'A',
      act: actions.arrive,
    },
    {
      status: 'checked-in',
      word: 'In room',
      icon: <IconDoorEnter size={16} stroke={1.75} aria-hidden />,
      keys: 'R',
      act: actions.start,
    },
    {
      status: 'fulfilled',
      word: 'Done',
      icon: <IconCircleCheck size={16} stroke={1.75} aria-hidden />,
      keys: 'F',
      act: actions.complete,
    },
  ] as const;
  const at = (status: string) => visit.events.findLast((event) => event.toStatus === status)?.occurredAt;
  return (
    <div className={classes.status}>
      <div className={classes.statusHead}>
        <h3>Status</h3>
        {waiting !== null && (
          <span className={classes.waiting} data-long={waiting > 15 || undefined}>
            waiting {waiting} min
          </span>
        )}
        {visit.status === 'pending' && <span className={classes.toAnswer}>to answer</span>}
        {visit.status === 'noshow' && <span className={classes.toAnswer}>did not come</span>}
        {visit.status === 'proposed' && <span className={classes.toAnswer}>suggested, not held</span>}
        {visit.status === 'entered-in-error' && <span className={classes.toAnswer}>entered in error</span>}
        {visit.status === 'cancelled' && <span className={classes.toAnswer}>cancelled</span>}
      </div>
      <div className={classes.strip}>
        {steps.map((step, index) => {
          const when = at(step.status);
          const possible =
            step.act !== null &&
            (reached < index || visit.status === 'noshow') &&
            canStep(visit, step.status);
          return (
            <div key={step.status} className={classes.step}>
              <button
                type="button"
                data-state={reached === index ? 'now' : reached > index ? 'passed' : 'ahead'}
                aria-current={reached === index ? 'step' : undefined}
                disabled={!possible}
                onClick={() => step.act?.(visit.id)}
              >
                {step.icon}
                {step.word}
              </button>
              <small>
                {when !== undefined && reached >= index ? (
                  stampWords(when, zone, minute)
                ) : possible ? (
                  <KeyCap keys={step.keys} />
                ) : (
                  ''
                )}
              </small>
            </div>
          );
        })}
      </div>
      {(reached > 0 || visit.status === 'noshow') && (
        <button type="button" className={classes.takeBack} onClick={() => actions.undoStatus(visit.id)}>
          <IconArrowBackUp size={14} stroke={1.75} aria-hidden /> Take the last change back
        </button>
      )}
    </div>
  );
}

function canStep(visit: Appointment, to: string): boolean {
  if (to === 'arrived') return visit.status === 'booked' || visit.status === 'noshow';
  if (to === 'checked-in') return visit.status === 'booked' || visit.status === 'arrived';
  return visit.status === 'arrived' || visit.status === 'checked-in';
}

function stampWords(at: Appointment['startsAt'], zone: Parameters<typeof localTime>[1], now: number): string {
  const local = localTime(at, zone);
  const today = localTime(now as Appointment['startsAt'], zone).date;
  return local.date === today ? local.time : shortDay(local.date).slice(4);
}
