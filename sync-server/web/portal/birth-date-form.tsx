/** Three boxes, and what may be seen once they are right. */
import type { PlainDate } from '@medic/shared/time/instant';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { birthDateOf, checkField, emptyForm } from '../patient-form';
import { localTime } from '../time';
import { Hint, Problem } from '../ui/field';
import fieldCss from '../ui/field.module.css';
import { CallLine } from '../ui/frame';
import { Note } from '../ui/note';
import { words } from '../words';
import css from './portal.module.css';
import { type Person, useAct, useMe, usePortal } from './session';
import { FailureNote } from './view';
import { portalWords } from './words';

const boxes = [
  { name: 'birthDay', label: words.details.day, autoComplete: 'bday-day', digits: 2 },
  { name: 'birthMonth', label: words.details.month, autoComplete: 'bday-month', digits: 2 },
  { name: 'birthYear', label: words.details.year, autoComplete: 'bday-year', digits: 4 },
] as const;

/** `named`: several people share the address, and it must be said whose birth date is meant. */
export function BirthDateForm({ person, named }: { person: Person; named: boolean }) {
  const { answer, refresh, say } = usePortal();
  const me = useMe();
  const id = useId();
  const [problem, setProblem] = useState<{ message: string; input: string } | null>(null);
  const [triesLeft, setTriesLeft] = useState(me.provesLeft);
  const form = useRef<HTMLFormElement>(null);
  const prove = useAct(
    'prove',
    (api, input: { patientId: string; birthDate: PlainDate }, { clinic }, options) =>
      api.proveBirthDate.mutate({ clinic, ...input }, options),
  );

  useEffect(() => {
    const field = problem && form.current?.elements.namedItem(problem.input);
    if (field instanceof HTMLInputElement) field.focus();
  }, [problem]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const text = (name: string) => String(typed.get(name) ?? '');
    const filled = {
      ...emptyForm,
      birthDay: text('birthDay'),
      birthMonth: text('birthMonth'),
      birthYear: text('birthYear'),
    };
    const { date } = localTime(Date.now(), answer.clinic.timeZone);
    const found = checkField('birthDate', filled, answer.clinic.country, date);
    setProblem(found);
    const birthDate = birthDateOf(filled);
    if (found || !birthDate) return;
    const result = await prove.run({ patientId: person.id, birthDate });
    if (!result) return;
    if (result.kind === 'proven') {
      say(portalWords.birth.proven);
      // This form goes: its section's heading, which stays, takes the focus.
      const stays = form.current?.closest('section')?.querySelector('h2');
      await refresh();
      stays?.focus();
    } else {
      setTriesLeft(result.triesLeft);
      setProblem({ message: portalWords.birth.wrong(result.triesLeft), input: 'birthDay' });
    }
  }

  if (triesLeft === 0) {
    return (
      <Note icon="lock" tone="amber">
        <p role="alert">{portalWords.birth.noTries}</p>
        <CallLine phone={answer.clinic.phone} />
      </Note>
    );
  }
  const describes = [`${id}-hint`, problem ? `${id}-problem` : ''].filter(Boolean).join(' ');
  return (
    <form
      ref={form}
      className={`card ${css.form}`}
      method="post"
      noValidate
      onSubmit={(event) => void submit(event)}
    >
      <fieldset className={fieldCss.group} aria-describedby={describes}>
        <legend className={fieldCss.label}>{portalWords.birth.title(named ? person.firstName : null)}</legend>
        <Hint id={id} hint={`${portalWords.birth.why} ${words.details.birthHint}.`} />
        <Problem id={id} problem={problem?.message} />
        <div className={`${fieldCss.boxes} ${css.boxes}`}>
          {boxes.map(({ name, label, autoComplete, digits }) => (
            <div key={name} className={digits === 4 ? fieldCss.year : fieldCss.two}>
              <label htmlFor={`${id}-${name}`}>{label}</label>
              <input
                id={`${id}-${name}`}
                name={name}
                className={fieldCss.input}
                inputMode="numeric"
                autoComplete={named ? 'off' : autoComplete}
                maxLength={digits}
                required
                aria-invalid={problem?.input === name || undefined}
              />
            </div>
          ))}
        </div>
      </fieldset>
      <FailureNote failure={prove.failure} acting />
      <button className="button" type="submit" aria-disabled={prove.busy || undefined}>
        {portalWords.birth.show}
      </button>
    </form>
  );
}
