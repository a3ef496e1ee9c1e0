import { formatPhone } from '@medic/shared/model/phone';
import { useState } from 'react';
import { Link } from '../navigation';
import { noFilter } from '../route';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { address, directionsHref, whenOf } from '../visit';
import { words } from '../words';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { type Refused, useAct, useAnswer, useMe, usePortal, type VisitAnswer } from './session';
import { SignOutRow } from './sign-out-row';
import { Timeline } from './timeline';
import { FailureNote, RefusedNote, Told, View } from './view';
import { calendarText, Fact, minutesOf, momentOf, StatusBadge, saveFile, ZoneLine } from './visit-parts';
import { portalWords } from './words';

interface VisitPageProps {
  visitId: string;
  onSignedOut(): void;
}

export function VisitPage({ visitId, onSignedOut }: VisitPageProps) {
  const { clinic } = usePortal();
  const me = useMe();
  const {
    data: visit,
    failure,
    again,
  } = useAnswer(`visit ${visitId}`, (api, slug, options) =>
    api.visit.query({ clinic: slug, visitId }, options),
  );
  const byLink = me.visitId !== null;
  const back = byLink ? undefined : { to: portalRoute(clinic, 'home'), label: portalWords.frame.back };
  if (!visit) {
    return (
      <View
        title={portalWords.visit.title}
        back={back}
        loading={!failure}
        side={<Aside onSignedOut={onSignedOut} />}
      >
        <FailureNote failure={failure} onAgain={again} />
      </View>
    );
  }
  const when = whenOf(visit);
  return (
    <View
      title={portalWords.visit.heading(when.date, when.time)}
      back={back}
      badge={<StatusBadge visit={visit} />}
      side={<Aside visit={visit} onSignedOut={onSignedOut} />}
    >
      <section className={`card ${css.facts}`}>
        <Fact icon="calendar" name={words.review.when}>
          <p>
            <strong>{words.date.long(when.date)}</strong>
          </p>
          <p>
            <strong>
              {when.time}–{when.until}
            </strong>
          </p>
          <ZoneLine visit={visit} />
        </Fact>
        <Fact icon="person" name={words.review.with}>
          <p>{visit.doctorName}</p>
          <p className={css.muted}>
            {visit.appointmentTypeName}, {minutesOf(visit)}
          </p>
        </Fact>
        <Fact icon="place" name={words.review.where}>
          <p>{visit.locationName}</p>
          <p className={css.muted}>{address(visit)}</p>
          {visit.directions && <p className={css.muted}>{visit.directions}</p>}
          <p>
            <a href={directionsHref(visit)} rel="noreferrer" target="_blank">
              {portalWords.visit.map}
            </a>
          </p>
        </Fact>
        {me.people.length > 1 && (
          <Fact icon="people" name={portalWords.visit.for}>
            <p>{visit.firstName}</p>
          </Fact>
        )}
      </section>
      <Actions visit={visit} onChanged={again} />
      {visit.seriesId && (
        <Note icon="info">
          <p>{portalWords.visit.series}</p>
        </Note>
      )}
      <section className={css.part}>
        <h2>{portalWords.visit.timeline}</h2>
        <Timeline entries={visit.timeline} visit={visit} />
      </section>
    </View>
  );
}

function thanksFor({
  kind,
  visit,
}: {
  kind: 'confirmed' | 'accepted' | 'declined';
  visit: Pick<VisitAnswer, 'status'>;
}): string {
  if (kind === 'confirmed') return portalWords.visit.confirmed;
  if (kind === 'declined') return portalWords.visit.declined;
  return visit.status === 'booked' ? portalWords.visit.accepted : portalWords.visit.acceptedPending;
}

