import { type FocusEvent, type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { readForm, saveForm } from '../draft';
import type { DetailsPage as Data } from '../load';
import { Link, useHydrated, useNavigation, useOnline } from '../navigation';
import {
  checkField,
  checkForm,
  type FormField,
  type FormProblems,
  formFields,
  type PatientForm,
} from '../patient-form';
import { callingCode } from '../phone';
import { firstView } from '../route';
import { Hint, Optional, Problem, TextArea, TextField, Tick } from '../ui/field';
import fieldCss from '../ui/field.module.css';
import { CallLine, Frame, Steps, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { VisitDate } from '../ui/visit-date';
import { cancelUntil, fullName, visitorTime, whenOf } from '../visit';
import { words } from '../words';
import css from './details-page.module.css';

/**
 * The fields keep their own state: what was typed before the script arrived, or filled in by the browser,
 * is theirs, and is read from them.
 */
export function DetailsPage({ data }: { data: Data }) {
  const { answer, route } = data;
  const { clinic } = answer;
  const { go } = useNavigation();
  const hydrated = useHydrated();
  const online = useOnline();
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const dirty = useRef(new Set<FormField>());
  const pressed = useRef(false);
  const [problems, setProblems] = useState<FormProblems>({});
  /** The problems at the last submit: the summary stays as it was read until the next one. */
  const [summed, setSummed] = useState<FormProblems | null>(null);

  useLayoutEffect(() => {
    if (form.current) fillEmpty(form.current, readForm(clinic.slug));
  }, [clinic.slug]);

  useEffect(() => {
    if (summed) summary.current?.focus();
  }, [summed]);

  useEffect(() => {
    const down = () => {
      pressed.current = true;
    };
    const up = () => {
      pressed.current = false;
    };
    window.addEventListener('mousedown', down);
    window.addEventListener('mouseup', up);
    return () => {
      window.removeEventListener('mousedown', down);
      window.removeEventListener('mouseup', up);
    };
  }, []);

  function changed(event: FormEvent<HTMLFormElement>) {
    const field = fieldOf(nameOf(event.target));
    const typed = readTyped(event.currentTarget);
    saveForm(clinic.slug, typed);
    if (!field) return;
    dirty.current.add(field);
    // A field that is marked is checked at each key, so that the mark goes as soon as it is right.
    if (problems[field])
      setProblems({
        ...problems,
        [field]: checkField(field, typed, clinic.country, data.today) ?? undefined,
      });
  }

  function left(event: FocusEvent<HTMLFormElement>) {
    const field = fieldOf(nameOf(event.target));
    const next = event.relatedTarget instanceof HTMLInputElement ? fieldOf(event.relatedTarget.name) : null;
    // Going from box to box of the birth date is still typing it.
    if (!field || field === next || !dirty.current.has(field)) return;
    // A mark moves what stands below it: one that came while the mouse is down would take the button from under it.
    if (pressed.current) window.addEventListener('mouseup', () => setTimeout(mark, 0, field), { once: true });
    else mark(field);
  }

  function mark(field: FormField) {
    if (!form.current) return;
    const problem = checkField(field, readTyped(form.current), clinic.country, data.today);
    setProblems((before) => ({ ...before, [field]: problem ?? undefined }));
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const typed = readTyped(event.currentTarget);
    saveForm(clinic.slug, typed);
    const found = checkForm(typed, clinic.country, data.today);
    setProblems(found);
    if (Object.keys(found).length > 0) return setSummed({ ...found });
    setSummed(null);
    go({ ...route, page: 'review' });
  }

  const code = callingCode(clinic.country);
  const text = (field: 'givenName' | 'familyName' | 'phone' | 'email') => ({
    id: field,
    label: words.details[field],
    problem: problems[field]?.message,
    required: true,
  });
  return (
    <Frame answer={answer}>
      <Steps back={slotsRoute(data)} step={3} />
      <div className={css.layout}>
        <Title>{words.details.title}</Title>
        <div className={css.side}>
          <VisitCard data={data} />
        </div>
        <form
          ref={form}
          className={css.form}
          method="post"
          noValidate
          onInput={changed}
          onBlur={left}
          onSubmit={submit}
        >
          {hydrated && !online && (
            <Note icon="offline" tone="amber">
              <p>
                <strong>{words.details.offline.before}</strong>
                {words.details.offline.after}
              </p>
            </Note>
          )}
          {summed && <ProblemSummary ref={summary} problems={summed} />}
          <div className={css.pair}>
            <TextField {...text('givenName')} autoComplete="given-name" maxLength={80} />
            <TextField {...text('familyName')} autoComplete="family-name" maxLength={80} />
          </div>
          <BirthDate problem={problems.birthDate} />
          <div className={css.pair}>
            <TextField
              {...text('phone')}
              hint={words.details.phoneHint}
              prefix={code ? `+${code}` : undefined}
              type="tel"
              inputMode="tel"
              autoComplete={code ? 'tel-national' : 'tel'}
              maxLength={30}
            />
            <TextField
              {...text('email')}
              hint={words.details.emailHint}
              type="email"
              inputMode="email"
              autoComplete="email"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={254}
            />
          </div>
          <TextArea
            id="note"
            label={words.details.note}
            hint={words.details.noteHint}
            problem={problems.note?.message}
            optional
            rows={3}
            maxLength={1000}
          />
          <fieldset className={fieldCss.group}>
            <legend className={fieldCss.label}>{words.details.before}</legend>
            <Tick id="consent" problem={problems.consent?.message}>
              {words.details.consent(clinic.name)}
            </Tick>
            <Tick id="consentEmail">
              {words.details.consentEmail} <Optional />
            </Tick>
            <Tick id="consentSms">
              {words.details.consentSms} <Optional />
            </Tick>
          </fieldset>
          <noscript>
            <Note icon="info" tone="amber">
              <p>{words.frame.noScript}</p>
              <CallLine phone={clinic.phone} />
            </Note>
          </noscript>
          {/* Without script there is nobody to take the form: details must not end up in an address. */}
          <button className={`button primary ${css.continue}`} type="submit" disabled={!hydrated}>
            {words.details.continue}
          </button>
          <Note icon="lock" bare>
            <p>{words.details.notBooked}</p>
          </Note>
        </form>
      </div>
    </Frame>
  );
}

function slotsRoute(data: Data) {
  const { route, slot } = data;
  const when = whenOf(slot);
  return {
    page: 'slots' as const,
    clinic: route.clinic,
    doctor: route.doctor,
    type: route.type,
    ...firstView,
    date: when.date,
    time: when.time,
  };
}

function VisitCard({ data }: { data: Data }) {
  const { slot, doctor, type, place, answer, now } = data;
  const hydrated = useHydrated();
  const when = whenOf(slot);
  const own = hydrated ? visitorTime(slot.startsAt, slot.timeZone) : null;
  const until = cancelUntil(slot.startsAt, slot.timeZone, answer.clinic.cancelWindowMinutes, now);
  return (
    <>
      <section className={`card ${css.visit}`} aria-label={words.details.when(when.date, when.time)}>
        <VisitDate date={when.date} />
        <div>
          <p className={css.when}>
            <strong>{words.details.when(when.date, when.time)}</strong>
          </p>
          <p>
            {words.frame.clinicTime(when.city)} {own && words.frame.forYou(own)}
          </p>
          <p>
            {type.name}, {words.frame.minutes(type.durationMinutes)}
          </p>
          <p>
            {fullName(doctor)}, {place.name}
          </p>
        </div>
        <p className={css.change}>
          <span>{words.review.notBooked}</span>
          <Link
            className="text-link"
            to={slotsRoute(data)}
            aria-label={words.frame.changeWhat(words.review.when)}
          >
            {words.frame.change}
          </Link>
        </p>
      </section>
      {until && (
        <div className={css.policy}>
          <Note icon="info">
            <p>
              {words.review.cancelUntil.before}
              {until}.
            </p>
          </Note>
        </div>
      )}
    </>
  );
}

function BirthDate({ problem }: { problem: FormProblems['birthDate'] }) {
  const describes = problem ? 'birthDate-hint birthDate-problem' : 'birthDate-hint';
  const box = (
    id: 'birthDay' | 'birthMonth' | 'birthYear',
    label: string,
    autoComplete: string,
    digits: number,
  ) => (
    <div className={digits === 4 ? fieldCss.year : fieldCss.two}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={id}
        className={fieldCss.input}
        inputMode="numeric"
        autoComplete={autoComplete}
        maxLength={digits}
        required
        aria-invalid={problem?.input === id ? true : undefined}
      />
    </div>
  );
  return (
    <fieldset className={fieldCss.group} aria-describedby={describes}>
      <legend className={fieldCss.label}>{words.details.birthDate}</legend>
      <Hint id="birthDate" hint={words.details.birthHint} />
      <Problem id="birthDate" problem={problem?.message} />
      <div className={fieldCss.boxes}>
        {box('birthDay', words.details.day, 'bday-day', 2)}
        {box('birthMonth', words.details.month, 'bday-month', 2)}
        {box('birthYear', words.details.year, 'bday-year', 4)}
      </div>
    </fieldset>
  );
}

function ProblemSummary({ problems, ref }: { problems: FormProblems; ref: React.Ref<HTMLDivElement> }) {
  const fields = formFields.filter((field) => problems[field]);
  return (
    <div ref={ref} role="alert" tabIndex={-1} className={css.problems}>
      <Icon name="alert" />
      <div>
        <h2>{words.problems.title(fields.length)}</h2>
        <ul>
          {fields.map((field) => {
            const problem = problems[field];
            return (
              problem && (
                <li key={field}>
                  <a href={`#${problem.input}`}>
                    {words.problems.inSummary(words.problems.fields[field], problem.message)}
                  </a>
                </li>
              )
            );
          })}
        </ul>
      </div>
    </div>
  );
}

function nameOf(target: EventTarget): string {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.name : '';
}

function fieldOf(name: string): FormField | null {
  if (name.startsWith('birth')) return 'birthDate';
  return formFields.find((field) => field === name) ?? null;
}

const textInputs = [
  'givenName',
  'familyName',
  'birthDay',
  'birthMonth',
  'birthYear',
  'phone',
  'email',
  'note',
] as const;
const ticks = ['consent', 'consentEmail', 'consentSms'] as const;

function readTyped(form: HTMLFormElement): PatientForm {
  const typed = new FormData(form);
  const text = Object.fromEntries(textInputs.map((name) => [name, String(typed.get(name) ?? '')]));
  const ticked = Object.fromEntries(ticks.map((name) => [name, typed.has(name)]));
  return { ...text, ...ticked } as unknown as PatientForm;
}

/** What stands in the fields already is newer than what was kept. */
function fillEmpty(form: HTMLFormElement, kept: PatientForm): void {
  for (const name of textInputs) {
    const input = form.elements.namedItem(name);
    if ((input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) && input.value === '') {
      input.value = kept[name];
    }
  }
  for (const name of ticks) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement && kept[name]) input.checked = true;
  }
}
