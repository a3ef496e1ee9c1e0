import { formatPhone } from '@medic/shared/model/phone';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { BookAnswer, BookInput, BrowserApi } from '../api';
import { attemptId, forgetAttempt, keepBooked, keepRefusal, readForm } from '../draft';
import { codeOf, type Failure, failureOf } from '../failure';
import { HoldEnded, HoldLine } from '../hold/hold-line';
import { proofFor } from '../hold/proof';
import { useHold } from '../hold/use-hold';
import type { ReviewPage as Data } from '../load';
import { Link, useHydrated, useNavigation } from '../navigation';
import { birthDateOf, checkForm, type PatientForm, patientOf } from '../patient-form';
import { firstView, type Route } from '../route';
import { CallLine, Frame, Steps, Title } from '../ui/frame';
import { Icon, type IconName } from '../ui/icon';
import { Note } from '../ui/note';
import { address, cancelUntil, fullName, isRequest, visitorTime, whenOf, wishOf } from '../visit';
import { words } from '../words';
import css from './review-page.module.css';

type FailedBecause = keyof typeof words.review.failures;

export function ReviewPage({ data }: { data: Data }) {
  const { answer, route, slot, doctor, type, place, now } = data;
  const { clinic } = answer;
  const { api, go, say } = useNavigation();
  const hydrated = useHydrated();
  const [booking, setBooking] = useState(false);
  const [failed, setFailed] = useState<{ because: FailedBecause; fields: Failure['fields'] } | null>(null);
  const failure = useRef<HTMLDivElement>(null);
  /** A state is seen only after the next render; two clicks may come before it. */
  const underway = useRef(false);

  const hold = useHold(clinic.slug, wishOf(data));
  const { keeping } = hold;

  useEffect(() => {
    if (failed) failure.current?.focus();
  }, [failed]);

  useEffect(() => {
    if (keeping.state !== 'lost' || underway.current) return;
    keepRefusal(clinic.slug, route.start.at, keeping.refusal);
    go({ ...route, page: 'taken' }, { replace: true });
  }, [keeping, clinic.slug, route, go]);

  const form = hydrated ? readForm(clinic.slug) : null;
  const complete = form !== null && Object.keys(checkForm(form, clinic.country, data.today)).length === 0;
  const toDetails: Route = { ...route, page: 'details' };
  const request = isRequest(doctor, type);

  async function book() {
    if (!api || !form || underway.current) return;
    if (!navigator.onLine) return setFailed({ because: 'offline', fields: [] });
    underway.current = true;
    setBooking(true);
    setFailed(null);
    say(words.review.saidBooking);
    const visit = wishOf(data);
    const input: BookInput = {
      clinic: clinic.slug,
      requestId: attemptId(clinic.slug, Object.values(visit).join(' ')),
      ...visit,
      patient: patientOf(form, clinic.country, clinic.language),
      note: form.note.trim(),
    };
    try {
      arrive(await bookProven(api, input));
    } catch (error) {
      const { kind, fields } = failureOf(error);
      // These answers say that nothing was booked: the next try is a new one.
      if (kind === 'invalid' || kind === 'not-found') forgetAttempt(clinic.slug);
      const because: Record<Failure['kind'], FailedBecause> = {
        unreachable: 'doubt',
        ours: 'ours',
        wait: 'wait',
        invalid: 'invalid',
        'not-found': 'invalid',
      };
      setFailed({ because: because[kind], fields });
    } finally {
      underway.current = false;
      setBooking(false);
    }
  }

  function arrive(result: BookAnswer) {
    if (result.kind === 'booked') {
      hold.keeper?.done(wishOf(data));
      const { status, visit, manageLink } = result;
      keepBooked(clinic.slug, {
        status,
        visit,
        manageLink,
        email: form?.email.trim() || null,
        start: route.start.at,
      });
      go({ page: 'booked', clinic: route.clinic, doctor: route.doctor, type: route.type }, { replace: true });
    } else {
      forgetAttempt(clinic.slug);
      keepRefusal(clinic.slug, route.start.at, result);
      go({ ...route, page: 'taken' }, { replace: true });
    }
  }

  const inDoubt = failed?.because === 'doubt' || failed?.because === 'ours';
  const when = whenOf(slot);
  const own = hydrated ? visitorTime(slot.startsAt, slot.timeZone) : null;
  const until = cancelUntil(slot.startsAt, slot.timeZone, clinic.cancelWindowMinutes, now);
  const visit = { clinic: route.clinic, doctor: route.doctor, type: route.type };
  const toSlots: Route = { page: 'slots', ...visit, ...firstView, date: when.date, time: when.time };
  return (
    <Frame answer={answer}>
      <Steps back={toDetails} step={4} />
      <div className={css.layout}>
        <Title>{request ? words.review.titleRequest : words.review.title}</Title>
        <div className={css.main}>
          {failed && (
            <div ref={failure} role="alert" tabIndex={-1} className={css.failed}>
              <Note
                icon={failed.because === 'offline' ? 'offline' : 'warning'}
                tone={failed.because === 'invalid' ? 'rose' : 'amber'}
              >
                <h2>{words.review.failures[failed.because].title}</h2>
                <p>{words.review.failures[failed.because].text}</p>
                {failed.fields.length > 0 && (
                  <ul>
                    {failed.fields.map((field) => (
                      <li key={field.field}>{field.message}</li>
                    ))}
                  </ul>
                )}
                {failed.because === 'invalid' && (
                  <Link className="text-link" to={toDetails}>
                    {words.review.toYourDetails}
                  </Link>
                )}
                <CallLine phone={clinic.phone} />
              </Note>
            </div>
          )}
          <HoldEnded view={hold} slot={slot} others={toSlots} />
          <section className={`card ${css.facts}`}>
            <Fact icon="calendar" name={words.review.when} to={toSlots}>
              <p>
                <strong>{words.date.long(when.date)}</strong>
              </p>
              <p>
                <strong>
                  {when.time}–{when.until}
                </strong>
              </p>
              <p className={css.muted}>
                {words.frame.clinicTime(when.city)} {own && words.frame.forYou(own)}
              </p>
            </Fact>
            <Fact
              icon="person"
              name={words.review.with}
              to={{ page: 'doctor', clinic: route.clinic, doctor: route.doctor }}
            >
              <p>{fullName(doctor)}</p>
              <p className={css.muted}>
                {type.name}, {words.frame.minutes(type.durationMinutes)}
              </p>
              {type.capacity > 1 && <p className={css.muted}>{words.review.seats(slot.seatsLeft)}</p>}
            </Fact>
            <Fact icon="place" name={words.review.where} to={toSlots}>
              <p>{place.name}</p>
              <p className={css.muted}>{address(place)}</p>
              {place.directions && <p className={css.muted}>{place.directions}</p>}
            </Fact>
            {complete && form && (
              <Fact icon="lines" name={words.review.patient} to={toDetails}>
                <Patient form={form} country={clinic.country} />
              </Fact>
            )}
            {hydrated && !complete && (
              <div className={css.missing}>
                <h2>{words.review.missing}</h2>
                <p>{words.review.missingHint}</p>
                <Link className="button primary" to={toDetails}>
                  {words.review.toDetails}
                </Link>
              </div>
            )}
          </section>
        </div>
        <aside className={css.side}>
          <section className="card">
            <h2>{words.review.plans}</h2>
            <p>
              {until ? (
                <>
                  {words.review.cancelUntil.before}
                  <strong>{until}</strong>
                  {words.review.cancelUntil.after}
                </>
              ) : (
                words.review.cancelLate
              )}
            </p>
            {until && <p className={css.muted}>{words.review.cancelHelps}</p>}
            {request && <p className={css.muted}>{words.review.requestHint(fullName(doctor))}</p>}
          </section>
          {(complete || !hydrated) && (
            <div className={css.bar}>
              {!inDoubt && <p className={css.muted}>{words.review.notBooked}</p>}
              <button
                className="button primary wide"
                type="button"
                onClick={() => void book()}
                disabled={!complete}
                aria-disabled={booking || undefined}
              >
                {booking
                  ? words.review.booking
                  : failed && failed.because !== 'invalid'
                    ? words.review.tryAgain
                    : request
                      ? words.review.request
                      : words.review.book}
              </button>
              <noscript>
                <p>{words.frame.noScript}</p>
              </noscript>
            </div>
          )}
          <div className={css.kept}>
            <HoldLine view={hold} slot={slot} others={toSlots} />
            {keeping.state === 'kept' && <p className={css.muted}>{words.hold.longer}</p>}
          </div>
        </aside>
      </div>
    </Frame>
  );
}

