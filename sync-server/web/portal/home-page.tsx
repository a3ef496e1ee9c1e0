import type { PlainDate } from '@medic/shared/time/instant';
import { useState } from 'react';
import { Link } from '../navigation';
import { noFilter } from '../route';
import { CallLine } from '../ui/frame';
import { Icon } from '../ui/icon';
import { VisitDate } from '../ui/visit-date';
import { whenOf } from '../visit';
import { BirthDateForm } from './birth-date-form';
import { PeopleChoice } from './people-choice';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { type Asked, useAnswer, useMe, usePortal, type VisitSummary, type WaitlistAnswer } from './session';
import { SignOutRow } from './sign-out-row';
import { FailureNote, View } from './view';
import { StatusBadge, shortWhen, VisitLines } from './visit-parts';
import { WishesLine } from './wishes-line';
import { portalWords } from './words';

/** So many past visits are shown at first. */
const firstPast = 5;

interface HomePageProps {
  today: PlainDate;
  onSignedOut(): void;
}

/** What is planned, what is waited for, and what was. */
export function HomePage({ onSignedOut }: HomePageProps) {
  const { clinic, answer } = usePortal();
  const me = useMe();
  const [person, setPerson] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const visits = useAnswer('visits', (api, slug, options) => api.visits.query({ clinic: slug }, options));
  const waitlist = useAnswer('waitlist', (api, slug, options) =>
    api.waitlist.query({ clinic: slug }, options),
  );
  const isMine = ({ patientId }: { patientId: string }) => person === null || patientId === person;
  // All at once: what comes later would push away what is under the visitor's finger, or has the focus.
  const arrived = visits.answered && waitlist.answered;
  const data = arrived ? visits.data : null;
  const failure = arrived ? visits.failure : null;
  const family = me.people.length > 1;
  const upcoming = data?.upcoming.filter(isMine) ?? [];
  const past = data?.past.filter(isMine) ?? [];
  const [next, ...later] = upcoming;
  const chosen = me.people.find(({ id }) => id === person);
  const unproven = me.people.filter((one) => !one.proven && (person === null || one.id === person));
  const book = (
    <Link className="button primary" to={{ page: 'clinic', clinic, filter: noFilter }}>
      {portalWords.home.book}
    </Link>
  );
  return (
    <View
      title={portalWords.home.title}
      loading={!data && !failure}
      side={
        <>
          {book}
          <ul className="rows">
            <li>
              <Link className="row" to={portalRoute(clinic, 'profile')}>
                <Icon name="lines" />
                <div>
                  <h2>{portalWords.home.profile}</h2>
                  <p>{portalWords.home.profileHint}</p>
                </div>
                <Icon name="forward" />
              </Link>
            </li>
            <SignOutRow onSignedOut={onSignedOut} />
          </ul>
          <CallLine phone={answer.clinic.phone} />
        </>
      }
    >
      <PeopleChoice people={me.people} chosen={person} everybody onChoose={setPerson} />
      <FailureNote failure={failure} onAgain={visits.again} />
      {data && !next && (
        <p className={css.nothing}>
          {chosen ? portalWords.home.noneFor(chosen.firstName) : portalWords.home.none}
        </p>
      )}
      {next && (
        <section className={css.part}>
          <h2>{portalWords.home.next}</h2>
          <NextVisit visit={next} named={family} />
        </section>
      )}
      {later.length > 0 && (
        <section className={css.part}>
          <h2>{portalWords.home.later}</h2>
          <VisitRows visits={later} named={family} />
        </section>
      )}
      {data && <WaitlistPart asked={waitlist} person={person} named={family} />}
      {data && (
        <section className={css.part}>
          <h2 tabIndex={-1}>{portalWords.home.past}</h2>
          {past.length > 0 && (
            <VisitRows visits={all ? past : past.slice(0, firstPast)} named={family} past />
          )}
          {past.length > firstPast && (
            <button className={css.quiet} type="button" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? portalWords.home.fewer : portalWords.home.older}
            </button>
          )}
          {past.length === 0 && unproven.length === 0 && (
            <p className={css.nothing}>{portalWords.home.noPast}</p>
          )}
          {unproven.map((one) => (
            <BirthDateForm key={one.id} person={one} named={family} />
          ))}
        </section>
      )}
    </View>
  );
}

