/** A patient's record as a form: new or changed, checked by the model's own schema. */

import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Override } from '@medic/shared/acts/act';
import { patientDetails } from '@medic/shared/acts/patient/create';
import { type Duplicate, duplicatesOf } from '@medic/shared/acts/patient/duplicates';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Patient } from '@medic/shared/model/patient';
import type { PlainDate } from '@medic/shared/time/instant';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { fullDate } from '../../ui/date-words';
import { fullName } from '../../ui/person-name';
import classes from './patient-form.module.css';
import { normalisePhone } from './phone-number';
import { tellApart } from './tell-apart';

interface Values {
  givenName: string;
  familyName: string;
  birthDate: string;
  phone: string;
  email: string;
  language: string;
  consentSms: boolean;
  consentEmail: boolean;
  notes: string;
}

interface PatientFormProps {
  /** The record to change; none makes a new one. */
  patient?: Patient;
  /** What was typed in the search, `Po An`: family name first. */
  suggestion?: string;
  /** Fewer fields, for a booking that waits. */
  quick?: boolean;
  onSaved: (patientId: string) => void;
  /** The person turned out to be here already. */
  onUseExisting?: (patientId: string) => void;
  /** Two records may be of one person: shows them side by side. */
  onCompare?: (otherId: string) => void;
  onCancel: () => void;
}

export function PatientForm({
  patient,
  suggestion = '',
  quick = false,
  onSaved,
  onUseExisting,
  onCompare,
  onCancel,
}: PatientFormProps) {
  const desk = useDesk();
  const clinic = desk.facts.clinic;
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // What the editor saw: a field that somebody else changes meanwhile must not be overwritten unseen.
  const [base] = useState(patient);
  const form = useForm<Values>({
    initialValues: base ? valuesOf(base) : { ...emptyValues(clinic.language), ...namesFrom(suggestion) },
    validate: (values) => problemsOf(detailsOf(values, clinic.rules.country)),
  });
  const duplicates = useDuplicates(form.values, patient);
  const [warned, setWarned] = useState(false);
  const warningRef = useRef<HTMLElement>(null);
  useEffect(() => {
    if (warned) warningRef.current?.querySelector('button')?.focus();
  }, [warned]);

  const save = async (values: Values, overrides: Override[]) => {
    const parsed = patientDetails.safeParse(detailsOf(values, clinic.rules.country));
    if (!parsed.success) return;
    setBusy(true);
    const patientId = base?.id ?? desk.newId();
    const result = base
      ? await desk.perform('patient.edit', { patientId, ...changesFrom(base, parsed.data) })
      : await desk.perform('patient.create', { patientId, ...parsed.data, overrides });
    setBusy(false);
    if (result.kind === 'done') return onSaved(patientId);
    // Who it may be stands in the warning, with what can be done.
    const others = result.reasons.filter((reason) => reason.code !== 'duplicate');
    setWarned(others.length < result.reasons.length);
    setProblem(others.map((reason) => describeRefusal(reason)).join(' · ') || null);
  };
  const submitWith = (overrides: Override[]) =>
    form.onSubmit(
      (values) => {
        // A second Enter must not make what the first one warned of.
        setWarned(false);
        return save(values, overrides);
      },
      (errors) => {
        const first = Object.keys(errors)[0];
        if (first) form.getInputNode(first)?.focus();
      },
    );
  const submit = submitWith([]);

  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={base ? 'Patient' : 'New patient'}>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <div className={classes.pair}>
        <TextInput
          label="Family name"
          data-autofocus
          autoFocus={quick}
          autoComplete="off"
          key={form.key('familyName')}
          {...form.getInputProps('familyName')}
        />
        <TextInput
          label="Given name"
          autoComplete="off"
          key={form.key('givenName')}
          {...form.getInputProps('givenName')}
        />
      </div>
      <div className={classes.pair}>
        <TextInput
          label="Birth date"
          placeholder="12.03.1984"
          autoComplete="off"
          key={form.key('birthDate')}
          {...form.getInputProps('birthDate')}
        />
        <TextInput
          label="Phone"
          type="tel"
          autoComplete="off"
          key={form.key('phone')}
          {...form.getInputProps('phone')}
          onBlur={() => {
            const phone = normalisePhone(form.values.phone, clinic.rules.country);
            if (phone) form.setFieldValue('phone', phone);
          }}
        />
      </div>
      {duplicates.length > 0 && (
        <section
          ref={warningRef}
          className={classes.warning}
          data-asking={warned || undefined}
          aria-label="May be the same person"
        >
          <p role={warned ? 'alert' : 'status'}>
            <IconAlertTriangle size={18} stroke={1.75} aria-hidden />
            <b>{warned ? 'Is it one of these? Nothing was made yet.' : 'May be here already'}</b>
          </p>
          <ul>
            {duplicates.map(({ patient: other, why }) => (
              <li key={other.id}>
                <span>
                  <b>{fullName(other)}</b>
                  {other.birthDate ? `, ${fullDate(other.birthDate)}` : ''}
                  <small>{why}</small>
                </span>
                {base === undefined && onUseExisting && (
                  <ActionButton
                    size="inline"
                    aria-label={`Use this one: ${fullName(other)}`}
                    onClick={() => onUseExisting(other.id)}
                  >
                    Use this one
                  </ActionButton>
                )}
                {base !== undefined && onCompare && (
                  <ActionButton
                    size="inline"
                    aria-label={`Compare with ${fullName(other)}`}
                    onClick={() => onCompare(other.id)}
                  >
                    Compare
                  </ActionButton>
                )}
                {patient && (
                  <ActionButton
                    size="inline"
                    aria-label={`Not the same as ${fullName(other)}`}
                    onClick={() => void tellApart(desk, patient, other)}
                  >
                    Not the same
                  </ActionButton>
                )}
              </li>
            ))}
          </ul>
          {warned && (
            <ActionButton size="small" disabled={busy} onClick={() => submitWith(['duplicate'])()}>
              None of these: make it
            </ActionButton>
          )}
        </section>
      )}
      <div className={classes.pair}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="off"
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Select
          label="Language"
          data={languageChoices(base?.language, clinic.language)}
          key={form.key('language')}
          {...form.getInputProps('language')}
        />
      </div>
      <div className={classes.consents}>
        <Checkbox
          size="xs"
          label="Messages by SMS"
          key={form.key('consentSms')}
          {...form.getInputProps('consentSms', { type: 'checkbox' })}
        />
        <Checkbox
          size="xs"
          label="Messages by e-mail"
          key={form.key('consentEmail')}
          {...form.getInputProps('consentEmail', { type: 'checkbox' })}
        />
      </div>
      {!quick && (
        <Textarea
          label="Notes"
          autosize
          minRows={2}
          maxRows={8}
          key={form.key('notes')}
          {...form.getInputProps('notes')}
        />
      )}
      <div className={classes.buttons}>
        <ActionButton onClick={onCancel} keys="Esc">
          {quick ? 'Back to the search' : 'Close'}
        </ActionButton>
        <ActionButton
          type="submit"
          tone="primary"
          keys="Enter"
          disabled={busy || (base !== undefined && !form.isDirty())}
        >
          {base ? 'Save' : 'Make the record'}
        </ActionButton>
      </div>
    </form>
  );
}

