/** Two people changed one field: what is in use now, and what was kept aside. One key settles all fields of an item. */
import { useState } from 'react';
import type { Desk } from '../../replica/desk';
import { useDesk } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';
import { sayRefused, settle } from './settle';

type Conflict = AttentionEntry['conflicts'][number];

export function ConflictVersions({ entry }: { entry: AttentionEntry }) {
  const desk = useDesk();
  const several = entry.conflicts.length > 1;
  // Of several fields each is chosen for itself; the item is settled with the last.
  const [chosen, setChosen] = useState<Readonly<Record<string, 'theirs' | 'yours'>>>({});
  const choose = (field: string, which: 'theirs' | 'yours') => {
    const next = { ...chosen, [field]: which };
    setChosen(next);
    if (entry.conflicts.every((conflict) => next[conflict.raw.field] !== undefined))
      void settleConflicts(
        desk,
        entry,
        entry.conflicts.filter((conflict) => next[conflict.raw.field] === 'yours'),
      );
  };
  return (
    <>
      {entry.conflicts.map((conflict) => {
        const { field } = conflict.raw;
        return (
          <div key={field} className={classes.versions}>
            <div>
              <small>In use now, {conflict.field}</small>
              <b>{conflict.theirs}</b>
              <ActionButton
                size="small"
                {...(several ? {} : { keys: '1' })}
                aria-pressed={several ? chosen[field] === 'theirs' : undefined}
                onClick={() => choose(field, 'theirs')}
              >
                Keep
              </ActionButton>
            </div>
            <div data-aside>
              <small>Kept aside</small>
              <b>{conflict.yours}</b>
              <ActionButton
                size="small"
                {...(several ? {} : { keys: '2' })}
                aria-pressed={several ? chosen[field] === 'yours' : undefined}
                onClick={() => choose(field, 'yours')}
              >
                Use this
              </ActionButton>
            </div>
          </div>
        );
      })}
      {several && (
        <div className={classes.buttons}>
          <ActionButton size="small" keys="1" onClick={() => void keepInUse(desk, entry)}>
            Keep all in use
          </ActionButton>
          <ActionButton size="small" keys="2" onClick={() => void takeOther(desk, entry)}>
            Use all kept aside
          </ActionButton>
        </div>
      )}
    </>
  );
}

export function keepInUse(desk: Desk, entry: AttentionEntry): Promise<void> {
  return settleConflicts(desk, entry, []);
}

export function takeOther(desk: Desk, entry: AttentionEntry): Promise<void> {
  return settleConflicts(desk, entry, entry.conflicts);
}

/** `taken` are the fields whose other version is put into the record; the rest stays as it is in use. */
async function settleConflicts(desk: Desk, entry: AttentionEntry, taken: readonly Conflict[]): Promise<void> {
  if (taken.length > 0 && entry.itemId !== null) {
    if (entry.patientId === null) return;
    const of = (which: 'yours' | 'theirs') =>
      Object.fromEntries(taken.map(({ raw }) => [raw.field, raw[which]]));
    const result = await desk.perform('patient.edit', {
      patientId: entry.patientId,
      changes: of('yours'),
      base: of('theirs'),
    });
    if (result.kind === 'refused') return sayRefused(result);
  }
  const kept = entry.conflicts.filter((conflict) => !taken.includes(conflict));
  await settle(
    desk,
    entry,
    [
      ...taken.map(({ field, yours }) => `Used ${field}: ${yours}`),
      ...kept.map(({ field, theirs }) => `Kept ${field}: ${theirs}`),
    ]
      .join('; ')
      .slice(0, 500),
  );
}
