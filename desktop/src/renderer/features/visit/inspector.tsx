/** The visit that is selected: who, when, where it stands, what was done to it. Follows the selection. */

import { movableStatuses } from '@medic/shared/acts/status-table';
import type { Appointment } from '@medic/shared/model/appointment';
import { groupKey, holdsSlot } from '@medic/shared/model/appointment';
import type { Patient } from '@medic/shared/model/patient';
import { localDate, localTime } from '@medic/shared/time/zone';
import {
  IconArrowBackUp,
  IconCheck,
  IconCircleCheck,
  IconCloudOff,
  IconCopy,
  IconDoorEnter,
  IconLanguage,
  IconMail,
  IconMailOff,
  IconMessage2,
  IconMessage2Off,
  IconPhone,
  IconUserCheck,
} from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useDesk, useFacts, useTentative } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import { languageName, phoneWords } from '../../ui/contact-words';
import { ageOn, fullDate, shortDay } from '../../ui/date-words';
import { Initials } from '../../ui/initials';
import { KeyCap } from '../../ui/key-cap';
import { fullName } from '../../ui/person-name';
import { useMinute } from '../../ui/use-minute';
import classes from './inspector.module.css';
import { type EventWords, timelineWords } from './timeline-words';

export interface InspectorActions {
  arrive: (id: string) => void;
  start: (id: string) => void;
  complete: (id: string) => void;
  noshow: (id: string) => void;
  undoStatus: (id: string) => void;
}

interface InspectorProps {
  selectedKey: string;
  actions: InspectorActions;
  onClose: () => void;
  onCancel: (appointmentId: string) => void;
  onOpenPatient: (patientId: string) => void;
}

export function Inspector({ selectedKey, actions, onClose, onCancel, onOpenPatient }: InspectorProps) {
  const facts = useFacts();
  const visits = useMemo(() => visitsOf(facts, selectedKey), [facts, selectedKey]);
  const first = visits[0];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
    document.querySelector<HTMLElement>('[data-agenda-grid] [role="gridcell"]')?.focus();
  };
  return (
    <aside className={classes.inspector} aria-label="Visit" onKeyDown={onKeyDown}>
      <div className={classes.head}>
        <b>{visits.length > 1 ? 'Group' : 'Visit'}</b>
        <button type="button" className={classes.close} onClick={onClose} aria-label="Close">
          <KeyCap keys="Esc" />
        </button>
      </div>
      {!first && <p className={classes.gone}>This visit is no longer on this desk.</p>}
      {visits.length > 1 && (
        <GroupSeats visits={visits} actions={actions} onCancel={onCancel} onOpenPatient={onOpenPatient} />
      )}
      {first && visits.length === 1 && (
        <OneVisit visit={first} actions={actions} onCancel={onCancel} onOpenPatient={onOpenPatient} />
      )}
    </aside>
  );
}

function visitsOf(facts: ReturnType<typeof useFacts>, key: string): Appointment[] {
  const one = facts.get('appointment', key);
  if (one) return [one];
  const [doctorId, , , startsAt] = key.split('|');
  if (!doctorId || !startsAt) return [];
  const at = Number(startsAt) as Appointment['startsAt'];
  return facts
    .appointmentsOfDoctor(doctorId, at, (at + 60_000) as Appointment['startsAt'])
    .filter((visit) => groupKey(visit) === key && (holdsSlot(visit.status) || visit.status === 'noshow'))
    .sort((a, b) => a.seat - b.seat);
}

type PartProps = Pick<InspectorProps, 'actions' | 'onCancel' | 'onOpenPatient'>;