function emptyValues(language: string): Values {
  return {
    givenName: '',
    familyName: '',
    birthDate: '',
    phone: '',
    email: '',
    language,
    consentSms: false,
    consentEmail: false,
    notes: '',
  };
}

function valuesOf(patient: Patient): Values {
  const { givenName, familyName, language, consentSms, consentEmail, notes } = patient;
  return {
    givenName,
    familyName,
    language,
    consentSms,
    consentEmail,
    notes,
    birthDate: patient.birthDate ?? '',
    phone: patient.phone ?? '',
    email: patient.email ?? '',
  };
}

function namesFrom(suggestion: string): Pick<Values, 'familyName' | 'givenName'> {
  if (/\d/.test(suggestion)) return { familyName: '', givenName: '' };
  const words = suggestion
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toLocaleUpperCase() + word.slice(1));
  return { familyName: words[0] ?? '', givenName: words.slice(1).join(' ') };
}

/** `12.03.1984`, `12/3/1984` and `1984-03-12` are one date; what is none is left for the schema to refuse. */
export function readDate(typed: string): string {
  const text = typed.trim();
  const dayFirst = /^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$/.exec(text);
  if (dayFirst) return `${dayFirst[3]}-${dayFirst[2]?.padStart(2, '0')}-${dayFirst[1]?.padStart(2, '0')}`;
  const run = /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  return run ? `${run[3]}-${run[2]}-${run[1]}` : text;
}

function detailsOf(values: Values, country: string) {
  const phone = normalisePhone(values.phone, country);
  return {
    givenName: values.givenName.trim(),
    familyName: values.familyName.trim(),
    birthDate: values.birthDate.trim() ? (readDate(values.birthDate) as PlainDate) : null,
    phone: phone || null,
    email: values.email.trim() || null,
    language: values.language,
    consentSms: values.consentSms,
    consentEmail: values.consentEmail,
    notes: values.notes,
  };
}

const words: Readonly<Record<string, string>> = {
  givenName: 'Type the given name',
  familyName: 'Type the family name',
  birthDate: 'Write the date as 12.03.1984',
};

function problemsOf(details: ReturnType<typeof detailsOf>): Record<string, string> {
  const parsed = patientDetails.safeParse(details);
  if (parsed.success) return {};
  const problems: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? '');
    problems[field] ??= words[field] ?? issue.message;
  }
  return problems;
}

function changesFrom(base: Patient, details: ReturnType<typeof patientDetails.parse>) {
  const changes: Record<string, unknown> = {};
  const seen: Record<string, unknown> = {};
  for (const field of Object.keys(details) as (keyof typeof details)[]) {
    if (details[field] === base[field]) continue;
    changes[field] = details[field];
    seen[field] = base[field];
  }
  return { changes, base: seen } as { changes: Partial<typeof details>; base: Partial<typeof details> };
}

/** Who of this desk's patients may be the same person as the one that is being typed. */
function useDuplicates(values: Values, own: Patient | undefined): readonly Duplicate[] {
  const { familyName, givenName, birthDate, phone, email } = values;
  const facts = useFacts();
  return useMemo(() => {
    const country = facts.clinic.rules.country;
    const identity = {
      familyName,
      givenName,
      birthDate: (readDate(birthDate) || null) as PlainDate | null,
      phone: normalisePhone(phone, country) || null,
      email: email.trim() || null,
    };
    return duplicatesOf(identity, facts.all('patient'), own ?? null).slice(0, 3);
  }, [facts, familyName, givenName, birthDate, phone, email, own]);
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });
const usualLanguages = [
  'pl',
  'en',
  'de',
  'uk',
  'cs',
  'fr',
  'es',
  'it',
  'pt',
  'ro',
  'ru',
  'tr',
  'ar',
  'hi',
  'vi',
  'zh',
];

function languageChoices(...own: (string | undefined)[]) {
  const codes = [...new Set([...own.filter((code) => code !== undefined), ...usualLanguages])];
  return codes.map((code) => ({ value: code, label: languageNames.of(code) ?? code }));
}
