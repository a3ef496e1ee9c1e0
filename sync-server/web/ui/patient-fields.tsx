/** The fields of a patient's details, as booking and the waitlist ask for them. */

import { callingCode } from '@medic/shared/model/phone';
import { useState } from 'react';
import type { ClinicAnswer } from '../api';
import { readForm } from '../draft';
import { useHydrated } from '../navigation';
import type { FormProblems } from '../patient-form';
import { words } from '../words';
import { ChoicePair } from './choice-pair';
import { Hint, Optional, Problem, TextArea, TextField, Tick } from './field';
import fieldCss from './field.module.css';
import { Icon } from './icon';
import { Note } from './note';
import css from './patient-fields.module.css';

interface PatientFieldsProps {
  clinic: ClinicAnswer['clinic'];
  problems: FormProblems;
  noteLabel?: string;
  /** Without a message the form would be for nothing: then it says so, and no channel is marked as optional. */
  channelHint?: string;
}

export function PatientFields({ clinic, problems, noteLabel, channelHint }: PatientFieldsProps) {
  const code = callingCode(clinic.country);
  const text = (field: 'givenName' | 'familyName' | 'phone' | 'email') => ({
    id: field,
    label: words.details[field],
    problem: problems[field]?.message,
    required: true,
  });
  return (
    <>
      <Person clinic={clinic} />
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
        label={noteLabel ?? words.details.note}
        hint={words.details.noteHint}
        problem={problems.note?.message}
        optional
        rows={3}
        maxLength={1000}
      />
      <fieldset className={fieldCss.group}>
        <legend className={fieldCss.label}>{words.details.beforeYouGo}</legend>
        <Tick id="consent" problem={problems.consent?.message}>
          {words.details.consent(clinic.name)}
        </Tick>
        {channelHint && <p className={fieldCss.hint}>{channelHint}</p>}
        <Tick id="consentEmail" problem={problems.consentEmail?.message}>
          {words.details.consentEmail} {!channelHint && <Optional />}
        </Tick>
        <Tick id="consentSms">
          {words.details.consentSms} {!channelHint && <Optional />}
        </Tick>
      </fieldset>
    </>
  );
}

/** For whom, and whether the clinic knows them. The radios keep their own state; here is only what is said for it. */
function Person({ clinic }: { clinic: ClinicAnswer['clinic'] }) {
  const hydrated = useHydrated();
  const [chosen, setChosen] = useState<{ someoneElse?: boolean; returning?: boolean }>({});
  const kept = hydrated ? readForm(clinic.slug) : null;
  const someoneElse = chosen.someoneElse ?? kept?.someoneElse ?? false;
  const returning = chosen.returning ?? kept?.returning ?? false;
  return (
    <>
      <ChoicePair
        name="someoneElse"
        legend={words.details.forWhom}
        labels={[words.details.me, words.details.someoneElse]}
        hint={someoneElse ? words.details.someoneElseHint : undefined}
        onChoose={(yes) => setChosen({ ...chosen, someoneElse: yes })}
      />
      <ChoicePair
        name="returning"
        legend={someoneElse ? words.details.beforeElse(clinic.name) : words.details.before(clinic.name)}
        labels={[words.details.firstTime, words.details.returning]}
        hint={returning ? words.details.returningHint : undefined}
        onChoose={(yes) => setChosen({ ...chosen, returning: yes })}
      />
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

const order = [
  'earliestOn',
  'latestOn',
  'givenName',
  'familyName',
  'birthDate',
  'phone',
  'email',
  'note',
  'consent',
  'consentEmail',
] as const;

/** What is wrong, all in one place that takes the focus, each with a way to its field. */
export function ProblemSummary({
  problems,
  ref,
}: {
  problems: FormProblems;
  ref: React.Ref<HTMLDivElement>;
}) {
  const fields = order.filter((field) => problems[field]);
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

export function OfflineNote() {
  return (
    <Note icon="offline" tone="amber">
      <p>
        <strong>{words.details.offline.before}</strong>
        {words.details.offline.after}
      </p>
    </Note>
  );
}