function OneVisit({ visit, actions, onCancel, onOpenPatient }: PartProps & { visit: Appointment }) {
  const facts = useFacts();
  const tentative = useTentative().has(visit.id);
  const patient = facts.get('patient', visit.patientId);
  return (
    <>
      <Person patient={patient} onOpen={() => onOpenPatient(visit.patientId)} />
      <VisitFacts visit={visit} />
      {tentative && (
        <p className={classes.tentative}>
          <IconCloudOff size={16} stroke={1.75} aria-hidden /> Not sent yet. Saved on this PC.
        </p>
      )}
      <StatusStrip visit={visit} actions={actions} />
      <div className={classes.acts}>
        <ActionButton
          size="small"
          keys="M"
          disabled={!movableStatuses.includes(visit.status)}
          onClick={() => pressOnGrid('m')}
        >
          Move
        </ActionButton>
        <ActionButton
          size="small"
          keys="X"
          disabled={visit.status !== 'booked' && visit.status !== 'arrived'}
          onClick={() => actions.noshow(visit.id)}
        >
          No-show
        </ActionButton>
        <ActionButton
          size="small"
          tone="danger"
          keys="Backspace"
          disabled={!isCancellable(visit)}
          onClick={() => onCancel(visit.id)}
        >
          Cancel
        </ActionButton>
      </div>
      {visit.status === 'cancelled' && (
        <div className={classes.section}>
          <h3>Cancelled</h3>
          <p>{visit.cancelReason}</p>
          <ActionButton
            size="small"
            icon={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => actions.undoStatus(visit.id)}
          >
            Book again at this time
          </ActionButton>
        </div>
      )}
      {(visit.notes || patient?.notes) && (
        <div className={classes.section}>
          <h3>Notes</h3>
          {visit.notes && <p className={classes.notes}>{visit.notes}</p>}
          {patient?.notes && <p className={classes.notes}>{patient.notes}</p>}
        </div>
      )}
      <Timeline visit={visit} />
    </>
  );
}

/** The grid deals with moves; the focus goes there with the key. */
function pressOnGrid(key: string): void {
  const cell = document.querySelector<HTMLElement>('[data-agenda-grid] [role="gridcell"]');
  if (!cell) {
    announce('Pull the card to move it');
    return;
  }
  cell.focus();
  cell.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}

function isCancellable(visit: Appointment): boolean {
  return ['proposed', 'pending', 'booked', 'arrived', 'checked-in'].includes(visit.status);
}

function Person({ patient, onOpen }: { patient: Patient | undefined; onOpen: () => void }) {
  const desk = useDesk();
  const facts = useFacts();
  if (!patient) return <p className={classes.gone}>The patient’s record is on its way.</p>;
  const today = localDate(desk.now(), facts.clinic.timeZone);
  return (
    <div className={classes.person}>
      <Initials name={fullName(patient)} size={40} />
      <div className={classes.who}>
        <h2>{fullName(patient)}</h2>
        <p>
          {patient.birthDate
            ? `${fullDate(patient.birthDate)} · ${ageOn(patient.birthDate, today)}`
            : 'No birth date'}
        </p>
      </div>
      <ActionButton size="small" keys="O" onClick={onOpen}>
        Open
      </ActionButton>
      <ul className={classes.contact}>
        <li>
          <IconPhone size={15} stroke={1.75} aria-hidden />
          {patient.phone ? (
            <Copyable text={phoneWords(patient.phone)} what="phone number" />
          ) : (
            <span>No phone</span>
          )}
        </li>
        <li>
          <IconMail size={15} stroke={1.75} aria-hidden />
          {patient.email ? <Copyable text={patient.email} what="e-mail address" /> : <span>No e-mail</span>}
        </li>
      </ul>
      <ul className={classes.badges}>
        <li>
          <IconLanguage size={13} stroke={1.75} aria-hidden /> {languageName(patient.language)}
        </li>
        <li data-on={patient.consentSms || undefined}>
          {patient.consentSms ? (
            <IconMessage2 size={13} stroke={1.75} aria-hidden />
          ) : (
            <IconMessage2Off size={13} stroke={1.75} aria-hidden />
          )}{' '}
          SMS {patient.consentSms ? 'yes' : 'no'}
        </li>
        <li data-on={patient.consentEmail || undefined}>
          {patient.consentEmail ? (
            <IconMail size={13} stroke={1.75} aria-hidden />
          ) : (
            <IconMailOff size={13} stroke={1.75} aria-hidden />
          )}{' '}
          E-mail {patient.consentEmail ? 'yes' : 'no'}
        </li>
      </ul>
    </div>
  );
}

