import { type FormEvent, useEffect } from 'react';
import { keepRefusal } from '../draft';
import { HoldEnded, HoldLine } from '../hold/hold-line';
import { type HoldView, useHold } from '../hold/use-hold';
import type { DetailsPage as Data } from '../load';
import { Link, useHydrated, useNavigation, useOnline } from '../navigation';
import { firstView } from '../route';
import { CallLine, Frame, Steps, Title } from '../ui/frame';
import { Note } from '../ui/note';
import { OfflineNote, PatientFields, ProblemSummary } from '../ui/patient-fields';
import { VisitDate } from '../ui/visit-date';
import { usePatientForm } from '../use-patient-form';
import { cancelUntil, fullName, visitorTime, whenOf, wishOf } from '../visit';
import { words } from '../words';
import css from './details-page.module.css';

export function DetailsPage({ data }: { data: Data }) {
  const { answer, route, slot } = data;
  const { clinic } = answer;
  const { go } = useNavigation();
  const hydrated = useHydrated();
  const online = useOnline();
  const { form, problems, summed, summary, changed, left, check } = usePatientForm(clinic, data.today);
  const hold = useHold(clinic.slug, wishOf(data));
  const { keeping } = hold;

  useEffect(() => {
    if (keeping.state !== 'lost') return;
    keepRefusal(clinic.slug, route.start.at, keeping.refusal);
    go({ ...route, page: 'taken' }, { replace: true });
  }, [keeping, clinic.slug, route, go]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (check()) go({ ...route, page: 'review' });
  }

  return (
    <Frame answer={answer}>
      <Steps back={slotsRoute(data)} step={3} />
      <div className={css.layout}>
        <Title>{words.details.title}</Title>
        <div className={css.side}>
          <VisitCard data={data} hold={hold} />
        </div>
        <form
          ref={form}
          className={css.form}
          method="post"
          noValidate
          onInput={changed}
          onBlur={left}
          onSubmit={submit}
        >
          {hydrated && !online && <OfflineNote />}
          <HoldEnded view={hold} slot={slot} others={slotsRoute(data)} />
          {summed && <ProblemSummary ref={summary} problems={summed} />}
          <PatientFields clinic={clinic} problems={problems} />
          <noscript>
            <Note icon="info" tone="amber">
              <p>{words.frame.noScript}</p>
              <CallLine phone={clinic.phone} />
            </Note>
          </noscript>
          {/* Without script there is nobody to take the form: details must not end up in an address. */}
          <button className={`button primary ${css.continue}`} type="submit" disabled={!hydrated}>
            {words.details.continue}
          </button>
          <Note icon="lock" bare>
            <p>{words.details.notBooked}</p>
          </Note>
        </form>
      </div>
    </Frame>
  );
}

function slotsRoute(data: Data) {
  const { route, slot } = data;
  const when = whenOf(slot);
  return {
    page: 'slots' as const,
    clinic: route.clinic,
    doctor: route.doctor,
    type: route.type,
    ...firstView,
    date: when.date,
    time: when.time,
  };
}

function VisitCard({ data, hold }: { data: Data; hold: HoldView }) {
  const { slot, doctor, type, place, answer, now } = data;
  const hydrated = useHydrated();
  const when = whenOf(slot);
  const own = hydrated ? visitorTime(slot.startsAt, slot.timeZone) : null;
  const until = cancelUntil(slot.startsAt, slot.timeZone, answer.clinic.cancelWindowMinutes, now);
  return (
    <>
      <section className={`card ${css.visit}`} aria-label={words.details.when(when.date, when.time)}>
        <VisitDate date={when.date} />
        <div>
          <p className={css.when}>
            <strong>{words.details.when(when.date, when.time)}</strong>
          </p>
          <p>
            {words.frame.clinicTime(when.city)} {own && words.frame.forYou(own)}
          </p>
          <p>
            {type.name}, {words.frame.minutes(type.durationMinutes)}
          </p>
          <p>
            {fullName(doctor)}, {place.name}
          </p>
        </div>
        <div className={css.change}>
          <HoldLine view={hold} slot={slot} others={slotsRoute(data)} />
          <Link
            className="text-link"
            to={slotsRoute(data)}
            aria-label={words.frame.changeWhat(words.review.when)}
          >
            {words.frame.change}
          </Link>
        </div>
      </section>
      {until && (
        <div className={css.policy}>
          <Note icon="info">
            <p>
              {words.review.cancelUntil.before}
              {until}.
            </p>
          </Note>
        </div>
      )}
    </>
  );
}
