import { useEffect, useRef, useState } from 'react';
import { Link } from '../navigation';
import { localTime } from '../time';
import { Note } from '../ui/note';
import { OfferCard } from './offer-card';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { type Refused, useAct, useAnswer, useMe, usePortal, type WaitlistEntry } from './session';
import { FailureNote, RefusedNote, Told, View } from './view';
import { WishesLine } from './wishes-line';
import { portalWords } from './words';

export function WaitlistPage() {
  const { clinic } = usePortal();
  const { data, failure, again } = useAnswer('waitlist', (api, slug, options) =>
    api.waitlist.query({ clinic: slug }, options),
  );
  const [left, setLeft] = useState(false);
  return (
    <View
      title={portalWords.waitlist.title}
      back={{ to: portalRoute(clinic, 'home'), label: portalWords.frame.back }}
      loading={!data && !failure}
      narrow
    >
      <FailureNote failure={failure} onAgain={again} />
      {left && (
        <Told>
          <p>{portalWords.waitlist.left}</p>
        </Told>
      )}
      {data?.entries.map((entry) => (
        <Entry
          key={entry.id}
          entry={entry}
          onLeft={() => {
            setLeft(true);
            again();
          }}
        />
      ))}
      {data?.entries.length === 0 && (
        <Note icon="info">
          <h2>{portalWords.waitlist.none}</h2>
          <p>{portalWords.waitlist.noneHint}</p>
        </Note>
      )}
      {data && (
        <Link className="button primary wide" to={portalRoute(clinic, 'join')}>
          {portalWords.waitlist.join}
        </Link>
      )}
    </View>
  );
}

interface EntryProps {
  entry: WaitlistEntry;
  onLeft(): void;
}

function Entry({ entry, onLeft }: EntryProps) {
  const { clinic, answer } = usePortal();
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const [answered, setAnswered] = useState<{ answer: string; visitId: string | null } | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const stay = useRef<HTMLButtonElement>(null);
  const leave = useAct('leave', (api, input: { entryId: string }, request, options) =>
    api.leaveWaitlist.mutate({ ...request, ...input }, options),
  );

  // The button that asked has gone: of the two answers the harmless one has the focus.
  useEffect(() => {
    if (asking) stay.current?.focus();
  }, [asking]);

  async function go() {
    const result = await leave.run({ entryId: entry.id });
    if (!result) return;
    if (result.kind === 'refused') return setRefused(result);
    onLeft();
  }

  const { date } = localTime(entry.createdAt, answer.clinic.timeZone);
  const several = me.people.length > 1;
  return (
    <section className={`card ${css.entry}`}>
      <h2>{entry.appointmentTypeName}</h2>
      <p>
        <WishesLine entry={entry} />
      </p>
      {entry.note && <p className={css.breakable}>{entry.note}</p>}
      <p className={css.muted}>
        {[
          portalWords.waitlist.since(date),
          several ? portalWords.people.for(entry.firstName) : '',
          entry.urgency === 'routine' ? '' : portalWords.waitlist.soon.toLowerCase(),
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
      {entry.offers.length === 0 && (
        <Note icon="bell" bare>
          <p>{portalWords.waitlist.waiting}</p>
        </Note>
      )}
      {entry.offers.map((offer) => (
        <OfferCard
          key={offer.offerId}
          offer={offer}
          send={{
            take: (api, input, request, options) => api.takeOffer.mutate({ ...request, ...input }, options),
            refuse: (api, input, request, options) =>
              api.refuseOffer.mutate({ ...request, ...input }, options),
          }}
          by={{ entryId: entry.id, offerId: offer.offerId }}
          // What was answered stays to be read: the list is asked for anew when the page is opened again.
          onAnswered={(answer, taken) => setAnswered({ answer, visitId: taken?.visit.id ?? null })}
        />
      ))}
      <RefusedNote refused={refused} />
      <FailureNote failure={leave.failure} acting />
      {answered?.visitId && (
        <Link className="button wide" to={portalRoute(clinic, 'visit', answered.visitId)}>
          {portalWords.offer.seeVisit}
        </Link>
      )}
      {answered?.answer === 'taken' ? null : asking ? (
        <div className={css.form}>
          <p>
            <strong>{portalWords.waitlist.sure}</strong>
          </p>
          <div className={css.twoButtons}>
            <button
              className={`button ${css.danger}`}
              type="button"
              aria-disabled={leave.busy || undefined}
              onClick={() => void go()}
            >
              {portalWords.waitlist.leave}
            </button>
            <button ref={stay} className="button" type="button" onClick={() => setAsking(false)}>
              {portalWords.waitlist.stay}
            </button>
          </div>
        </div>
      ) : (
        <button
          className={css.quiet}
          type="button"
          aria-label={portalWords.waitlist.leaveWhat(entry.appointmentTypeName)}
          onClick={() => setAsking(true)}
        >
          {portalWords.waitlist.leave}
        </button>
      )}
    </section>
  );
}
