import { Popover } from '@mantine/core';
import { IconBeach, IconCheck, IconEye, IconEyeOff, IconHelpCircle, IconMapPin } from '@tabler/icons-react';
import { memo } from 'react';
import { ActionButton } from '../../ui/action-button';
import classes from './agenda-filters.module.css';
import { useAgendaStore } from './agenda-store';
import type { AgendaColumn } from './day-model';
import { Legend } from './legend';

/** Places and their doctors: who is in sight. */
export const AgendaFilters = memo(function AgendaFilters({ columns }: { columns: readonly AgendaColumn[] }) {
  const { hidden, toggleColumns, hideFinished, setHideFinished } = useAgendaStore();
  const places = new Map<string, AgendaColumn[]>();
  for (const column of columns) {
    const list = places.get(column.location.id);
    if (list) list.push(column);
    else places.set(column.location.id, [column]);
  }
  return (
    <div className={classes.bar}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row */}
      <div className={classes.chips} role="group" aria-label="Doctors shown">
        {[...places.values()].map((list) => {
          const place = list[0]?.location;
          if (!place) return null;
          const keys = list.map((column) => column.key);
          const all = keys.every((key) => !hidden.has(key));
          return (
            <div key={place.id} className={classes.place}>
              <button
                type="button"
                className={classes.placeName}
                aria-pressed={all}
                onClick={() => toggleColumns(keys, !all)}
                title={all ? `Hide ${place.name}` : `Show all of ${place.name}`}
              >
                <IconMapPin size={14} stroke={1.75} aria-hidden /> {place.name}
              </button>
              {list.map((column) => {
                const shown = !hidden.has(column.key);
                return (
                  <button
                    key={column.key}
                    type="button"
                    className={classes.chip}
                    aria-pressed={shown}
                    style={{ '--hue': column.doctor.hue } as React.CSSProperties}
                    onClick={() => toggleColumns([column.key], !shown)}
                  >
                    <i aria-hidden />
                    {column.title}
                    {column.timeOff && column.freeCount === null ? (
                      <IconBeach size={14} stroke={1.75} aria-label="time off" />
                    ) : shown ? (
                      <IconCheck size={14} stroke={2} aria-hidden />
                    ) : (
                      <IconEyeOff size={14} stroke={1.75} aria-hidden />
                    )}
                  </button>
                );
              })}
            </div>
          );
        })}
      </div>
      <ActionButton
        size="small"
        aria-pressed={hideFinished}
        tone={hideFinished ? 'soft' : 'default'}
        icon={hideFinished ? <IconEye size={14} aria-hidden /> : <IconEyeOff size={14} aria-hidden />}
        onClick={() => setHideFinished(!hideFinished)}
      >
        {hideFinished ? 'Show finished' : 'Hide finished'}
      </ActionButton>
      <Popover position="bottom-end" width={420} trapFocus={false}>
        <Popover.Target>
          <ActionButton size="small" icon={<IconHelpCircle size={14} aria-hidden />}>
            Legend
          </ActionButton>
        </Popover.Target>
        <Popover.Dropdown>
          <Legend />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
});
