/** The patient's details as a form of the page: kept in the tab, checked when a field is left and when it is sent. */
import type { PlainDate } from '@medic/shared/time/instant';
import {
  type FocusEvent,
  type FormEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { readForm, saveForm } from './draft';
import {
  checkField,
  checkForm,
  type FormField,
  type FormProblems,
  formFields,
  type PatientForm,
} from './patient-form';

export interface PatientFormState {
  form: RefObject<HTMLFormElement | null>;
  problems: FormProblems;
  /** As they were at the last try to send: the summary stays as it was read until the next one. */
  summed: FormProblems | null;
  summary: RefObject<HTMLDivElement | null>;
  changed(event: FormEvent<HTMLFormElement>): void;
  left(event: FocusEvent<HTMLFormElement>): void;
  /** What was typed if it may be sent; else null, and the problems are shown. */
  check(others?: (typed: PatientForm) => FormProblems): PatientForm | null;
}

/**
 * The fields keep their own state: what was typed before the script arrived, or filled in by the browser, is theirs,
 * and is read from them.
 */
export function usePatientForm(
  clinic: { slug: string; country: string },
  today: PlainDate,
): PatientFormState {
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const dirty = useRef(new Set<FormField>());
  const pressed = useRef(false);
  const [problems, setProblems] = useState<FormProblems>({});
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
    const name = nameOf(event.target);
    const field = fieldOf(name);
    const typed = readTyped(event.currentTarget);
    saveForm(clinic.slug, typed);
    const added = addedFields[name];
    if (added && problems[added]) setProblems({ ...problems, [added]: undefined });
    if (!field) return;
    dirty.current.add(field);
    // A field that is marked is checked at each key, so that the mark goes as soon as it is right.
    if (problems[field])
      setProblems({ ...problems, [field]: checkField(field, typed, clinic.country, today) ?? undefined });
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
    const problem = checkField(field, readTyped(form.current), clinic.country, today);
    setProblems((before) => ({ ...before, [field]: problem ?? undefined }));
  }

  function check(others?: (typed: PatientForm) => FormProblems): PatientForm | null {
    if (!form.current) return null;
    const typed = readTyped(form.current);
    saveForm(clinic.slug, typed);
    const found = { ...others?.(typed), ...checkForm(typed, clinic.country, today) };
    setProblems(found);
    const wrong = Object.keys(found).length > 0;
    setSummed(wrong ? { ...found } : null);
    return wrong ? null : typed;
  }

  return { form, problems, summed, summary, changed, left, check };
}

/** Fields that a page adds are checked when the form is sent; a mark goes as soon as something is done about it. */
const addedFields: Record<string, 'consentEmail' | 'latestOn' | undefined> = {
  consentEmail: 'consentEmail',
  consentSms: 'consentEmail',
  earliestOn: 'latestOn',
  latestOn: 'latestOn',
};

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
/** Each a pair of radios, `no` and `yes`, of which `no` is chosen at first. */
const choices = ['someoneElse', 'returning'] as const;

function readTyped(form: HTMLFormElement): PatientForm {
  const typed = new FormData(form);
  const text = Object.fromEntries(textInputs.map((name) => [name, String(typed.get(name) ?? '')]));
  const ticked = Object.fromEntries(ticks.map((name) => [name, typed.has(name)]));
  const chosen = Object.fromEntries(choices.map((name) => [name, typed.get(name) === 'yes']));
  return { ...text, ...ticked, ...chosen } as unknown as PatientForm;
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
  for (const name of choices) {
    const pair = form.elements.namedItem(name);
    if (pair instanceof RadioNodeList && kept[name]) pair.value = 'yes';
  }
}
