import type { Appointment } from '@medic/shared/model/appointment';
import { useMemo } from 'react';
import { useFacts } from '../../replica/hooks';
import classes from './inspector.module.css';
import { type EventWords, timelineWords } from './timeline-words';

export function VisitTimeline({ visit }: { visit: Appointment }) {
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
