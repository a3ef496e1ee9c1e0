import { formatPhone } from '@medic/shared/model/phone';
import { type FormEvent, useState } from 'react';
import { Link } from '../navigation';
import { TextField } from '../ui/field';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { type Refused, useAct, useAnswer, useMe, usePortal, type VisitAnswer } from './session';
import { FailureNote, RefusedNote, View } from './view';
import { momentOf, shortWhen, VisitLines } from './visit-parts';
import { portalWords } from './words';

export function CancelPage({ visitId }: { visitId: string }) {
  const { clinic } = usePortal();
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
      <View title={portalWords.visit.title} back={back} narrow loading={!failure}>
        <FailureNote failure={failure} onAgain={again} />
      </View>
    );
  }
  return visit.may.cancel ? (
    <View title={portalWords.cancel.title(shortWhen(visit))} back={back} narrow>
      <CancelForm visit={visit} onRefused={again} />
    </View>
  ) : (
    <LateCancel visit={visit} back={back} />
  );
}

function CancelForm({ visit, onRefused }: { visit: VisitAnswer; onRefused(): void }) {
  const { clinic, goWith } = usePortal();
  const [refused, setRefused] = useState<Refused | null>(null);
  const cancel = useAct('cancel', (api, input: { visitId: string; reason: string }, request, options) =>
    api.cancel.mutate({ ...request, ...input }, options),
  );
  const toVisit = portalRoute(clinic, 'visit', visit.id);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setRefused(null);
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    const result = await cancel.run({ visitId: visit.id, reason });
    if (!result) return;
    if (result.kind === 'refused') {
      setRefused(result);
      onRefused();
    } else goWith(portalWords.visit.cancelled, toVisit);
  }

  return (
    <form className={css.form} method="post" noValidate onSubmit={(event) => void submit(event)}>
      <section className="card">
        <VisitLines visit={visit} />
      </section>
      <p className={css.lead}>{portalWords.cancel.text}</p>
      <RefusedNote refused={refused} />
      <FailureNote failure={cancel.failure} acting />
      <TextField id="reason" label={portalWords.cancel.why} optional maxLength={500} autoComplete="off" />
      <button className={`button wide ${css.danger}`} type="submit" aria-disabled={cancel.busy || undefined}>
        {cancel.busy ? portalWords.cancel.cancelling : portalWords.cancel.confirm}
      </button>
      <Link className="button wide" to={toVisit}>
        {portalWords.cancel.keep}
      </Link>
      {visit.may.move && (
        <p className={css.centred}>
          {portalWords.cancel.another}
          <Link to={portalRoute(clinic, 'move', visit.id)}>{portalWords.cancel.move}</Link>
        </p>
      )}
    </form>
  );
}

/** Outside the window, or nothing to cancel any more. */
function LateCancel({
  visit,
  back,
}: {
  visit: VisitAnswer;
  back: { to: ReturnType<typeof portalRoute>; label: string };
}) {
  const { answer } = usePortal();
  const me = useMe();
  const phone = visit.locationPhone ?? answer.clinic.phone;
  const late = visit.status === 'booked' || visit.status === 'pending';
  return (
    <View
      title={
        late
          ? portalWords.cancel.lateTitle
          : visit.status === 'cancelled'
            ? portalWords.cancel.gone
            : portalWords.cancel.closedTitle
      }
      back={back}
      narrow
    >
      {late && (
        <p className={css.lead}>{portalWords.cancel.late(momentOf(visit.changeUntil, visit.timeZone))}</p>
      )}
      <section className="card">
        <VisitLines visit={visit} />
      </section>
      {late && phone && (
        <a className="button primary wide" href={`tel:${phone}`}>
          <Icon name="phone" size={18} />
          {portalWords.cancel.call(formatPhone(phone))}
        </a>
      )}
      <Link className="button wide" to={back.to}>
        {late ? portalWords.frame.keep : portalWords.frame.toVisit}
      </Link>
      {late && me.clinic.email && (
        <Note icon="info">
          <p>
            {portalWords.cancel.write.before}
            <a href={`mailto:${me.clinic.email}`}>{me.clinic.email}</a>
            {portalWords.cancel.write.after}
          </p>
        </Note>
      )}
    </View>
  );
}
