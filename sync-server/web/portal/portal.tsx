/** The portal: who is there, and the page of the address. A chunk of its own. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { PortalPage as Data } from '../load';
import { type MoveOptions, useNavigation } from '../navigation';
import { hrefOf } from '../route';
import { CancelPage } from './cancel-page';
import { HomePage } from './home-page';
import { JoinPage } from './join-page';
import { LinkEndedPage } from './link-ended-page';
import { MovePage } from './move-page';
import { NeedsCodePage } from './needs-code-page';
import { keepOffer, OfferPage, readOffer } from './offer-page';
import { type PortalFailure, portalFailureOf } from './portal-failure';
import { type PortalRoute, portalRoute } from './portal-route';
import { ProfilePage } from './profile-page';
import { type Me, type PortalSession, SessionContext, within } from './session';
import { SignInPage, type SignInReason } from './sign-in-page';
import { FailureNote, View } from './view';
import { VisitPage } from './visit-page';
import { WaitlistPage } from './waitlist-page';
import { portalWords } from './words';

type Standing =
  | { kind: 'asking' }
  | { kind: 'out'; why: SignInReason }
  | { kind: 'link-ended' }
  | { kind: 'in' }
  | { kind: 'failed'; failure: PortalFailure };

/** A session ends after half an hour without use, also before the eyes of who has left the page open. */
const idleMs = 30 * 60_000;

export function Portal({ data }: { data: Data }) {
  const { answer, route } = data;
  const { clinic } = route;
  const navigation = useNavigation();
  const { say } = navigation;
  const api = navigation.api?.portal ?? null;
  const [standing, setStanding] = useState<Standing>({ kind: 'asking' });
  /** Kept when a session ends, so that its page is still there after the next sign-in. */
  const [me, setMe] = useState<Me | null>(null);
  const [generation, setGeneration] = useState(0);
  const [notice, setNotice] = useState<{ href: string; text: string } | null>(null);
  const [offer, setOffer] = useState(() => readOffer(clinic));
  const lastUse = useRef(Date.now());
  const root = useRef<HTMLDivElement>(null);
  const onHeading = useRef(false);

  const href = hrefOf(route);
  // The one in use is always the newest: what is handed down must not change with every page.
  const going = useRef(navigation.go);
  going.current = navigation.go;
  const go = useCallback((to: PortalRoute, options?: MoveOptions) => going.current(to, options), []);
  const used = useCallback(() => {
    lastUse.current = Date.now();
  }, []);
  const ended = useCallback(() => setStanding({ kind: 'out', why: 'ended' }), []);

  const refresh = useCallback(async () => {
    if (!api) return;
    try {
      const found = await api.me.query({ clinic }, within());
      if (!found) return setStanding({ kind: 'out', why: 'first' });
      used();
      setMe(found);
      setGeneration((before) => before + 1);
      setStanding({ kind: 'in' });
    } catch (error) {
      const failure = portalFailureOf(error);
      if (failure.kind === 'session') setStanding({ kind: 'out', why: failure.ended ? 'ended' : 'first' });
      else setStanding({ kind: 'failed', failure });
    }
  }, [api, clinic, used]);

  /** What a link of an e-mail carries behind `#` leaves the address at once, and is read once. */
  const enter = useCallback(async () => {
    if (!api) return;
    const [, kind, secret = ''] = /^#([vo])=(.+)$/.exec(window.location.hash) ?? [];
    if (kind) window.history.replaceState(window.history.state, '', hrefOf(portalRoute(clinic, 'home')));
    if (kind === 'o') {
      keepOffer(clinic, secret);
      setOffer(secret);
      go(portalRoute(clinic, 'offer'), { replace: true });
    }
    if (kind === 'v') {
      setStanding({ kind: 'asking' });
      try {
        const { visitId } = await api.openLink.mutate({ clinic, link: secret }, within());
        go(portalRoute(clinic, 'visit', visitId), { replace: true });
      } catch (error) {
        const failure = portalFailureOf(error);
        const dead = failure.kind === 'link' || failure.kind === 'invalid';
        setStanding(dead ? { kind: 'link-ended' } : { kind: 'failed', failure });
        return;
      }
    }
    await refresh();
  }, [api, clinic, go, refresh]);

  useEffect(() => {
    void enter();
    const again = () => void enter();
    // A second link opened in the same tab.
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, [enter]);

  useEffect(() => {
    if (standing.kind !== 'in') return;
    const timer = setInterval(() => {
      if (Date.now() - lastUse.current >= idleMs) ended();
    }, 5000);
    return () => clearInterval(timer);
  }, [standing.kind, ended]);

  const said = notice?.href === href ? notice.text : null;
  useEffect(() => {
    if (said) say(said);
  }, [said, say]);

  const first = useRef(true);
  // Signing in and out changes the page without a new address: the focus goes to the new heading all the same.
  useEffect(() => {
    if (standing.kind === 'asking') return;
    if (first.current) first.current = false;
    else visibleHeading(root.current)?.focus({ preventScroll: true });
  }, [standing.kind]);

  const session = useMemo<PortalSession | null>(
    () =>
      api && {
        clinic,
        answer,
        api,
        me,
        generation,
        go,
        say,
        goWith: (text, to) => {
          setNotice({ href: hrefOf(to), text });
          go(to, { replace: true });
        },
        notice: said,
        onHeading,
        refresh,
        used,
        ended,
      },
    [api, clinic, answer, me, generation, go, say, said, refresh, used, ended],
  );

  if (!session) return null;
  const signedOut = () => {
    setMe(null);
    setStanding({ kind: 'out', why: 'signed-out' });
    go(portalRoute(clinic, 'home'), { replace: true });
  };
  const signedIn = async () => {
    await refresh();
    if (route.view === 'sign-in') go(portalRoute(clinic, 'home'), { replace: true });
  };
  return (
    <SessionContext value={session}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notes where the focus is */}
      <div
        ref={root}
        onFocus={(event) => {
          onHeading.current = event.target instanceof HTMLHeadingElement;
        }}
      >
        {route.view === 'offer' ? (
          <OfferPage key={offer} offer={offer} />
        ) : (
          <>
            <Front
              standing={standing}
              toSignIn={route.view === 'sign-in'}
              onSignedIn={signedIn}
              onCode={() => setStanding({ kind: 'out', why: 'first' })}
              onAgain={() => {
                setStanding({ kind: 'asking' });
                void enter();
              }}
            />
            {me && (
              <div
                key={me.people.map(({ id }) => id).join(' ') + me.visitId}
                hidden={standing.kind !== 'in' || route.view === 'sign-in'}
              >
                <Page route={route} data={data} me={me} onSignedOut={signedOut} />
              </div>
            )}
          </>
        )}
      </div>
    </SessionContext>
  );
}