/** Where the time is not kept any more, the server asks for a proof of work first. */
async function bookProven(api: BrowserApi, input: BookInput): Promise<BookAnswer> {
  try {
    return await api.book(input);
  } catch (error) {
    if (codeOf(error) !== 'proof.required') throw error;
    return await api.book({ ...input, proof: await proofFor(api, input.clinic, input.requestId) });
  }
}

function Patient({ form, country }: { form: PatientForm; country: string }) {
  const patient = patientOf(form, country, '');
  const birthDate = birthDateOf(form);
  return (
    <>
      <p>
        {patient.givenName} {patient.familyName}
      </p>
      <div className={css.muted}>
        {birthDate && <p>{words.review.born(words.date.birth(birthDate))}</p>}
        {patient.phone && <p>{formatPhone(patient.phone)}</p>}
        <p className={css.breakable}>{patient.email}</p>
        <p>{words.review.reminders(form.consentEmail, form.consentSms)}</p>
        {form.note.trim() && <p className={css.breakable}>{words.review.note(form.note.trim())}</p>}
      </div>
    </>
  );
}

function Fact({
  icon,
  name,
  to,
  children,
}: {
  icon: IconName;
  name: string;
  to: Route;
  children: ReactNode;
}) {
  return (
    <div className={css.fact}>
      <Icon name={icon} />
      <div>
        <div className={css.factHead}>
          <h2>{name}</h2>
          <Link className="text-link" to={to} aria-label={words.frame.changeWhat(name)}>
            {words.frame.change}
          </Link>
        </div>
        {children}
      </div>
    </div>
  );
}