/** What can be done with the visit now, or why nothing can. */
function Actions({ visit, onChanged }: { visit: VisitAnswer; onChanged(): void }) {
  const { clinic, answer } = usePortal();
  const [refused, setRefused] = useState<Refused | null>(null);
  const [thanks, setThanks] = useState<string | null>(null);
  const confirm = useAct('confirm', (api, input: AskedVisit, request, options) =>
    api.confirm.mutate({ ...request, ...input }, options),
  );
  const accept = useAct('accept', (api, input: AskedVisit, request, options) =>
    api.accept.mutate({ ...request, ...input }, options),
  );
  const decline = useAct('decline', (api, input: AskedVisit, request, options) =>
    api.decline.mutate({ ...request, ...input }, options),
  );
  const answers = { confirm, accept, decline };
  const { may } = visit;

  async function answerWith(act: keyof typeof answers) {
    setRefused(null);
    const result = await answers[act].run({ visitId: visit.id });
    if (!result) return;
    if (result.kind === 'refused') setRefused(result);
    else setThanks(thanksFor(result));
    onChanged();
  }

  // Nothing is booked yet that could be cancelled.
  const mayCancel = may.cancel && !may.accept;
  const ahead = visit.status === 'booked' || visit.status === 'pending';
  const until = momentOf(visit.changeUntil, visit.timeZone);
  const phone = visit.locationPhone ?? answer.clinic.phone;
  const nothing = !may.move && !may.cancel && !may.confirm && !may.accept && !ahead && !thanks && !refused;
  if (nothing) return null;
  return (
    <section className={`card ${css.actions}`}>
      <RefusedNote refused={refused} />
      <FailureNote failure={confirm.failure ?? accept.failure ?? decline.failure} acting />
      {thanks && (
        <Told>
          <p>{thanks}</p>
        </Told>
      )}
      {may.accept && (
        <>
          <p>{portalWords.visit.acceptHint}</p>
          <button
            className="button primary wide"
            type="button"
            aria-disabled={accept.busy || undefined}
            onClick={() => void answerWith('accept')}
          >
            {accept.busy ? portalWords.visit.confirming : portalWords.visit.accept}
          </button>
          <button
            className="button wide"
            type="button"
            aria-disabled={decline.busy || undefined}
            onClick={() => void answerWith('decline')}
          >
            {decline.busy ? portalWords.visit.confirming : portalWords.visit.decline}
          </button>
        </>
      )}
      {may.confirm && (
        <>
          <h2>{portalWords.visit.confirmQuestion}</h2>
          <p className={css.muted}>{portalWords.visit.confirmHint}</p>
          <button
            className="button wide"
            type="button"
            aria-disabled={confirm.busy || undefined}
            onClick={() => void answerWith('confirm')}
          >
            <Icon name="check" size={18} />
            {confirm.busy ? portalWords.visit.confirming : portalWords.visit.confirm}
          </button>
        </>
      )}
      {visit.confirmedAt !== null && visit.status === 'booked' && !thanks && (
        <Note icon="check" bare>
          <p>{portalWords.visit.willCome}</p>
        </Note>
      )}
      {visit.status === 'pending' && (
        <Note icon="hourglass" bare>
          <p>{portalWords.visit.pendingHint}</p>
        </Note>
      )}
      {(may.move || mayCancel) && (
        <>
          <div className={css.twoButtons}>
            {may.move && (
              <Link className="button" to={portalRoute(clinic, 'move', visit.id)}>
                <Icon name="swap" size={18} />
                {portalWords.visit.move}
              </Link>
            )}
            {mayCancel && (
              <Link className="button" to={portalRoute(clinic, 'cancel', visit.id)}>
                {portalWords.visit.cancel}
              </Link>
            )}
          </div>
          {visit.status !== 'proposed' && <p className={css.muted}>{portalWords.visit.until(until)}</p>}
        </>
      )}
      {ahead && !may.move && !may.cancel && (
        <>
          <p>
            {portalWords.visit.late(until)} {portalWords.visit.lateCall}
          </p>
          {phone && (
            <a className="button wide" href={`tel:${phone}`}>
              <Icon name="phone" size={18} />
              {portalWords.cancel.call(formatPhone(phone))}
            </a>
          )}
        </>
      )}
    </section>
  );
}

interface AskedVisit {
  visitId: string;
}

function Aside({ visit, onSignedOut }: { visit?: VisitAnswer; onSignedOut(): void }) {
  const { answer, clinic } = usePortal();
  const me = useMe();
  const phone = visit?.locationPhone ?? answer.clinic.phone;
  return (
    <ul className="rows">
      {visit?.status === 'booked' && (
        <li>
          <button
            className={`row ${css.rowButton}`}
            type="button"
            onClick={() =>
              saveFile(
                portalWords.visit.calendarFile,
                'text/calendar',
                calendarText(answer.clinic.name, visit, Date.now()),
              )
            }
          >
            <Icon name="calendarAdd" />
            <div>
              <h2>{portalWords.visit.calendar}</h2>
            </div>
          </button>
        </li>
      )}
      {visit && (
        <li>
          <a className="row" href={directionsHref(visit)} rel="noreferrer" target="_blank">
            <Icon name="directions" />
            <div>
              <h2>{portalWords.visit.directions(visit.locationName)}</h2>
            </div>
          </a>
        </li>
      )}
      {phone && (
        <li>
          <a className="row" href={`tel:${phone}`}>
            <Icon name="phone" />
            <div>
              <h2>{portalWords.visit.questions}</h2>
              <p>{words.frame.call(formatPhone(phone))}</p>
            </div>
          </a>
        </li>
      )}
      {visit?.status === 'cancelled' && (
        <li>
          <Link className="row" to={{ page: 'clinic', clinic, filter: noFilter }}>
            <Icon name="calendar" />
            <div>
              <h2>{portalWords.visit.bookAnother}</h2>
            </div>
          </Link>
        </li>
      )}
      {me.visitId !== null && (
        <li>
          <Link className="row" to={portalRoute(clinic, 'sign-in')}>
            <Icon name="lines" />
            <div>
              <h2>{portalWords.home.all}</h2>
              <p>{portalWords.home.oneVisit}</p>
            </div>
            <Icon name="forward" />
          </Link>
        </li>
      )}
      {me.visitId !== null && <SignOutRow onSignedOut={onSignedOut} />}
    </ul>
  );
}
