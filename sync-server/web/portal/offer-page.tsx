/** The page of a link in an e-mail about a time that has opened up. The link alone is enough; opening it changes nothing. */
import { type ReactNode, useState } from 'react';
import { Link } from '../navigation';
import { CallLine } from '../ui/frame';
import { Note } from '../ui/note';
import { LostOffer, OfferCard } from './offer-card';
import css from './portal.module.css';
import { portalRoute } from './portal-route';
import { useAnswer, usePortal } from './session';
import { FailureNote, View } from './view';
import { portalWords } from './words';

const key = (clinic: string) => `medic.${clinic}.offer`;

/** In the tab, so that a reload finds it: in the address it does not stay. */
export function keepOffer(clinic: string, token: string): void {
  try {
    sessionStorage.setItem(key(clinic), token);
  } catch {
    // Without storage a reload has to begin from the e-mail again.
    return;
  }
}

export function readOffer(clinic: string): string | null {
  if (typeof sessionStorage === 'undefined') return null;
  try {
    return sessionStorage.getItem(key(clinic));
  } catch {
    return null;
  }
}

export function OfferPage({ offer: token }: { offer: string | null }) {
  if (token === null) return <DeadOffer />;
  return <LivingOffer token={token} />;
}

function LivingOffer({ token }: { token: string }) {
  const { clinic } = usePortal();
  const [manageLink, setManageLink] = useState<string | null>(null);
  const { data, failure, again } = useAnswer(`offer ${token}`, (api, slug, options) =>
    api.offer.mutate({ clinic: slug, offer: token }, options),
  );
  if (!data) {
    if (failure && (failure.kind === 'link' || failure.kind === 'invalid')) return <DeadOffer />;
    return (
      <View title={portalWords.offer.title} narrow loading={!failure}>
        <FailureNote failure={failure} onAgain={again} />
      </View>
    );
  }
  const { offer, firstName, replaces } = data;
  return (
    <View title={portalWords.offer.title} narrow>
      {offer.status === 'open' ? (
        <>
          <p className={css.lead}>{portalWords.offer.for(firstName)}</p>
          <OfferCard
            offer={offer}
            other={replaces}
            by={{ offer: token }}
            send={{
              take: (api, input, request, options) =>
                api.acceptOffer.mutate({ ...request, ...input }, options),
              refuse: (api, input, request, options) =>
                api.declineOffer.mutate({ ...request, ...input }, options),
            }}
            onAnswered={(_, taken) => setManageLink(taken?.manageLink ?? null)}
          />
        </>
      ) : (
        <Answered status={offer.status}>
          <LostOffer offer={offer} refused={null} />
        </Answered>
      )}
      {/* A new load: the link's secret is read, exchanged and taken out of the address there. */}
      {manageLink && (
        <a className="button wide" href={manageLink}>
          {portalWords.offer.seeVisit}
        </a>
      )}
      <Link className="text-link" to={portalRoute(clinic, 'home')}>
        {portalWords.home.all}
      </Link>
    </View>
  );
}

function Answered({ status, children }: { status: string; children: ReactNode }) {
  if (status !== 'accepted' && status !== 'declined') return children;
  return (
    <Note icon="check">
      <h2>{status === 'accepted' ? portalWords.offer.taken : portalWords.offer.refused}</h2>
      <p>{status === 'accepted' ? portalWords.offer.takenText : portalWords.offer.refusedText}</p>
    </Note>
  );
}

function DeadOffer() {
  const { clinic, answer } = usePortal();
  return (
    <View title={portalWords.link.offerTitle} narrow>
      <p className={css.lead}>{portalWords.link.offerText}</p>
      <Link className="button primary wide" to={portalRoute(clinic, 'home')}>
        {portalWords.home.all}
      </Link>
      <CallLine phone={answer.clinic.phone} />
    </View>
  );
}
