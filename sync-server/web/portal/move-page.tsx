import { formatPhone } from '@medic/shared/model/phone';
import type { Instant, PlainDate } from '@medic/shared/time/instant';
import { type FormEvent, useState } from 'react';
import type { FreeTime } from '../api';
import { Link } from '../navigation';
import { CallLine } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { doctorOf, fullName, visitorTime, whenOf } from '../visit';
import { words } from '../words';
import { loadMoveTimes } from './move-times';
import css from './portal.module.css';
import { type MoveTarget, type PortalRoute, portalRoute } from './portal-route';
import { type Refused, useAct, useAnswer, usePortal, type VisitAnswer } from './session';
import { TimePicker } from './time-picker';
import { FailureNote, RefusedNote, View } from './view';
import { momentOf, shortWhen, VisitLines } from './visit-parts';
import { portalWords } from './words';

interface MovePageProps {
  route: PortalRoute;
  today: PlainDate;
}

/** First a time, then a question. The old time stays the patient's until the new one is booked. */
export function MovePage({ route, today }: MovePageProps) {
  const { clinic } = usePortal();
  const visitId = route.visit ?? '';
  const {
    data: visit,
    failure,
    again,
  } = useAnswer(`visit ${visitId}`, (api, slug, options) =>
    api.visit.query({ clinic: slug, visitId }, options),
  );
  const back = { to: portalRoute(clinic, 'visit', visitId), label: portalWords.frame.toVisit };
  if (!visit) {
    return (
      <View title={portalWords.move.title} back={back} loading={!failure}>
        <FailureNote failure={failure} onAgain={again} />
      </View>
    );
  }
  if (!visit.may.move) return <ClosedMove visit={visit} back={back} />;
  return route.to ? (
    <MoveReview visit={visit} route={route} to={route.to} onRefused={again} />
  ) : (
    <MoveChoice visit={visit} route={route} today={today} back={back} />
  );
}

type Back = { to: PortalRoute; label: string };

