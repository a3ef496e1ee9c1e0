import type { PlainDate } from '@medic/shared/time/instant';
import { isPlainDate } from '@medic/shared/time/plain-date';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PortalAsked } from '../api';
import { TextArea, TextField, Tick } from '../ui/field';
import fieldCss from '../ui/field.module.css';
import { fullName } from '../visit';
import { checkWishes, emptyWishes, partWishes, type WishesProblems } from '../wishes-form';
import { words } from '../words';
import { PeopleChoice } from './people-choice';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { type Refused, useAct, useMe, usePortal } from './session';
import { FailureNote, RefusedNote, View } from './view';
import { portalWords } from './words';

type Wishes = PortalAsked['joinWaitlist']['wishes'];

type Problems = WishesProblems & { type?: string };

/** What would suit somebody of this session. */
export function JoinPage({ today }: { today: PlainDate }) {
  const { clinic, answer, goWith } = usePortal();
  const me = useMe();
  const [person, setPerson] = useState(me.people[0]?.id ?? '');
  const [typeId, setTypeId] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const [refused, setRefused] = useState<Refused | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const join = useAct('join', (api, input: { patientId: string; wishes: Wishes }, request, options) =>
    api.joinWaitlist.mutate({ ...request, ...input }, options),
  );

  useEffect(() => {
    const [first] = Object.keys(problems);
    const field = first && form.current?.elements.namedItem(first);
    if (field instanceof HTMLElement) field.focus();
  }, [problems]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setRefused(null);
    const typed = new FormData(event.currentTarget);
    const text = (name: string) => String(typed.get(name) ?? '').trim();
    const found: Problems = {
      ...(typeId === '' && { type: portalWords.join.chooseType }),
      ...checkWishes({ ...emptyWishes, earliestOn: text('earliestOn'), latestOn: text('latestOn') }, today),
    };
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const date = (name: string) => (isPlainDate(text(name)) ? (text(name) as PlainDate) : null);
    const all = (name: string) => typed.getAll(name).map(String);
    const result = await join.run({
      patientId: person,
      wishes: {
        appointmentTypeId: typeId,
        doctorIds: all('doctors'),
        locationIds: all('places'),
        weekdays: all('weekdays').map(Number),
        partsOfDay: partWishes.filter((part) => typed.getAll('parts').includes(part)),
        earliestOn: date('earliestOn'),
        latestOn: date('latestOn'),
        urgency: typed.has('soon') ? 'soon' : 'routine',
        note: text('note'),
      },
    });
    if (!result) return;
    if (result.kind === 'refused') setRefused(result);
    else goWith(portalWords.waitlist.joined, portalRoute(clinic, 'waitlist'));
  }

  const types = answer.appointmentTypes.filter((type) => type.bookableBy !== 'desk');
  const type = types.find(({ id }) => id === typeId);
  const doctors = answer.doctors.filter((doctor) => type?.doctorIds.includes(doctor.id));
  const places = answer.locations.filter((place) =>
    doctors.some((doctor) => doctor.locationIds.includes(place.id)),
  );
  return (
    <View
      title={portalWords.join.title}
      back={{ to: portalRoute(clinic, 'waitlist'), label: portalWords.waitlist.title }}
      narrow
    >
      <p className={css.lead}>{portalWords.join.intro}</p>
      <form ref={form} className={css.form} method="post" noValidate onSubmit={(event) => void submit(event)}>
        <PeopleChoice people={me.people} chosen={person} onChoose={(id) => id !== null && setPerson(id)} />
        <div className={fieldCss.field}>
          <label htmlFor="type" className={fieldCss.label}>
            {portalWords.join.type}
          </label>
          {problems.type && (
            <p id="type-problem" className={fieldCss.problem}>
              {problems.type}
            </p>
          )}
          <select
            id="type"
            name="type"
            className={fieldCss.input}
            value={typeId}
            onChange={(event) => setTypeId(event.target.value)}
            aria-invalid={problems.type ? true : undefined}
            aria-describedby={problems.type ? 'type-problem' : undefined}
          >
            <option value="">{portalWords.join.choose}</option>
            {types.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </div>
        {doctors.length > 1 && (
          <Ticks
            name="doctors"
            legend={words.waitlist.doctor}
            options={doctors.map((doctor) => ({ value: doctor.id, label: fullName(doctor) }))}
          />
        )}
        {places.length > 1 && (
          <Ticks
            name="places"
            legend={words.waitlist.places}
            options={places.map(({ id, name }) => ({ value: id, label: name }))}
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
          <div className={css.pair}>
            <TextField
              id="earliestOn"
              label={words.waitlist.earliest}
              problem={problems.earliestOn}
              type="date"
              min={today}
            />
            <TextField
              id="latestOn"
              label={words.waitlist.latest}
              problem={problems.latestOn}
              type="date"
              min={today}
            />
          </div>
        </fieldset>
        <Tick id="soon">{words.waitlist.soon}</Tick>
        <TextArea id="note" label={words.waitlist.note} optional rows={3} maxLength={500} />
        <RefusedNote refused={refused} />
        <FailureNote failure={join.failure} acting />
        <button className="button primary wide" type="submit" aria-disabled={join.busy || undefined}>
          {join.busy ? words.waitlist.joining : words.waitlist.submit}
        </button>
      </form>
    </View>
  );
}

interface TicksProps {
  name: string;
  legend: string;
  options: { value: string; label: string }[];
}

/** Of which nothing, one or several may be ticked. */
function Ticks({ name, legend, options }: TicksProps) {
  return (
    <fieldset className={fieldCss.group} aria-describedby={`${name}-hint`}>
      <legend className={fieldCss.label}>{legend}</legend>
      <p id={`${name}-hint`} className={fieldCss.hint}>
        {words.waitlist.anyHint}
      </p>
      <div className={css.ticks}>
        {options.map(({ value, label }) => (
          <label key={value} className={css.choice}>
            <input type="checkbox" name={name} value={value} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
