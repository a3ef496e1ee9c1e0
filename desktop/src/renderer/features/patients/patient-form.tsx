/** A patient's record as a form: new or changed, checked by the model's own schema. */

import { Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { patientDetails } from '@medic/shared/acts/patient/create';
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Patient } from '@medic/shared/model/patient';
import type { PlainDate } from '@medic/shared/time/instant';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Desk } from '../../replica/desk';
import { useDesk } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { fullDate } from '../../ui/date-words';
import { fullName } from '../../ui/person-name';
import classes from './patient-form.module.css';
import { normalisePhone } from './phone-number';

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
  onCancel: () => void;
}

export function PatientForm({
  patient,
  suggestion = '',
  quick = false,
  onSaved,
  onUseExisting,
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
  const twin = useTwin(desk, form.values, patient?.id);

  const submit = form.onSubmit(
    async (values) => {
      const details = detailsOf(values, clinic.rules.country);
      const parsed = patientDetails.safeParse(details);
      if (!parsed.success) return;
      setBusy(true);
      const patientId = base?.id ?? desk.newId();
      const result = base
        ? await desk.perform('patient.edit', { patientId, ...changesFrom(base, parsed.data) })
        : await desk.perform('patient.create', { patientId, ...parsed.data });
      setBusy(false);
      if (result.kind === 'done') return onSaved(patientId);
      setProblem(result.reasons.map((reason) => describeRefusal(reason)).join(' · '));
    },
    (errors) => {
      const first = Object.keys(errors)[0];
      if (first) form.getInputNode(first)?.focus();
    },
  );

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
      {twin && (
        <div className={classes.twin} role="status">
          <IconAlertTriangle size={18} stroke={1.75} aria-hidden />
          <span>
            <b>{fullName(twin)}</b>
            {twin.birthDate ? `, ${fullDate(twin.birthDate)},` : ''} is here already
          </span>
          {onUseExisting && (
            <ActionButton size="inline" onClick={() => onUseExisting(twin.id)}>
              Use this record
            </ActionButton>
          )}
        </div>
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

/** Another record with the same birth date or phone and a name that begins alike. */
function useTwin(desk: Desk, values: Values, ownId: string | undefined): Patient | null {
  const { familyName, givenName, birthDate, phone } = values;
  return useMemo(() => {
    if (familyName.trim().length < 2) return null;
    const born = readDate(birthDate);
    const number = normalisePhone(phone, desk.facts.clinic.rules.country);
    const like = desk.searchPatients(`${familyName.trim().slice(0, 4)} ${givenName.trim().slice(0, 2)}`, 20);
    const twin = like.find(
      ({ patient }) =>
        patient.id !== ownId &&
        ((born !== '' && patient.birthDate === born) || (number !== '' && patient.phone === number)),
    );
    return twin?.patient ?? null;
  }, [desk, familyName, givenName, birthDate, phone, ownId]);
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
