/** Small things that several pages show of a visit. */
import { calendarFile } from '@medic/shared/time/calendar-file';
import type { Instant } from '@medic/shared/time/instant';
import type { ReactNode } from 'react';
import { useHydrated } from '../navigation';
import { localTime } from '../time';
import { Icon, type IconName } from '../ui/icon';
import { VisitDate } from '../ui/visit-date';
import { address, visitorTime, whenOf } from '../visit';
import { words } from '../words';
import css from './portal.module.css';
import type { Offer, VisitSummary } from './session';
import { portalWords } from './words';

type Timed = Pick<VisitSummary, 'startsAt' | 'endsAt' | 'timeZone'>;

/** `Tue 2 Dec, 10:20`, by the clock of the place. */
export function shortWhen(visit: Timed): string {
  const when = whenOf(visit);
  return portalWords.when(when.date, when.time);
}

/** Any moment, such as a deadline, in the same words. */
export function momentOf(at: number, timeZone: VisitSummary['timeZone']): string {
  const { date, time } = localTime(at, timeZone);
  return portalWords.when(date, time);
}

export function minutesOf({ startsAt, endsAt }: Timed): string {
  return words.frame.minutes(Math.round((endsAt - startsAt) / 60_000));
}

const looks: Partial<Record<VisitSummary['status'], { look: string | undefined; icon: IconName }>> = {
  proposed: { look: css.asking, icon: 'hourglass' },
  pending: { look: css.asking, icon: 'hourglass' },
  booked: { look: css.good, icon: 'check' },
  arrived: { look: css.good, icon: 'check' },
  'checked-in': { look: css.good, icon: 'check' },
};

export function StatusBadge({ visit }: { visit: Pick<VisitSummary, 'status' | 'confirmedAt'> }) {
  const { look, icon } = looks[visit.status] ?? { look: css.over, icon: null };
  const confirmed = visit.status === 'booked' && visit.confirmedAt !== null;
  return (
    <span className={`${css.badge} ${look}`}>
      {icon && <Icon name={icon} size={16} />}
      {portalWords.status[confirmed ? 'confirmed' : visit.status]}
    </span>
  );
}

/** Which zone the time is of, and the visitor's own where that differs. */
export function ZoneLine({ visit }: { visit: Timed }) {
  const hydrated = useHydrated();
  const when = whenOf(visit);
  const own = hydrated ? visitorTime(visit.startsAt, visit.timeZone) : null;
  return (
    <p className={css.muted}>
      {words.frame.clinicTime(when.city)} {own && words.frame.forYou(own)}
    </p>
  );
}

/** A visit in a few lines: the date as a leaf, then when, what, with whom and where. */
export function VisitLines({ visit, children }: { visit: VisitSummary | Offer; children?: ReactNode }) {
  const when = whenOf(visit);
  return (
    <div className={css.visit}>
      <VisitDate date={when.date} />
      <div>
        <p className={css.when}>
          <strong>{shortWhen(visit)}</strong>
        </p>
        <p>
          {visit.appointmentTypeName}, {minutesOf(visit)}
        </p>
        <p>{visit.doctorName}</p>
        <p>{[visit.locationName, address(visit)].filter(Boolean).join(', ')}</p>
        <ZoneLine visit={visit} />
        {children}
      </div>
    </div>
  );
}

export function Fact({ icon, name, children }: { icon: IconName; name: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <Icon name={icon} />
      <div>
        <h2>{name}</h2>
        {children}
      </div>
    </div>
  );
}

export function calendarText(clinicName: string, visit: VisitSummary, now: number): string {
  return calendarFile(
    [
      {
        id: visit.id,
        sequence: visit.sequence,
        startsAt: visit.startsAt,
        endsAt: visit.endsAt,
        title: words.booked.eventTitle(clinicName),
        place: [visit.locationName, address(visit)].filter(Boolean).join(', '),
        status:
          visit.status === 'booked' ? 'confirmed' : visit.status === 'cancelled' ? 'cancelled' : 'tentative',
      },
    ],
    now as Instant,
  );
}

/** Hands the browser a file to keep. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; freeing it at once would stop it in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