function NextVisit({ visit, named }: { visit: VisitSummary; named: boolean }) {
  const { clinic } = usePortal();
  const when = shortWhen(visit);
  return (
    <div className="card">
      <VisitLines visit={visit}>
        {named && <p className={css.muted}>{portalWords.people.for(visit.firstName)}</p>}
        <StatusBadge visit={visit} />
      </VisitLines>
      {(visit.may.move || visit.may.cancel) && (
        <div className={css.twoButtons}>
          {visit.may.move && (
            <Link
              className="button"
              to={portalRoute(clinic, 'move', visit.id)}
              aria-label={portalWords.home.moveWhat(when)}
            >
              {portalWords.home.move}
            </Link>
          )}
          {visit.may.cancel && (
            <Link
              className="button"
              to={portalRoute(clinic, 'cancel', visit.id)}
              aria-label={portalWords.home.cancelWhat(when)}
            >
              {portalWords.home.cancel}
            </Link>
          )}
        </div>
      )}
      <Link
        className="text-link"
        to={portalRoute(clinic, 'visit', visit.id)}
        aria-label={portalWords.home.detailsWhat(when)}
      >
        {portalWords.home.details}
        <Icon name="forward" size={18} />
      </Link>
    </div>
  );
}

interface VisitRowsProps {
  visits: readonly VisitSummary[];
  named: boolean;
  past?: boolean;
}

function VisitRows({ visits, named, past = false }: VisitRowsProps) {
  const { clinic } = usePortal();
  return (
    <ul className="rows">
      {visits.map((visit) => (
        <li key={visit.id}>
          <Link className="row" to={portalRoute(clinic, 'visit', visit.id)}>
            <span className={past ? css.pastDate : undefined}>
              <VisitDate date={whenOf(visit).date} />
            </span>
            <div>
              <h3>{shortWhen(visit)}</h3>
              <p>{visit.doctorName}</p>
              <p>
                {[visit.locationName, named ? portalWords.people.for(visit.firstName) : '']
                  .filter(Boolean)
                  .join(', ')}
              </p>
              <StatusBadge visit={visit} />
            </div>
            <Icon name="forward" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface WaitlistPartProps {
  asked: Asked<WaitlistAnswer>;
  person: string | null;
  named: boolean;
}

function WaitlistPart({ asked, person, named }: WaitlistPartProps) {
  const { clinic } = usePortal();
  const { data, failure, again } = asked;
  const entries = data?.entries.filter((entry) => person === null || entry.patientId === person) ?? [];
  return (
    <section className={css.part}>
      <h2>{portalWords.home.waitlist}</h2>
      <FailureNote failure={failure} onAgain={again} />
      {data && (
        <ul className="rows">
          {entries.map((entry) => (
            <li key={entry.id}>
              <Link className="row" to={portalRoute(clinic, 'waitlist')}>
                <Icon name="bell" />
                <div>
                  <h3>{entry.appointmentTypeName}</h3>
                  <p>
                    <WishesLine entry={entry} />
                    {named && `, ${portalWords.people.for(entry.firstName)}`}.{' '}
                    {entry.offers.length > 0 ? (
                      <strong>{portalWords.waitlist.offered}.</strong>
                    ) : (
                      portalWords.waitlist.waiting
                    )}
                  </p>
                </div>
                <Icon name="forward" />
              </Link>
            </li>
          ))}
          <li>
            <Link className="row" to={portalRoute(clinic, 'join')}>
              <Icon name="calendarAdd" />
              <div>
                <h3>{portalWords.home.join}</h3>
                <p>{portalWords.home.joinHint}</p>
              </div>
              <Icon name="forward" />
            </Link>
          </li>
        </ul>
      )}
    </section>
  );
}
