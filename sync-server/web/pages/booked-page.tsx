import { formatPhone } from '@medic/shared/model/phone';
import { calendarFile } from '@medic/shared/time/calendar-file';
import { instant } from '@medic/shared/time/instant';
import type { ClinicAnswer } from '../api';
import { serverNow } from '../clock';
import { type BookedNote, readBooked } from '../draft';
import type { BookedPage as Data } from '../load';
import { Link, useHydrated } from '../navigation';
import { noFilter } from '../route';
import { CallLine, Frame, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { VisitDate } from '../ui/visit-date';
import { address, cancelUntil, directionsHref, visitorTime, whenOf } from '../visit';
import { words } from '../words';
import css from './booked-page.module.css';

/** The visit is known to this tab alone: the address says nothing about it. */
export function BookedPage({ data }: { data: Data }) {
  const { answer } = data;
  const hydrated = useHydrated();
  const booked = hydrated ? readBooked(answer.clinic.slug) : null;
  if (booked) return <BookedVisitPage answer={answer} booked={booked} />;
  return (
    <Frame answer={answer}>
      <div className={css.narrow}>
        {hydrated && (
          <>
            <Title>{words.booked.gone}</Title>
            <p>{words.booked.goneHint}</p>
            <Link
              className="button primary"
              to={{ page: 'clinic', clinic: answer.clinic.slug, filter: noFilter }}
            >
              {words.lost.all}
            </Link>
            <CallLine phone={answer.clinic.phone} />
          </>
        )}
      </div>
    </Frame>
  );
}

export function BookedVisitPage({ answer, booked }: { answer: ClinicAnswer; booked: BookedNote }) {
  const { clinic } = answer;
  const { visit, status } = booked;
  const when = whenOf(visit);
  const own = visitorTime(visit.startsAt, visit.timeZone);
  const minutes = Math.round((visit.endsAt - visit.startsAt) / 60_000);
  const until = cancelUntil(visit.startsAt, visit.timeZone, clinic.cancelWindowMinutes, serverNow());
  return (
    <Frame answer={answer}>
      <div className={css.layout}>
        <div className={css.head}>
          <span className={`${css.disc} ${status === 'pending' ? css.waiting : ''}`}>
            <Icon name={status === 'pending' ? 'hourglass' : 'check'} size={28} />
          </span>
          <Title>{status === 'pending' ? words.booked.titlePending : words.booked.title}</Title>
          <p className={css.lead}>
            {status === 'pending'
              ? words.booked.pending(visit.doctorName)
              : !booked.email && words.booked.keep}
          </p>
          {booked.email && (
            <p className={css.lead}>
              {words.booked.sent.before}
              <strong className={css.breakable}>{booked.email}</strong>
              {words.booked.sent.after}
            </p>
          )}
        </div>
        <div className={css.main}>
          <section className="card">
            <div className={css.visit}>
              <VisitDate date={when.date} />
              <div>
                <p className={css.when}>
                  <strong>
                    {words.date.long(when.date)}, {when.time}
                  </strong>
                </p>
                <p className={css.muted}>
                  {words.frame.clinicTime(when.city)} {own && words.frame.forYou(own)}
                </p>
                <p>
                  {visit.appointmentTypeName}, {words.frame.minutes(minutes)}
                </p>
                <p>{visit.doctorName}</p>
              </div>
            </div>
            <p className={css.place}>
              <Icon name="place" />
              <span>
                <strong>{visit.locationName}</strong>, {address(visit)}
              </span>
            </p>
            <div className={css.actions}>
              {/* A request is not yet a date to rely on. */}
              {status === 'booked' && (
                <button
                  className="button primary"
                  type="button"
                  onClick={() => saveCalendar(clinic.name, booked)}
                >
                  <Icon name="calendarAdd" />
                  {words.booked.calendar}
                </button>
              )}
              <a className="button" href={directionsHref(visit)} rel="noreferrer" target="_blank">
                <Icon name="directions" />
                {words.booked.directions}
              </a>
            </div>
          </section>
        </div>
        <aside className={css.side}>
          <ul className="rows">
            <li>
              {/* A whole page of its own: the link opens the door of the portal. */}
              <a className="row" href={booked.manageLink}>
                <Icon name="swap" />
                <div>
                  <h2>{status === 'pending' ? words.booked.manage : words.booked.change}</h2>
                  <p>
                    {status === 'pending'
                      ? words.booked.manageHint
                      : until
                        ? words.booked.until(until)
                        : words.booked.tooLate}
                  </p>
                </div>
                <Icon name="forward" />
              </a>
            </li>
            {clinic.phone && (
              <li>
                <a className="row" href={`tel:${clinic.phone}`}>
                  <Icon name="phone" />
                  <div>
                    <h2>{formatPhone(clinic.phone)}</h2>
                    <p>{words.booked.questions}</p>
                  </div>
                </a>
              </li>
            )}
            <li>
              <Link className="row" to={{ page: 'clinic', clinic: clinic.slug, filter: noFilter }}>
                <Icon name="calendar" />
                <div>
                  <h2>{words.booked.another}</h2>
                </div>
              </Link>
            </li>
          </ul>
        </aside>
        <div className={css.before}>
          <h2>{words.booked.before}</h2>
          <ul className={css.advice}>
            {words.booked.advice.map((line) => (
              <li key={line}>
                <Icon name="check" />
                {line}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Frame>
  );
}

function saveCalendar(clinicName: string, { visit, status }: BookedNote): void {
  const text = calendarFile(
    [
      {
        id: visit.id,
        sequence: visit.sequence,
        startsAt: instant(visit.startsAt),
        endsAt: instant(visit.endsAt),
        title: words.booked.eventTitle(clinicName),
        place: `${visit.locationName}, ${address(visit)}`,
        status: status === 'pending' ? 'tentative' : 'confirmed',
      },
    ],
    instant(serverNow()),
  );
  const url = URL.createObjectURL(new Blob([text], { type: 'text/calendar' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = words.booked.calendarFile;
  link.click();
  // The download has begun by then; freeing it at once would stop it in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
