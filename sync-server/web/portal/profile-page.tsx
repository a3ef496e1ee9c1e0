import { callingCode, formatPhone, parsePhone } from '@medic/shared/model/phone';
import type { PlainDate } from '@medic/shared/time/instant';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PortalAnswers, PortalAsked } from '../api';
import { checkField, emptyForm } from '../patient-form';
import { TextField } from '../ui/field';
import fieldCss from '../ui/field.module.css';
import { Note } from '../ui/note';
import { words } from '../words';
import { BirthDateForm } from './birth-date-form';
import { PeopleChoice } from './people-choice';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { type Refused, useAct, useAnswer, useMe, usePortal } from './session';
import { FailureNote, RefusedNote, View } from './view';
import { saveFile } from './visit-parts';
import { portalWords } from './words';

type Profile = PortalAnswers['profile'];
type Details = NonNullable<Profile['details']>;
type Changes = PortalAsked['proposeChanges']['changes'];

/** What the clinic knows of somebody, and how it may write to them. */
export function ProfilePage({ today }: { today: PlainDate }) {
  const { clinic } = usePortal();
  const me = useMe();
  const [person, setPerson] = useState(me.people[0]?.id ?? '');
  const shown = me.people.find(({ id }) => id === person) ?? me.people[0];
  const { data, failure, again } = useAnswer(`profile ${person}`, (api, slug, options) =>
    api.profile.query({ clinic: slug, patientId: person }, options),
  );
  return (
    <View
      title={portalWords.profile.title}
      back={{ to: portalRoute(clinic, 'home'), label: portalWords.frame.back }}
      loading={!data && !failure}
      narrow
    >
      <PeopleChoice people={me.people} chosen={person} onChoose={(id) => id !== null && setPerson(id)} />
      <FailureNote failure={failure} onAgain={again} />
      {data && <Reminders key={`reminders ${person}`} profile={data} />}
      {data && (
        <section className={css.part}>
          <h2 tabIndex={-1}>{portalWords.profile.details}</h2>
          {data.details ? (
            <DetailsForm
              key={`details ${person}`}
              profile={data}
              details={data.details}
              today={today}
              onSent={again}
            />
          ) : (
            shown && <BirthDateForm key={shown.id} person={shown} named={me.people.length > 1} />
          )}
        </section>
      )}
      {data?.details && <Export key={`export ${person}`} patientId={person} />}
    </View>
  );
}

/** Consent counts at once: each box is saved as it is ticked, and goes back where that failed. */
function Reminders({ profile }: { profile: Profile }) {
  const { say } = usePortal();
  const [consent, setConsent] = useState({
    consentEmail: profile.consentEmail,
    consentSms: profile.consentSms,
  });
  const [refused, setRefused] = useState<Refused | null>(null);
  const [saved, setSaved] = useState(false);
  const save = useAct('consent', (api, input: typeof consent & { patientId: string }, request, options) =>
    api.setConsent.mutate({ ...request, ...input }, options),
  );

  async function tick(changed: Partial<typeof consent>) {
    if (save.busy) return;
    const before = consent;
    const wanted = { ...consent, ...changed };
    setConsent(wanted);
    setSaved(false);
    setRefused(null);
    const result = await save.run({ patientId: profile.patientId, ...wanted });
    if (result?.kind === 'saved') {
      setSaved(true);
      say(portalWords.profile.saved);
      return;
    }
    setConsent(before);
    if (result?.kind === 'refused') setRefused(result);
    say(portalWords.profile.notSaved);
  }

  return (
    <section className={css.part}>
      <h2>{portalWords.profile.reminders}</h2>
      <div className="card">
        <p className={css.muted}>{portalWords.profile.remindersText}</p>
        <label className={fieldCss.tick}>
          <input
            type="checkbox"
            checked={consent.consentEmail}
            onChange={(event) => void tick({ consentEmail: event.target.checked })}
          />
          <span>{portalWords.profile.consentEmail}</span>
        </label>
        <label className={fieldCss.tick}>
          <input
            type="checkbox"
            checked={consent.consentSms}
            disabled={!profile.hasPhone && !consent.consentSms}
            onChange={(event) => void tick({ consentSms: event.target.checked })}
          />
          <span>{portalWords.profile.consentSms}</span>
        </label>
        {!profile.hasPhone && <p className={css.muted}>{portalWords.profile.noPhone}</p>}
        {(save.busy || saved) && (
          <p className={css.muted}>{save.busy ? portalWords.profile.saving : portalWords.profile.saved}</p>
        )}
        <RefusedNote refused={refused} />
        <FailureNote failure={save.failure} acting />
      </div>
    </section>
  );
}

interface DetailsFormProps {
  profile: Profile;
  details: Details;
  today: PlainDate;
  onSent(): void;
}

const names = ['givenName', 'familyName', 'phone', 'email'] as const;
type Field = (typeof names)[number];

