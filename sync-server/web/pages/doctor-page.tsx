import { emergencyNumber } from '@medic/shared/model/phone';
import type { DoctorPage as Data } from '../load';
import { Link } from '../navigation';
import { anyDoctor, firstView, noFilter, type Route } from '../route';
import { localTime } from '../time';
import { Avatar } from '../ui/avatar';
import { Frame, Steps, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import slotCss from '../ui/slot.module.css';
import { TimeLink } from '../ui/time-link';
import { address, directionsHref, fullName, placeOf } from '../visit';
import { languageName, words } from '../words';
import css from './doctor-page.module.css';

/** A doctor and the visits to choose from; for any doctor only the visits. */
export function DoctorPage({ data }: { data: Data }) {
  const { answer, doctor } = data;
  const back: Route = { page: 'clinic', clinic: answer.clinic.slug, filter: noFilter };
  if (!doctor) {
    return (
      <Frame answer={answer}>
        <div className={css.narrow}>
          <Steps back={back} backLabel={words.doctor.all} step={1} />
          <Title>{words.doctor.forWhat}</Title>
          <p className={css.lead}>{words.doctor.withAny}</p>
          <h2 className="visually-hidden">{words.doctor.visits}</h2>
          <Visits data={data} />
          <Emergency data={data} />
        </div>
      </Frame>
    );
  }
  return (
    <Frame answer={answer}>
      <Steps back={back} backLabel={words.doctor.all} />
      <div className={css.layout}>
        <div className={css.head}>
          <Avatar name={doctor.name} photoUrl={doctor.photoUrl} large />
          <div>
            <Title>{fullName(doctor)}</Title>
            <p className={css.lead}>{doctor.specialty}</p>
            <p className={css.languages}>
              <Icon name="world" size={18} />
              {doctor.languages.map(languageName).join(', ')}
            </p>
            {doctor.needsAccepting && (
              <p className={css.languages}>
                <Icon name="hourglass" size={18} />
                {words.clinic.answers}
              </p>
            )}
          </div>
        </div>
        <div className={css.side}>
          <Next data={data} />
          <Note icon="info">
            <p>{words.doctor.cancel(answer.clinic.cancelWindowMinutes)}</p>
          </Note>
        </div>
        <div className={css.main}>
          <h2 id="visits">{words.doctor.visits}</h2>
          <Visits data={data} />
          {doctor.bio && (
            <>
              <h2>{words.doctor.about}</h2>
              <p className={css.bio}>{doctor.bio}</p>
            </>
          )}
          <h2>{words.doctor.where}</h2>
          <Places data={data} />
          <Emergency data={data} />
        </div>
      </div>
    </Frame>
  );
}

function Next({ data }: { data: Data }) {
  const { answer, doctor, next, today } = data;
  const first = next?.slots[0];
  if (!doctor || !next || !first) {
    return (
      <section className="card">
        <p>
          <strong>{words.doctor.noneOnline}</strong>
        </p>
        <p>{words.clinic.noneOnlineHint}</p>
      </section>
    );
  }
  const day = localTime(first.startsAt, first.timeZone).date;
  const visit = {
    page: 'slots' as const,
    clinic: answer.clinic.slug,
    doctor: doctor.slug,
    type: next.type.slug,
    ...firstView,
  };
  return (
    <section className={`card ${css.next}`}>
      <p>
        {words.clinic.nextFree}
        <strong>{words.date.relativeFirst(day, today)}</strong>
      </p>
      <p className={css.muted}>
        {next.type.name}, {words.frame.minutes(next.type.durationMinutes)}, {placeOf(answer, first)?.name}
      </p>
      <ul className={slotCss.row}>
        {next.slots.map((slot) => {
          const local = localTime(slot.startsAt, slot.timeZone);
          return (
            <li key={slot.startsAt}>
              <TimeLink
                to={{ ...visit, date: local.date, time: local.time }}
                time={local.time}
                below={local.date === day ? undefined : words.date.relative(local.date, today)}
                name={words.clinic.timeAt(
                  words.date.relative(local.date, today),
                  local.time,
                  fullName(doctor),
                )}
              />
            </li>
          );
        })}
      </ul>
      <a className="button primary wide" href="#visits">
        {words.doctor.choose}
      </a>
    </section>
  );
}

function Visits({ data }: { data: Data }) {
  const { answer, doctor, visits, today } = data;
  const { clinic } = answer;
  return (
    <ul className="rows">
      {visits.map(({ type, firstFreeOn }) => {
        const about = [
          words.frame.minutes(type.durationMinutes),
          type.capacity > 1 ? words.doctor.group(type.capacity) : '',
        ]
          .filter(Boolean)
          .join(', ');
        if (type.bookableBy === 'desk') {
          return (
            <li key={type.id} className="row">
              <div>
                <h3>{type.name}</h3>
                <p>{words.doctor.byPhone}</p>
              </div>
              {clinic.phone && (
                <a className="text-link" href={`tel:${clinic.phone}`}>
                  <Icon name="phone" size={18} />
                  {words.doctor.call}
                </a>
              )}
            </li>
          );
        }
        return (
          <li key={type.id}>
            <Link
              className="row"
              to={{
                page: 'slots',
                clinic: clinic.slug,
                doctor: doctor?.slug ?? anyDoctor,
                type: type.slug,
                ...firstView,
              }}
            >
              <div>
                <h3>
                  {type.name} <span className={css.length}>{about}</span>
                </h3>
                {type.description && <p>{type.description}</p>}
                <p className={firstFreeOn ? css.free : undefined}>
                  {firstFreeOn
                    ? words.doctor.firstFree(words.date.relative(firstFreeOn, today))
                    : words.doctor.noneOnline}
                </p>
              </div>
              <Icon name="forward" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Places({ data }: { data: Data }) {
  const { answer, doctor } = data;
  return (
    <ul className="rows">
      {answer.locations
        .filter((place) => doctor?.locationIds.includes(place.id))
        .map((place) => (
          <li key={place.id} className="row">
            <div>
              <h3>{place.name}</h3>
              <p>{address(place)}</p>
              {place.directions && <p>{place.directions}</p>}
            </div>
            <a
              className="text-link"
              href={directionsHref(place)}
              rel="noreferrer"
              target="_blank"
              aria-label={words.clinic.directionsTo(place.name)}
            >
              {words.clinic.directions}
            </a>
          </li>
        ))}
    </ul>
  );
}

function Emergency({ data }: { data: Data }) {
  const line = words.doctor.emergency(emergencyNumber(data.answer.clinic.country));
  return (
    <Note icon="alert" tone="amber">
      <p>
        {line.before}
        <strong>{line.number}</strong>
        {line.after}
      </p>
    </Note>
  );
}
