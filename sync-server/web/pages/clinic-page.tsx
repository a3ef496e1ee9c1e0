import { formatPhone } from '@medic/shared/model/phone';
import { type FormEvent, useRef } from 'react';
import type { Doctor } from '../api';
import { filterChoices, filterDoctors } from '../doctor-filter';
import type { ClinicPage as Data } from '../load';
import { Link, useNavigation } from '../navigation';
import { anyDoctor, type DoctorFilter, firstView, hrefOf, noFilter } from '../route';
import { localTime } from '../time';
import { Avatar } from '../ui/avatar';
import { Frame, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import slotCss from '../ui/slot.module.css';
import { TimeLink } from '../ui/time-link';
import { address, directionsHref, fullName, typeOfNext, zoneOf } from '../visit';
import { languageName, words } from '../words';
import css from './clinic-page.module.css';

/** Shown at first; a clinic of fifty doctors would else send three times as much. */
const firstDoctors = 10;

export function ClinicPage({ data }: { data: Data }) {
  const { answer, route } = data;
  const { clinic } = answer;
  const found = filterDoctors(answer, route.filter);
  const shown = route.filter.all ? found : found.slice(0, firstDoctors);
  const hidden = found.length - shown.length;
  return (
    <Frame answer={answer}>
      <Title>{words.clinic.title(clinic.name)}</Title>
      <Search data={data} />
      <div className={css.columns}>
        <section aria-labelledby="doctors">
          <div className={css.countLine}>
            <h2 id="doctors">{words.clinic.count(found.length)}</h2>
            {found.length > 1 && <p>{words.clinic.soonest}</p>}
          </div>
          {found.length === 0 && (
            <div className="card">
              <h3>{words.clinic.noMatch}</h3>
              <p>{words.clinic.noMatchHint}</p>
              <Link className="button" to={{ page: 'clinic', clinic: clinic.slug, filter: noFilter }}>
                {words.clinic.clear}
              </Link>
            </div>
          )}
          <ul className={css.doctors}>
            {shown.map((doctor) => (
              <li key={doctor.id}>
                <DoctorCard data={data} doctor={doctor} />
              </li>
            ))}
          </ul>
          {hidden > 0 && (
            <Link
              className="button"
              focus="keep"
              to={{ page: 'clinic', clinic: clinic.slug, filter: { ...route.filter, all: true } }}
            >
              {words.clinic.showMore(hidden)}
            </Link>
          )}
        </section>
        <Aside data={data} />
      </div>
    </Frame>
  );
}

/** A plain GET form: it works before the script, which then searches at each choice. */
function Search({ data }: { data: Data }) {
  const { answer, route } = data;
  const { go, say } = useNavigation();
  const form = useRef<HTMLFormElement>(null);
  const choices = filterChoices(answer);
  const { filter } = route;

  function search() {
    if (!form.current) return;
    const typed = new FormData(form.current);
    const read = (name: string) => String(typed.get(name) ?? '').trim();
    const next: DoctorFilter = {
      text: read('q'),
      specialty: read('specialty'),
      place: read('place'),
      language: read('language'),
      all: false,
    };
    go({ page: 'clinic', clinic: route.clinic, filter: next }, { focus: 'keep', replace: true });
    say(words.clinic.results(filterDoctors(answer, next).length));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    search();
  }

  return (
    // The key lets a cleared search clear the fields, which keep their own state.
    <search>
      <form
        key={hrefOf({
          page: 'clinic',
          clinic: route.clinic,
          filter: { ...noFilter, ...(filter.text ? {} : filter), all: false, text: '' },
        })}
        ref={form}
        className={css.search}
        method="get"
        action={hrefOf({ page: 'clinic', clinic: route.clinic, filter: noFilter })}
        onSubmit={submit}
      >
        <div className={css.text}>
          <input
            type="search"
            name="q"
            defaultValue={filter.text}
            placeholder={words.clinic.search}
            aria-label={words.clinic.search}
            autoComplete="off"
            enterKeyHint="search"
          />
        </div>
        <div className={css.selects}>
          <Choice
            name="specialty"
            label={words.clinic.specialty}
            value={filter.specialty}
            options={choices.specialties.map((name) => ({ value: name, label: name }))}
            onChoose={search}
          />
          <Choice
            name="place"
            label={words.clinic.place}
            value={filter.place}
            options={choices.places}
            onChoose={search}
          />
          <Choice
            name="language"
            label={words.clinic.language}
            value={filter.language}
            options={choices.languages}
            onChoose={search}
          />
        </div>
        <button className={`button primary ${css.submit}`} type="submit">
          <Icon name="search" />
          <span>{words.clinic.searchButton}</span>
        </button>
      </form>
    </search>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  value: string;
  options: { value: string; label: string }[];
  onChoose(): void;
}

function Choice({ name, label, value, options, onChoose }: ChoiceProps) {
  return (
    <select
      name={name}
      aria-label={label}
      defaultValue={value}
      onChange={onChoose}
      className={value ? css.chosen : undefined}
    >
      <option value="">{label}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function DoctorCard({ data, doctor }: { data: Data; doctor: Doctor }) {
  const { answer } = data;
  const places = answer.locations
    .filter((place) => doctor.locationIds.includes(place.id))
    .map((place) => place.name);
  return (
    <article className={`card ${css.doctor}`}>
      <div className={css.who}>
        <Avatar name={doctor.name} photoUrl={doctor.photoUrl} />
        <div>
          <h3>
            <Link to={{ page: 'doctor', clinic: answer.clinic.slug, doctor: doctor.slug }}>
              {fullName(doctor)}
            </Link>
          </h3>
          <p className={css.specialty}>{doctor.specialty}</p>
          <ul className={css.facts}>
            <li>
              <Icon name="place" size={16} />
              {words.date.list(places)}
            </li>
            <li>
              <Icon name="world" size={16} />
              {doctor.languages.map(languageName).join(', ')}
            </li>
            {doctor.needsAccepting && (
              <li>
                <Icon name="hourglass" size={16} />
                {words.clinic.answers}
              </li>
            )}
          </ul>
        </div>
      </div>
      <NextTimes data={data} doctor={doctor} />
    </article>
  );
}

function NextTimes({ data, doctor }: { data: Data; doctor: Doctor }) {
  const { answer, now } = data;
  const slug = answer.clinic.slug;
  const first = doctor.nextSlots[0];
  const type = first && typeOfNext(answer, first);
  if (!first) {
    return (
      <div className={css.next}>
        <p>
          <strong>{words.clinic.noneOnline}</strong>
        </p>
        <p className={css.muted}>{words.clinic.noneOnlineHint}</p>
      </div>
    );
  }
  const zone = zoneOf(answer, first);
  const day = localTime(first.startsAt, zone).date;
  const today = localTime(now, zone).date;
  const sameDay = doctor.nextSlots.filter((slot) => localTime(slot.startsAt, zone).date === day);
  return (
    <div className={css.next}>
      <p>
        {words.clinic.nextFree}
        <strong>{words.date.relativeFirst(day, today)}</strong>{' '}
        {type && (
          <span className={css.muted}>
            {type.name}, {words.frame.minutes(type.durationMinutes)}
          </span>
        )}
      </p>
      <ul className={slotCss.row}>
        {sameDay.map((slot) => {
          const local = localTime(slot.startsAt, zone);
          const of = typeOfNext(answer, slot);
          return (
            <li key={slot.startsAt}>
              <TimeLink
                to={
                  of
                    ? {
                        page: 'slots',
                        clinic: slug,
                        doctor: doctor.slug,
                        type: of.slug,
                        ...firstView,
                        date: local.date,
                        time: local.time,
                      }
                    : { page: 'doctor', clinic: slug, doctor: doctor.slug }
                }
                time={local.time}
                name={words.clinic.timeAt(
                  words.date.relative(local.date, today),
                  local.time,
                  fullName(doctor),
                )}
              />
            </li>
          );
        })}
        <li>
          <Link
            className={slotCss.more}
            to={{ page: 'doctor', clinic: slug, doctor: doctor.slug }}
            aria-label={words.clinic.moreOf(fullName(doctor))}
          >
            {words.clinic.more}
          </Link>
        </li>
      </ul>
    </div>
  );
}

function Aside({ data }: { data: Data }) {
  const { clinic, locations } = data.answer;
  return (
    <aside className={css.aside}>
      <section className="card">
        <h2>{words.clinic.anyDoctor}</h2>
        <p className={css.muted}>{words.clinic.anyDoctorHint}</p>
        <Link className="button" to={{ page: 'doctor', clinic: clinic.slug, doctor: anyDoctor }}>
          {words.clinic.anyDoctorButton}
        </Link>
      </section>
      <section className="card">
        <h2>{words.clinic.places(locations.length)}</h2>
        <ul className={css.places}>
          {locations.map((place) => (
            <li key={place.id}>
              <h3>{place.name}</h3>
              <p>{address(place)}</p>
              {place.directions && <p className={css.muted}>{place.directions}</p>}
              <a
                className="text-link"
                href={directionsHref(place)}
                rel="noreferrer"
                target="_blank"
                aria-label={words.clinic.directionsTo(place.name)}
              >
                <Icon name="directions" size={18} />
                {words.clinic.directions}
              </a>
            </li>
          ))}
        </ul>
      </section>
      {clinic.about && (
        <section className="card">
          <h2>{words.clinic.about(clinic.name)}</h2>
          <p className={css.muted}>{clinic.about}</p>
        </section>
      )}
      {clinic.phone && (
        <section className="card">
          <h2>{words.clinic.rather}</h2>
          <a className="text-link" href={`tel:${clinic.phone}`}>
            <Icon name="phone" size={18} />
            {formatPhone(clinic.phone)}
          </a>
        </section>
      )}
    </aside>
  );
}