function MoveChoice({
  visit,
  route,
  today,
  back,
}: {
  visit: VisitAnswer;
  route: PortalRoute;
  today: PlainDate;
  back: Back;
}) {
  const { answer, go, say } = usePortal();
  const anyDoctor = route.doctor === 'any';
  const [chosen, setChosen] = useState<{ slot: FreeTime; key: string } | null>(null);
  const key = `times ${visit.id} ${route.doctor} ${route.date}`;
  const { data, failure, again } = useAnswer(key, (api, clinic, options) =>
    loadMoveTimes(
      (from, until) =>
        api.slots.query(
          {
            clinic,
            visitId: visit.id,
            doctorId: anyDoctor ? null : visit.doctorId,
            locationId: null,
            from,
            until,
          },
          options,
        ),
      { asked: route.date, today, anyDoctor },
    ),
  );
  const slot = chosen?.key === key ? chosen.slot : null;
  const type = answer.appointmentTypes.find(({ id }) => id === visit.appointmentTypeId);
  const others = (type?.doctorIds.length ?? 0) > 1;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (slot) go({ ...route, to: targetOf(slot) });
  }

  const summary = (
    <section className="card">
      <p className={css.muted}>{portalWords.move.now(shortWhen(visit))}</p>
      <p>
        <strong>{visit.doctorName}</strong>
      </p>
      <p>
        {visit.appointmentTypeName}, {visit.locationName}
      </p>
      <p className={css.muted}>{portalWords.move.keepUntil}</p>
    </section>
  );
  return (
    <View title={portalWords.move.title} back={back} loading={!data && !failure} side={summary}>
      {others && (
        <nav aria-label={portalWords.move.who}>
          <ul className={css.chips}>
            {([null, 'any'] as const).map((doctor) => (
              <li key={doctor}>
                <Link
                  className="chip"
                  to={{ ...route, doctor, date: null }}
                  focus="keep"
                  replace
                  aria-current={route.doctor === doctor ? 'true' : undefined}
                >
                  {doctor === null ? visit.doctorName : portalWords.move.any}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <FailureNote failure={failure} onAgain={again} />
      {data && !data.nextFreeOn && !data.week.some((day) => day.count > 0) && (
        <Note icon="calendar">
          <h2>{portalWords.move.none}</h2>
          <p>{portalWords.move.noneHint}</p>
          <CallLine phone={answer.clinic.phone} />
        </Note>
      )}
      {data && (data.nextFreeOn || data.week.some((day) => day.count > 0)) && (
        <form className={css.form} method="get" onSubmit={submit}>
          <TimePicker
            times={data}
            today={today}
            capacity={type?.capacity ?? 1}
            anyDoctor={anyDoctor}
            own={visit}
            toDay={(date) => ({ ...route, date })}
            onChoose={(choice) => {
              setChosen({ slot: choice, key });
              say(words.slots.saidChosen(whenOf(choice).time));
            }}
          />
          {data.date && (
            <div className={`${css.bar} ${slot ? css.ready : ''}`}>
              {slot ? (
                <ChosenLine slot={slot} />
              ) : (
                <p className={css.muted}>{portalWords.move.chooseFirst}</p>
              )}
              <button className="button primary wide" type="submit">
                {slot ? portalWords.move.continue(whenOf(slot).time) : words.slots.continue}
              </button>
            </div>
          )}
        </form>
      )}
    </View>
  );
}

function ChosenLine({ slot }: { slot: FreeTime }) {
  const { answer } = usePortal();
  const own = visitorTime(slot.startsAt, slot.timeZone);
  const doctor = doctorOf(answer, slot);
  return (
    <p>
      <strong>{shortWhen(slot)}</strong> {own && words.frame.whereYouAre(own)}
      {doctor && `, ${fullName(doctor)}`}
    </p>
  );
}

interface Moved {
  visitId: string;
  startsAt: Instant;
}

interface MoveReviewProps {
  visit: VisitAnswer;
  route: PortalRoute;
  to: MoveTarget;
  onRefused(): void;
}

function MoveReview({ visit, route, to, onRefused }: MoveReviewProps) {
  const { clinic, answer, goWith } = usePortal();
  const [refused, setRefused] = useState<Refused | null>(null);
  const move = useAct('move', (api, input: Omit<MoveTarget, 'at'> & Moved, request, options) =>
    api.reschedule.mutate({ ...request, ...input }, options),
  );
  const place = answer.locations.find(({ id }) => id === to.locationId);
  const doctor = answer.doctors.find(({ id }) => id === to.doctorId);
  const toVisit = portalRoute(clinic, 'visit', visit.id);
  const target: VisitAnswer = {
    ...visit,
    startsAt: to.at as Instant,
    endsAt: (to.at + visit.endsAt - visit.startsAt) as Instant,
    timeZone: place?.timeZone ?? visit.timeZone,
    doctorName: doctor ? fullName(doctor) : visit.doctorName,
    locationName: place?.name ?? visit.locationName,
    street: place?.street ?? visit.street,
    city: place?.city ?? visit.city,
  };

  const isSoon = to.at - answer.clinic.cancelWindowMinutes * 60_000 <= Date.now();

  async function confirm() {
    setRefused(null);
    const result = await move.run({
      visitId: visit.id,
      doctorId: to.doctorId,
      locationId: to.locationId,
      startsAt: to.at as Instant,
    });
    if (!result) return;
    if (result.kind === 'refused') {
      setRefused(result);
      onRefused();
      return;
    }
    const when = shortWhen(result.visit);
    goWith(
      result.visit.status === 'pending'
        ? portalWords.visit.movedPending(when)
        : portalWords.visit.moved(when),
      toVisit,
    );
  }

  return (
    <View
      title={portalWords.move.review}
      back={{ to: { ...route, to: null }, label: portalWords.move.other }}
      narrow
    >
      <RefusedNote refused={refused} toTime={(time) => ({ ...route, to: targetOf(time) })} />
      <FailureNote failure={move.failure} acting />
      <section className={css.part}>
        <h2>{portalWords.move.from}</h2>
        <div className="card">
          <VisitLines visit={visit} />
        </div>
      </section>
      <section className={css.part}>
        <h2>{portalWords.move.to}</h2>
        <div className={`card ${css.target}`}>
          <VisitLines visit={target} />
        </div>
      </section>
      <p className={css.lead}>{portalWords.move.keepUntil}</p>
      {isSoon && (
        <Note icon="info" bare>
          <p>{portalWords.move.soon}</p>
        </Note>
      )}
      <button
        className="button primary wide"
        type="button"
        aria-disabled={move.busy || undefined}
        onClick={() => void confirm()}
      >
        {move.busy ? portalWords.move.moving : portalWords.move.confirm}
      </button>
      <Link className="button wide" to={toVisit}>
        {portalWords.move.keep}
      </Link>
    </View>
  );
}

function ClosedMove({ visit, back }: { visit: VisitAnswer; back: Back }) {
  const { answer } = usePortal();
  const phone = visit.locationPhone ?? answer.clinic.phone;
  const late = visit.status === 'booked' || visit.status === 'pending';
  return (
    <View title={portalWords.move.closed} back={back} narrow>
      <p className={css.lead}>
        {late &&
          !visit.may.cancel &&
          `${portalWords.visit.late(momentOf(visit.changeUntil, visit.timeZone))} `}
        {portalWords.move.closedText}
      </p>
      <section className="card">
        <VisitLines visit={visit} />
      </section>
      {phone && (
        <a className="button primary wide" href={`tel:${phone}`}>
          <Icon name="phone" size={18} />
          {portalWords.cancel.call(formatPhone(phone))}
        </a>
      )}
      <Link className="button wide" to={back.to}>
        {portalWords.frame.keep}
      </Link>
    </View>
  );
}

function targetOf(slot: FreeTime): MoveTarget {
  return { at: slot.startsAt, doctorId: slot.doctorId, locationId: slot.locationId };
}
