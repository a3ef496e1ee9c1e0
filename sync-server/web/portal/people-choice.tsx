import { Icon } from '../ui/icon';
import css from './portal.module.css';
import type { Person } from './session';
import { portalWords } from './words';

interface PeopleChoiceProps {
  people: readonly Person[];
  /** Null is everybody. */
  chosen: string | null;
  everybody?: boolean;
  onChoose(id: string | null): void;
}

/** Families share a mailbox: which of them is meant. Nothing where there is only one. */
export function PeopleChoice({ people, chosen, everybody = false, onChoose }: PeopleChoiceProps) {
  if (people.length < 2) return null;
  const choices = [
    ...(everybody ? [{ id: null, name: portalWords.people.everybody }] : []),
    ...people.map(({ id, firstName }) => ({ id, name: firstName })),
  ];
  return (
    <fieldset className={css.people}>
      <legend>{portalWords.people.title}</legend>
      {choices.map(({ id, name }) => (
        <label key={id ?? 'all'} className={css.choice}>
          <input
            type="radio"
            name="person"
            value={id ?? ''}
            checked={chosen === id}
            onChange={() => onChoose(id)}
          />
          {id === chosen && <Icon name="check" size={16} />}
          {name}
        </label>
      ))}
    </fieldset>
  );
}