/** Nothing typed here changes the record: it waits for somebody at the desk, who sees both. */
function DetailsForm({ profile, details, today, onSent }: DetailsFormProps) {
  const { answer, say } = usePortal();
  const { country } = answer.clinic;
  const [problems, setProblems] = useState<Partial<Record<Field, string>>>({});
  const [refused, setRefused] = useState<Refused | null>(null);
  const [done, setDone] = useState<'sent' | 'same' | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const propose = useAct('propose', (api, input: { patientId: string; changes: Changes }, request, options) =>
    api.proposeChanges.mutate({ ...request, ...input }, options),
  );

  useEffect(() => {
    const first = names.find((name) => problems[name]);
    const field = first && form.current?.elements.namedItem(first);
    if (field instanceof HTMLElement) field.focus();
  }, [problems]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setRefused(null);
    setDone(null);
    const typed = new FormData(event.currentTarget);
    const filled = { ...emptyForm };
    for (const name of names) filled[name] = String(typed.get(name) ?? '').trim();
    const found: typeof problems = {};
    for (const name of names) {
      // Who has none recorded need not have one; one that is recorded may be taken out.
      if ((name === 'phone' || name === 'email') && filled[name] === '') continue;
      const problem = checkField(name, filled, country, today);
      if (problem) found[name] = problem.message;
    }
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const phone = parsePhone(filled.phone, country);
    const now = {
      givenName: filled.givenName,
      familyName: filled.familyName,
      phone: 'phone' in phone ? phone.phone : null,
      email: filled.email === '' ? null : filled.email,
    };
    const changes: Changes = Object.fromEntries(
      Object.entries(now).filter(([name, value]) => value !== details[name as Field]),
    );
    if (Object.keys(changes).length === 0) {
      setDone('same');
      say(portalWords.profile.nothingNew);
      return;
    }
    const result = await propose.run({ patientId: profile.patientId, changes });
    if (!result) return;
    if (result.kind === 'refused') return setRefused(result);
    setDone('sent');
    say(portalWords.profile.sent);
    onSent();
  }

  const text = (name: Field) => ({
    id: name,
    label: portalWords.profile.fields[name] ?? '',
    problem: problems[name],
  });
  const code = callingCode(country);
  return (
    <form
      ref={form}
      className={`card ${css.form}`}
      method="post"
      noValidate
      onSubmit={(event) => void submit(event)}
    >
      <p className={css.muted}>{portalWords.profile.detailsText}</p>
      {profile.waiting.length > 0 && (
        <Note icon="hourglass" tone="amber">
          <p>
            {portalWords.profile.waiting(
              profile.waiting.map((field) => (portalWords.profile.fields[field] ?? field).toLowerCase()),
            )}
          </p>
        </Note>
      )}
      <TextField {...text('givenName')} autoComplete="off" maxLength={80} defaultValue={details.givenName} />
      <TextField
        {...text('familyName')}
        autoComplete="off"
        maxLength={80}
        defaultValue={details.familyName}
      />
      <TextField
        {...text('phone')}
        type="tel"
        inputMode="tel"
        autoComplete="off"
        maxLength={30}
        prefix={code && !details.phone ? `+${code}` : undefined}
        defaultValue={details.phone ? formatPhone(details.phone) : ''}
      />
      <TextField
        {...text('email')}
        type="email"
        inputMode="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        defaultValue={details.email ?? ''}
      />
      {details.birthDate && (
        <p>
          {portalWords.profile.fields.birthDate}: <strong>{words.date.birth(details.birthDate)}</strong>
        </p>
      )}
      <RefusedNote refused={refused} />
      <FailureNote failure={propose.failure} acting />
      {done && (
        <Note icon="check" bare>
          <p>{done === 'sent' ? portalWords.profile.sent : portalWords.profile.nothingNew}</p>
        </Note>
      )}
      <button className="button primary" type="submit" aria-disabled={propose.busy || undefined}>
        {propose.busy ? portalWords.profile.sending : portalWords.profile.propose}
      </button>
    </form>
  );
}

function Export({ patientId }: { patientId: string }) {
  const { say } = usePortal();
  const [done, setDone] = useState(false);
  const ask = useAct('export', (api, input: { patientId: string }, { clinic }, options) =>
    api.exportData.mutate({ clinic, ...input }, options),
  );

  async function download() {
    setDone(false);
    const result = await ask.run({ patientId });
    if (!result) return;
    saveFile(result.fileName, 'application/json', JSON.stringify(result.data, null, 2));
    setDone(true);
    say(portalWords.profile.exported);
  }

  return (
    <section className={css.part}>
      <h2>{portalWords.profile.export}</h2>
      <div className={`card ${css.form}`}>
        <p className={css.muted}>{portalWords.profile.exportText}</p>
        <FailureNote failure={ask.failure} />
        <button
          className="button"
          type="button"
          aria-disabled={ask.busy || undefined}
          onClick={() => void download()}
        >
          {ask.busy ? portalWords.profile.exporting : portalWords.profile.exportButton}
        </button>
        {done && (
          <Note icon="check" bare>
            <p>{portalWords.profile.exported}</p>
          </Note>
        )}
      </div>
    </section>
  );
}
