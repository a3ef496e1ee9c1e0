import { localTime } from '../time';
import css from './portal.module.css';
import type { TimelineEntry, VisitSummary } from './session';
import { portalWords } from './words';

interface TimelineProps {
  /** Newest first. */
  entries: readonly TimelineEntry[];
  visit: VisitSummary;
}

/** What happened to a visit, in plain words; when it happened by the clock of the place. */
export function Timeline({ entries, visit }: TimelineProps) {
  return (
    <ol className={`card ${css.timeline}`}>
      {entries.map((entry) => {
        const { date, time } = localTime(entry.at, visit.timeZone);
        return (
          <li key={entry.id}>
            <p>
              <strong>{sentenceOf(entry)}</strong>
            </p>
            <p className={css.muted}>{portalWords.when(date, time)}</p>
            {entry.reason && <p className={css.muted}>{portalWords.timeline.reason(entry.reason)}</p>}
          </li>
        );
      })}
    </ol>
  );
}

/** `The clinic moved it from Tue 2 Dec, 10:00 to Tue 2 Dec, 10:20`; doctor and place only where they changed too. */
export function sentenceOf(entry: TimelineEntry): string {
  const said = portalWords.timeline[entry.by][entry.what];
  const { from, to } = entry;
  if (!from || !to) return said;
  const differing = (['doctorName', 'locationName', 'appointmentTypeName'] as const).filter(
    (field) => from[field] !== to[field],
  );
  const sameTime = from.startsAt === to.startsAt;
  const standing = (place: NonNullable<typeof from>) => {
    const { date, time } = localTime(place.startsAt, place.timeZone);
    return [
      ...(sameTime ? [] : [portalWords.when(date, time)]),
      ...differing.map((field) => place[field]),
    ].join(', ');
  };
  return portalWords.timeline.fromTo(said, standing(from), standing(to));
}
