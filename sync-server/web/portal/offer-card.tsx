/** A time that is offered: what it is, until when, and the two answers. Nothing happens before one of them is pressed. */
import { useState } from 'react';
import type { FreeTime, PortalAnswers, PortalApi } from '../api';
import { Link } from '../navigation';
import { anyDoctor, firstView, type Route } from '../route';
import { localTime } from '../time';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { doctorOf } from '../visit';
import css from './portal.module.css';
import {
  type CallOptions,
  type Offer,
  type Refused,
  type RequestNames,
  useAct,
  usePortal,
  type VisitSummary,
} from './session';
import { Alternatives, FailureNote, Told } from './view';
import { momentOf, shortWhen, VisitLines } from './visit-parts';
import { portalWords } from './words';

type Taken = PortalAnswers['acceptOffer'];
type RefusedOffer = PortalAnswers['declineOffer'];

interface OfferCardProps<B extends object> {
  offer: Offer;
  /** What says which offer it is: a token, or an entry of the session. */
  by: B;
  send: {
    take(
      api: PortalApi,
      input: B & { alsoWithOther: boolean },
      request: RequestNames,
      options: CallOptions,
    ): Promise<Taken>;
    refuse(api: PortalApi, input: B, request: RequestNames, options: CallOptions): Promise<RefusedOffer>;
  };
  /** An own visit at the same time. */
  other?: VisitSummary | null;
  onAnswered?(answer: 'taken' | 'refused' | 'lost', taken?: Extract<Taken, { kind: 'booked' }>): void;
}

export function OfferCard<B extends object>({ offer, by, send, other, onAnswered }: OfferCardProps<B>) {
  const take = useAct('take-offer', send.take);
  const refuse = useAct('refuse-offer', send.refuse);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [answered, setAnswered] = useState<'taken' | 'pending' | 'declined' | null>(null);
  const clash = refused?.reasons.some(({ code }) => code === 'same-patient') ?? false;

  async function accept(alsoWithOther: boolean) {
    const result = await take.run({ ...by, alsoWithOther });
    if (!result) return;
    if (result.kind === 'refused') {
      setRefused(result);
      if (!result.reasons.some(({ code }) => code === 'same-patient')) onAnswered?.('lost');
      return;
    }
    const pending = result.status === 'pending';
    setRefused(null);
    setAnswered(pending ? 'pending' : 'taken');
    onAnswered?.('taken', result);
  }

  async function decline() {
    const result = await refuse.run(by);
    if (!result) return;
    if (result.kind === 'refused') return setRefused(result);
    setAnswered('declined');
    onAnswered?.('refused');
  }

  const busy = take.busy || refuse.busy;
  const until = portalWords.offer.until(momentOf(offer.expiresAt, offer.timeZone));
  const replaces = other ? portalWords.offer.replaces(shortWhen(other)) : null;
  if (answered) {
    const title = {
      taken: portalWords.offer.taken,
      pending: portalWords.offer.takenPending,
      declined: portalWords.offer.refused,
    }[answered];
    return (
      <Told>
        <h2>{title}</h2>
        <p>{answered === 'declined' ? portalWords.offer.refusedText : portalWords.offer.takenText}</p>
      </Told>
    );
  }
  if (refused && !clash) return <LostOffer offer={offer} refused={refused} />;
  return (
    <div className={css.form}>
      <div className={`card ${css.target}`}>
        <VisitLines visit={offer} />
      </div>
      {replaces && (
        <Note icon="info" tone="amber">
          <p>
            {replaces.before}
            <strong>{replaces.strong}</strong>
            {replaces.after}
          </p>
        </Note>
      )}
      {clash && (
        <div role="alert">
          <Note icon="warning" tone="amber">
            <h2>{portalWords.offer.alsoTitle}</h2>
            {refused?.reasons.map(({ text }) => (
              <p key={text}>{text}</p>
            ))}
          </Note>
        </div>
      )}
      <FailureNote failure={take.failure ?? refuse.failure} acting />
      <button
        className="button primary wide"
        type="button"
        aria-disabled={busy || undefined}
        onClick={() => void accept(clash || Boolean(other))}
      >
        {take.busy
          ? portalWords.offer.taking
          : clash || other
            ? portalWords.offer.also
            : portalWords.offer.take}
      </button>
      <button
        className="button wide"
        type="button"
        aria-disabled={busy || undefined}
        onClick={() => void decline()}
      >
        {portalWords.offer.refuse}
      </button>
      <Note icon="clock" bare>
        <p>
          {until.before}
          <strong>{until.strong}</strong>
          {until.after}
        </p>
      </Note>
    </div>
  );
}

/** Somebody was faster, or the time has passed: said kindly, with what is free instead. */
export function LostOffer({ offer, refused }: { offer: Offer; refused: Refused | null }) {
  const { clinic, answer } = usePortal();
  /** Nobody may have taken it: only its time has passed. */
  const expired = offer.status === 'expired' || offer.expiresAt <= Date.now();
  const type = answer.appointmentTypes.find(({ id }) => id === offer.appointmentTypeId);
  const toTime = (time: FreeTime): Route | null => {
    const doctor = doctorOf(answer, time);
    if (!type || !doctor) return null;
    const local = localTime(time.startsAt, time.timeZone);
    return {
      page: 'slots',
      clinic,
      doctor: doctor.slug,
      type: type.slug,
      ...firstView,
      date: local.date,
      time: local.time,
    };
  };
  return (
    <div className={css.form}>
      <Told icon="info" tone="amber">
        <h2>{expired ? portalWords.offer.endedTitle : portalWords.offer.goneTitle}</h2>
        <p>{expired ? portalWords.offer.endedText : portalWords.offer.goneText}</p>
        {refused && <Alternatives times={refused.alternatives} toTime={toTime} />}
      </Told>
      {type && type.bookableBy !== 'desk' && (
        <Link
          className="button wide"
          to={{ page: 'slots', clinic, doctor: anyDoctor, type: type.slug, ...firstView }}
        >
          <Icon name="calendar" size={18} />
          {portalWords.offer.allTimes}
        </Link>
      )}
    </div>
  );
}