function Copyable({ text, what }: { text: string; what: string }) {
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => announce(`Copied the ${what}`),
      () => announce('This browser does not let Medic copy', { tone: 'refused' }),
    );
  };
  return (
    <>
      <span>{text}</span>
      <button type="button" className={classes.copy} onClick={copy} aria-label={`Copy the ${what}`}>
        <IconCopy size={15} stroke={1.75} aria-hidden />
      </button>
    </>
  );
}

function VisitFacts({ visit }: { visit: Appointment }) {
  const facts = useFacts();
  const type = facts.appointmentType(visit.appointmentTypeId);
  const doctor = facts.doctor(visit.doctorId);
  const location = facts.location(visit.locationId);
  const zone = location?.timeZone ?? facts.clinic.timeZone;
  const room = location?.rooms.find((each) => each.id === visit.roomId)?.name;
  const starts = localTime(visit.startsAt, zone);
  return (
    <div className={classes.facts} data-type-colour={type?.colour ?? 'steel'}>
      <b>
        {type?.name ?? 'Visit'} · {Math.round((visit.endsAt - visit.startsAt) / 60_000)} min
      </b>
      <p>
        {shortDay(starts.date)}, {starts.time}–{localTime(visit.endsAt, zone).time}
        {zone !== facts.clinic.timeZone && ` ${zone.split('/').pop()?.replaceAll('_', ' ')} time`}
      </p>
      <p>
        {[doctor && `${doctor.title} ${doctor.name}`.trim(), room, location?.name]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}

function StatusStrip({ visit, actions }: { visit: Appointment; actions: InspectorActions }) {
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

function GroupSeats({
  visits,
  actions,
  onCancel,
  onOpenPatient,
}: PartProps & { visits: readonly Appointment[] }) {
  const facts = useFacts();
  const first = visits[0];
  if (!first) return null;
  return (
    <>
      <VisitFacts visit={first} />
      <div className={classes.section}>
        <h3>
          {visits.filter((visit) => visit.status !== 'noshow').length} of {first.capacity} seats
        </h3>
        <ul className={classes.seats}>
          {visits.map((visit) => {
            const patient = facts.get('patient', visit.patientId);
            return (
              <li key={visit.id}>
                <button
                  type="button"
                  className={classes.seatName}
                  onClick={() => onOpenPatient(visit.patientId)}
                >
                  {patient ? fullName(patient) : 'Loading…'}
                </button>
                <span>{seatWords[visit.status] ?? ''}</span>
                {visit.status === 'booked' && (
                  <ActionButton size="inline" onClick={() => actions.arrive(visit.id)}>
                    Arrived
                  </ActionButton>
                )}
                {(visit.status === 'arrived' || visit.status === 'checked-in') && (
                  <ActionButton size="inline" onClick={() => actions.complete(visit.id)}>
                    Done
                  </ActionButton>
                )}
                {isCancellable(visit) && (
                  <ActionButton
                    size="inline"
                    tone="danger"
                    onClick={() => onCancel(visit.id)}
                    aria-label={`Cancel ${patient ? fullName(patient) : 'this seat'}`}
                  >
                    Cancel
                  </ActionButton>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}

const seatWords: Partial<Record<Appointment['status'], string>> = {
  pending: 'to answer',
  arrived: 'arrived',
  'checked-in': 'in',
  fulfilled: 'done',
  noshow: 'did not come',
};

function Timeline({ visit }: { visit: Appointment }) {
  const facts = useFacts();
  const words = useMemo<EventWords[]>(() => timelineWords(visit, facts), [visit, facts]);
  if (words.length === 0) return null;
  return (
    <div className={classes.section}>
      <h3>Timeline</h3>
      <ol className={classes.timeline}>
        {words.map((each) => (
          <li key={each.id}>
            <p>
              <b>{each.what}</b> · {each.when}
            </p>
            <p>{each.by}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
