import { IconBeach } from '@tabler/icons-react';
import { memo } from 'react';
import { Initials } from '../../ui/initials';
import { lastWord } from '../../ui/person-name';
import classes from './column-header.module.css';
import type { AgendaColumn } from './day-model';

interface ColumnHeaderProps {
  column: AgendaColumn;
  /** Said where the column's clock is not the clinic's. */
  clinicZone: string;
  onOpenWeek: (doctorId: string) => void;
}

export const ColumnHeader = memo(function ColumnHeader({
  column,
  clinicZone,
  onOpenWeek,
}: ColumnHeaderProps) {
  const { doctor, location, zone } = column;
  const otherZone = zone === clinicZone ? null : zoneWords(zone);
  const free = column.freeCount;
  return (
    <div className={classes.header} style={{ '--hue': doctor.hue } as React.CSSProperties}>
      <button
        type="button"
        className={classes.person}
        onClick={() => onOpenWeek(doctor.id)}
        title={`${doctor.title} ${doctor.name}, ${doctor.specialty}, ${location.name}. Opens the week`}
        aria-label={`${doctor.title} ${lastWord(doctor.name)}, ${column.subtitle}, ${location.name}${otherZone ? `, ${otherZone}` : ''}. Open week`}
      >
        <Initials name={doctor.name} size={24} />
        <span className={classes.words}>
          <span className={classes.name}>{column.title}</span>
          <span className={classes.sub}>{column.subtitle}</span>
        </span>
      </button>
      {free === null ? (
        <span className={classes.away}>
          {column.timeOff ? (
            <>
              <IconBeach size={12} stroke={1.75} aria-hidden /> Time off
            </>
          ) : (
            'No hours'
          )}
        </span>
      ) : (
        <span className={classes.load}>
          {otherZone && <span className={classes.zone}>{otherZone}</span>}
          <span className={classes.meter}>
            <span style={{ width: `${Math.round(column.load * 100)}%` }} />
          </span>
          <span className={classes.free} title={`${free} more visits of the usual length fit`}>
            {free} free
          </span>
        </span>
      )}
    </div>
  );
});

/** `Europe/London` reads `London time`. */
export function zoneWords(zone: string): string {
  const city = zone.split('/').pop() ?? zone;
  return `${city.replaceAll('_', ' ')} time`;
}
