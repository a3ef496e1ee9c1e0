import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { BrowserApi, JoinAnswer, JoinInput } from '../api';
import {
  attemptId,
  forgetAttempt,
  forgetJoined,
  hasJoined,
  keepJoined,
  readWishes,
  saveWishes,
} from '../draft';
import { codeOf, type Failure, failureOf } from '../failure';
import { proofFor } from '../hold/proof';
import type { WaitlistPage as Data } from '../load';
import { Link, useHydrated, useNavigation, useOnline } from '../navigation';
import { type FormProblems, type PatientForm, patientOf } from '../patient-form';
import { firstView, hrefOf, type Route } from '../route';
import { ChoicePair } from '../ui/choice-pair';
import { TextField } from '../ui/field';
import fieldCss from '../ui/field.module.css';
import { CallLine, Frame, Steps, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { OfflineNote, PatientFields, ProblemSummary } from '../ui/patient-fields';
import { usePatientForm } from '../use-patient-form';
import { fullName } from '../visit';
import { checkWishes, partWishes, type WishesForm, wishesOf } from '../wishes-form';
import { words } from '../words';
import css from './waitlist-page.module.css';

type FailedBecause = keyof typeof words.waitlist.failures;

interface Failed {
  because: FailedBecause;
  /** What the server says about it. */
  texts: string[];
}

/** Wishes and details, to be written to when a time opens up. */
export function WaitlistPage({ data }: { data: Data }) {
  const { answer, route } = data;
  const { clinic } = answer;
  const hydrated = useHydrated();
  const [joined, setJoined] = useState(false);
  const address = hrefOf(route);
  if (joined || (hydrated && hasJoined(clinic.slug, address))) return <Joined data={data} />;
  return (
    <JoinForm
      data={data}
      onJoined={() => {
        keepJoined(clinic.slug, address);
        setJoined(true);
      }}
    />
  );
}

function JoinForm({ data, onJoined }: { data: Data; onJoined(): void }) {
  const { answer, doctor, type, today } = data;
  const { clinic } = answer;
  const { api, say } = useNavigation();
  const hydrated = useHydrated();
  const online = useOnline();
  const patient = usePatientForm(clinic, today);
  const [joining, setJoining] = useState(false);
  const [failed, setFailed] = useState<Failed | null>(null);
  const failure = useRef<HTMLDivElement>(null);
  /** A state is seen only after the next render; two clicks may come before it. */
  const underway = useRef(false);

  useLayoutEffect(() => {
    if (patient.form.current) fillWishes(patient.form.current, readWishes(clinic.slug));
  }, [clinic.slug, patient.form]);

  useEffect(() => {
    if (failed) failure.current?.focus();
  }, [failed]);

  function changed(event: FormEvent<HTMLFormElement>) {
    saveWishes(clinic.slug, readWishesTyped(event.currentTarget));
    patient.changed(event);
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const wishes = readWishesTyped(event.currentTarget);
    const typed = patient.check((form) => problemsOf(wishes, form, today));
    if (!typed || !api || underway.current) return;
    if (!navigator.onLine) return setFailed({ because: 'offline', texts: [] });
    underway.current = true;
    setJoining(true);
    setFailed(null);
    say(words.waitlist.saidJoining);
    const asked = {
      wishes: wishesOf(
        wishes,
        { appointmentTypeId: type.id, doctorId: doctor?.id ?? null },
        typed.note.trim(),
      ),
      patient: patientOf(typed, clinic.country, clinic.language),
    };
    try {
      const requestId = attemptId(clinic.slug, JSON.stringify(asked));
      arrive(await joinProven(api, { clinic: clinic.slug, requestId, ...asked }));
    } catch (error) {
      setFailed(failedBecause(error, clinic.slug));
    } finally {
      underway.current = false;
      setJoining(false);
    }
  }

  function arrive(result: JoinAnswer) {
    forgetAttempt(clinic.slug);
    // Who is on it already gets what was asked for: nothing is told that was not known to whoever wrote these details.
    if (result.kind === 'joined') return onJoined();
    setFailed({ because: 'refused', texts: result.reasons.map(({ text }) => text) });
  }

  const places = answer.locations.filter((place) =>
    doctor ? doctor.locationIds.includes(place.id) : offeredAt(data).has(place.id),
  );
  return (
    <Frame answer={answer}>
      <Steps back={slotsRoute(data)} />
      <div className={css.layout}>
        <div>
          <Title>{words.waitlist.title}</Title>
          <p className={css.lead}>{words.waitlist.lead}</p>
        </div>
        <form
          ref={patient.form}
          className={css.form}
          method="post"
          noValidate
          onInput={changed}
          onBlur={patient.left}
          onSubmit={(event) => void submit(event)}
        >
          {hydrated && !online && <OfflineNote />}
          {patient.summed && <ProblemSummary ref={patient.summary} problems={patient.summed} />}
          {failed && (
            <div ref={failure} role="alert" tabIndex={-1}>
              <Note
                icon={failed.because === 'offline' ? 'offline' : 'warning'}
                tone={failed.because === 'invalid' ? 'rose' : 'amber'}
              >
                <h2>{words.waitlist.failures[failed.because].title}</h2>
                {failed.texts.map((text) => (
                  <p key={text}>{text}.</p>
                ))}
                <p>{words.waitlist.failures[failed.because].text}</p>
                <CallLine phone={clinic.phone} />
              </Note>
            </div>
          )}
          <section className={`card ${css.wishes}`} aria-labelledby="wishes">
            <h2 id="wishes">{words.waitlist.what}</h2>
            <p>
              <strong>{type.name}</strong>, {words.frame.minutes(type.durationMinutes)}
            </p>
            {doctor ? (
              <ChoicePair
                name="anyDoctor"
                legend={words.waitlist.doctor}
                labels={[words.waitlist.onlyDoctor(fullName(doctor)), words.waitlist.anyDoctor]}
              />
            ) : (
              <p>{words.doctor.any}</p>
            )}
            {places.length > 1 && (
              <Ticks
                name="places"
                legend={words.waitlist.places}
                options={places.map((place) => ({ value: place.id, label: place.name }))}
              />
            )}
            <Ticks
              name="weekdays"
              legend={words.waitlist.days}
              options={words.date.weekdays.map((label, i) => ({ value: String(i + 1), label }))}
            />
            <Ticks
              name="parts"
              legend={words.waitlist.parts}
              options={partWishes.map((part) => ({ value: part, label: words.slots.parts[part] }))}
            />
            <fieldset className={fieldCss.group}>
              <legend className={fieldCss.label}>
                {words.waitlist.dates} <span className={fieldCss.optional}>{words.details.optional}</span>
              </legend>
              <div className={css.dates}>
                <DateField
                  name="earliestOn"
                  label={words.waitlist.earliest}
                  today={today}
                  problems={patient.problems}
                />
                <DateField
                  name="latestOn"
                  label={words.waitlist.latest}
                  today={today}
                  problems={patient.problems}
                />
              </div>
            </fieldset>
            <ChoicePair
              name="soon"
              legend={words.waitlist.urgency}
              labels={[words.waitlist.routine, words.waitlist.soon]}
            />
          </section>
          <h2>{words.waitlist.aboutYou}</h2>
          <PatientFields
            clinic={clinic}
            problems={patient.problems}
            noteLabel={words.waitlist.note}
            channelHint={words.waitlist.channelHint}
          />
          <noscript>
            <Note icon="info" tone="amber">
              <p>{words.frame.noScript}</p>
              <CallLine phone={clinic.phone} />
            </Note>
          </noscript>
          <button
            className={`button primary ${css.join}`}
            type="submit"
            disabled={!hydrated}
            aria-disabled={joining || undefined}
          >
            {joining ? words.waitlist.joining : words.waitlist.submit}
          </button>
        </form>
      </div>
    </Frame>
  );
}

/** Small questions of which nothing, one or several may be ticked. */
function Ticks({
  name,
  legend,
  options,
}: {
  name: string;
  legend: string;
  options: { value: string; label: string }[];
}) {
  return (
    <fieldset className={fieldCss.group} aria-describedby={`${name}-hint`}>
      <legend className={fieldCss.label}>{legend}</legend>
      <p id={`${name}-hint`} className={fieldCss.hint}>
        {words.waitlist.anyHint}
      </p>
      <div className={css.ticks}>
        {options.map(({ value, label }) => (
          <label key={value} className={css.tick}>
            <input type="checkbox" name={name} value={value} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function DateField({
  name,
  label,
  today,
  problems,
}: {
  name: 'earliestOn' | 'latestOn';
  label: string;
  today: string;
  problems: FormProblems;
}) {
  return <TextField id={name} label={label} problem={problems[name]?.message} type="date" min={today} />;
}

function Joined({ data }: { data: Data }) {
  const { answer } = data;
  const slots = slotsRoute(data);
  return (
    <Frame answer={answer}>
      <div className={css.joined}>
        <span className={css.disc}>
          <Icon name="bell" size={28} />
        </span>
        <Title>{words.waitlist.joined}</Title>
        <p className={css.lead}>{words.waitlist.joinedText}</p>
        <p className={css.lead}>{words.waitlist.joinedKeep}</p>
        {/* A second wish is typed from the start. */}
        <Link className="button primary" to={slots} onClick={() => forgetJoined(answer.clinic.slug)}>
          {words.waitlist.another}
        </Link>
        <CallLine phone={answer.clinic.phone} />
      </div>
    </Frame>
  );
}

async function joinProven(api: BrowserApi, input: JoinInput): Promise<JoinAnswer> {
  return await api.joinWaitlist({ ...input, proof: await proofFor(api, input.clinic, input.requestId) });
}

function failedBecause(error: unknown, clinic: string): Failed {
  const { kind, fields } = failureOf(error);
  // These answers say that nothing was written: the next try is a new one.
  if (kind === 'invalid' || kind === 'not-found' || codeOf(error) === 'proof.required') forgetAttempt(clinic);
  const because: Record<Failure['kind'], FailedBecause> = {
    unreachable: 'doubt',
    ours: 'ours',
    wait: 'wait',
    invalid: 'invalid',
    'not-found': 'invalid',
  };
  return { because: because[kind], texts: fields.map(({ message }) => message) };
}

function slotsRoute({ route }: Data): Route {
  return { page: 'slots', clinic: route.clinic, doctor: route.doctor, type: route.type, ...firstView };
}

/** The places of all doctors who offer the visit. */
function offeredAt({ answer, type }: Data): Set<string> {
  return new Set(
    answer.doctors
      .filter((one) => type.doctorIds.includes(one.id))
      .flatMap((one) => one.locationIds as string[]),
  );
}

function problemsOf(wishes: WishesForm, form: PatientForm, today: Data['today']): FormProblems {
  const found = checkWishes(wishes, today);
  const problems: FormProblems = {};
  if (!form.consentEmail && !form.consentSms)
    problems.consentEmail = { message: words.waitlist.channel, input: 'consentEmail' };
  for (const input of ['earliestOn', 'latestOn'] as const) {
    const message = found[input];
    if (message) problems[input] = { message, input };
  }
  return problems;
}

function readWishesTyped(form: HTMLFormElement): WishesForm {
  const typed = new FormData(form);
  const all = (name: string) => typed.getAll(name).map(String);
  return {
    anyDoctor: typed.get('anyDoctor') === 'yes',
    places: all('places'),
    weekdays: all('weekdays').map(Number),
    parts: partWishes.filter((part) => all('parts').includes(part)),
    earliestOn: String(typed.get('earliestOn') ?? ''),
    latestOn: String(typed.get('latestOn') ?? ''),
    soon: typed.get('soon') === 'yes',
  };
}

function fillWishes(form: HTMLFormElement, kept: WishesForm): void {
  const ticked = new Set([...kept.places, ...kept.weekdays.map(String), ...kept.parts]);
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type="checkbox"][value]')) {
    if (ticked.has(input.value)) input.checked = true;
  }
  for (const name of ['anyDoctor', 'soon'] as const) {
    const pair = form.elements.namedItem(name);
    if (pair instanceof RadioNodeList && kept[name]) pair.value = 'yes';
  }
  for (const name of ['earliestOn', 'latestOn'] as const) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement && input.value === '') input.value = kept[name];
  }
}