interface FrontProps {
  standing: Standing;
  toSignIn: boolean;
  onSignedIn(): Promise<void>;
  onCode(): void;
  onAgain(): void;
}

/** What stands before the pages, or nothing. */
function Front({ standing, toSignIn, onSignedIn, onCode, onAgain }: FrontProps) {
  switch (standing.kind) {
    case 'asking':
      return <View title={portalWords.home.title} loading />;
    case 'link-ended':
      return <LinkEndedPage onCode={onCode} />;
    case 'failed':
      return (
        <View title={portalWords.home.title}>
          <FailureNote failure={standing.failure} onAgain={onAgain} />
        </View>
      );
    case 'out':
      return <SignInPage why={standing.why} onSignedIn={onSignedIn} />;
    case 'in':
      return toSignIn ? <SignInPage why="first" onSignedIn={onSignedIn} /> : null;
  }
}

interface PageProps {
  route: PortalRoute;
  data: Data;
  me: Me;
  onSignedOut(): void;
}

function Page({ route, data, me, onSignedOut }: PageProps) {
  const { view } = route;
  // A link shows one visit: its page is the first one, and there are no others.
  if (me.visitId && (view === 'home' || view === 'sign-in'))
    return <VisitPage key={me.visitId} visitId={me.visitId} onSignedOut={onSignedOut} />;
  if (me.kind === 'visit' && (view === 'waitlist' || view === 'join' || view === 'profile'))
    return <NeedsCodePage />;
  switch (view) {
    case 'home':
    case 'sign-in':
    case 'offer':
      return <HomePage today={data.today} onSignedOut={onSignedOut} />;
    case 'visit':
      return <VisitPage key={route.visit} visitId={route.visit ?? ''} onSignedOut={onSignedOut} />;
    case 'move':
      return <MovePage key={route.visit} route={route} today={data.today} />;
    case 'cancel':
      return <CancelPage key={route.visit} visitId={route.visit ?? ''} />;
    case 'waitlist':
      return <WaitlistPage />;
    case 'join':
      return <JoinPage today={data.today} />;
    case 'profile':
      return <ProfilePage today={data.today} />;
  }
}

function visibleHeading(root: HTMLElement | null): HTMLElement | null {
  const headings = [...(root?.querySelectorAll<HTMLElement>('h1') ?? [])];
  return headings.find((heading) => heading.checkVisibility()) ?? null;
}
