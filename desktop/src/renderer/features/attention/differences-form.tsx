/** What a patient said about themselves, beside what the record says: a person takes it, field by field, or not. */
import type { PublicField } from '@medic/shared/acts/patient/differences';
import { type FormEvent, useState } from 'react';
import type { Desk } from '../../replica/desk';
import { useDesk } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';
import { sayRefused, settle } from './settle';

/** Names and birth dates are not taken unasked: mailboxes are shared, and another name may be another person. */
const carefulFields: readonly PublicField[] = ['givenName', 'familyName', 'birthDate'];

export function DifferencesForm({ entry }: { entry: AttentionEntry }) {
  const desk = useDesk();
  const [taken, setTaken] = useState<readonly PublicField[]>(() =>
    entry.differences
      .filter((each) => !carefulFields.includes(each.field) && !each.changedSince)
      .map((each) => each.field),
  );
  const careful = entry.differences.some((each) => carefulFields.includes(each.field));
  const labels = entry.differences.filter((each) => taken.includes(each.field)).map((each) => each.label);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void takeFields(desk, entry, taken, labels);
  };
  return (
    <form onSubmit={submit}>
      {entry.differences.map((each) => (
        <div key={each.field} className={classes.versions}>
          <div>
            <small>In the record, {each.label}</small>
            <b>{each.inRecord}</b>
          </div>
          <label data-aside data-taken={taken.includes(each.field) || undefined}>
            <small>
              {each.changedSince ? 'The patient wrote, before the record changed' : 'The patient wrote'}
            </small>
            <b>{each.proposed}</b>
            <span>
              <input
                type="checkbox"
                aria-label={`Take the ${each.label} ${each.proposed}`}
                checked={taken.includes(each.field)}
                onChange={(event) =>
                  setTaken(
                    event.currentTarget.checked
                      ? [...taken, each.field]
                      : taken.filter((field) => field !== each.field),
                  )
                }
              />
              Take
            </span>
          </label>
        </div>
      ))}
      {careful && (
        <p className={classes.why}>
          Another name or birth date may be another person of the family: ask before you take it.
        </p>
      )}
      <div className={classes.buttons}>
        <ActionButton type="submit" tone="primary" size="small" disabled={labels.length === 0}>
          {labels.length === 0 ? 'Nothing chosen' : `Take the ${labels.join(', ')}`}
        </ActionButton>
        <ActionButton
          size="small"
          keys="E"
          onClick={() => void settle(desk, entry, 'Kept the record as it was')}
        >
          Keep the record
        </ActionButton>
      </div>
    </form>
  );
}

async function takeFields(
  desk: Desk,
  entry: AttentionEntry,
  fields: readonly PublicField[],
  labels: readonly string[],
): Promise<void> {
  if (entry.itemId === null || entry.patientId === null) return;
  const result = await desk.perform('attention.settle', {
    itemId: entry.itemId,
    resolution: `Took the ${labels.join(', ')}`,
    take: { patientId: entry.patientId, fields: [...fields] },
  });
  if (result.kind === 'refused') sayRefused(result);
  else announce(`Took the ${labels.join(', ')} into the record`);
}
