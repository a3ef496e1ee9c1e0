/** A new record that may be of somebody who is here already. */
import { createPatient } from '@medic/shared/acts/patient/create';
import type { Desk } from '../../replica/desk';
import { useDesk } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import classes from './attention-list.module.css';
import type { AttentionEntry } from './attention-words';
import { sayRefused, settle } from './settle';

export function DuplicateChoices({ entry }: { entry: AttentionEntry }) {
  const desk = useDesk();
  return (
    <ul className={classes.candidates}>
      {entry.duplicates.map((each) => (
        <li key={each.patientId}>
          <span>
            <b>{each.name}</b>
            <small>{each.why}</small>
          </span>
          <ActionButton
            size="small"
            aria-label={`Use this one: ${each.name}`}
            disabled={entry.itemId === null}
            onClick={() => void settle(desk, entry, `Is ${each.name} already`)}
          >
            Use this one
          </ActionButton>
        </li>
      ))}
      <li>
        <span>None of these: a namesake, or a twin</span>
        <ActionButton
          size="small"
          disabled={entry.itemId === null}
          onClick={() => void makeAnyway(desk, entry)}
        >
          Make a record
        </ActionButton>
      </li>
    </ul>
  );
}

/** Under the id that it had: what was booked for it meanwhile finds it. */
async function makeAnyway(desk: Desk, entry: AttentionEntry): Promise<void> {
  const args = createPatient.args.safeParse({ ...entry.args, overrides: ['duplicate'] });
  if (!args.success) return announce('What was typed is not complete any more', { tone: 'refused' });
  const result = await desk.perform('patient.create', args.data);
  if (result.kind === 'refused') return sayRefused(result);
  await settle(desk, entry, 'Somebody else: made a record');
}
