import { localDate, localTime } from '@medic/shared/time/zone';
import { IconCircleCheck } from '@tabler/icons-react';
import { useFacts } from '../../replica/hooks';
import { shortDay } from '../../ui/date-words';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';

export function DoneList({ entries, title }: { entries: readonly AttentionEntry[]; title?: string }) {
  const facts = useFacts();
  const zone = facts.clinic.timeZone;
  if (entries.length === 0) return <p className={classes.none}>Nothing was settled yet.</p>;
  return (
    <section className={classes.done}>
      {title && <h3>{title}</h3>}
      <ul>
        {entries.map((entry) => (
          <li key={entry.id}>
            <IconCircleCheck size={16} stroke={1.75} aria-hidden />
            <span>
              <b>{entry.title}</b> {entry.about}
              {entry.settled?.resolution ? ` · ${entry.settled.resolution}` : ''}
            </span>
            <small>
              {[
                entry.settled?.by,
                entry.settled &&
                  `${shortDay(localDate(entry.settled.at, zone))} ${localTime(entry.settled.at, zone).time}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
