/** Shows the page that belongs to the address, and moves to the next one. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BrowserApi } from './api';
import { serverNow } from './clock';
import { failureOf } from './failure';
import { leaveBooking } from './hold/leaving';
import { loadPage, type Shown } from './load';
import { type MoveOptions, type Navigation, NavigationContext } from './navigation';
import { fetchedPages, fetchPages } from './page-chunks';
import { ByPhonePage } from './pages/by-phone-page';
import { ClinicPage } from './pages/clinic-page';
import { DoctorPage } from './pages/doctor-page';
import { LostPage } from './pages/lost-page';
import { ProblemPage } from './pages/problem-page';
import { SlotsPage } from './pages/slots-page';
import { PortalPage } from './portal/portal-page';
import { hrefOf, parseRoute, type Route } from './route';
import { titleOf } from './title';

/** While one of these is shown, a time may be kept for the visitor. */
const stepsOfBooking: ReadonlySet<Shown['page']> = new Set([
  'slots',
  'details',
  'review',
  'taken',
  'booked',
  'waitlist',
  'problem',
]);

export function App({ first, api }: { first: Shown; api: BrowserApi | null }) {
  const [shown, setShown] = useState(first);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const main = useRef<HTMLDivElement>(null);
  const latest = useRef(0);
  /** What is shown, known at once: effects that follow a rendering may come after the visitor's next step back. */
  const shownNow = useRef(hrefOf(first.route));
  /** The address is already that of the page being loaded: a step back or forward, not a link. */
  const stepping = useRef(false);
  const moved = useRef<MoveOptions['focus']>(undefined);
  const { answer } = shown;

  const show = useCallback(
    async (route: Route, options: MoveOptions & { history: 'push' | 'replace' | 'none' }) => {
      if (!api) return;
      const turn = ++latest.current;
      stepping.current = options.history === 'none' && hrefOf(route) !== shownNow.current;
      setBusy(true);
      const next: Shown = await loadPage(route, api, serverNow(), answer ?? undefined).catch(
        (error: unknown) => ({
          page: 'problem' as const,
          route,
          failure: failureOf(error),
          answer,
        }),
      );
      try {
        await fetchPages(next.page);
      } catch {
        // The server answered, so a new build has replaced the files: the page's own load brings the new ones.
        if (turn === latest.current) window.location.assign(hrefOf(route));
        return;
      }
      // The visitor has gone elsewhere meanwhile.
      if (turn !== latest.current) return;
      if (options.history === 'push') window.history.pushState(null, '', hrefOf(route));
      if (options.history === 'replace') window.history.replaceState(null, '', hrefOf(route));
      shownNow.current = hrefOf(route);
      stepping.current = false;
      moved.current = options.focus ?? 'heading';
      setBusy(false);
      setSaid('');
      setShown(next);
    },
    [api, answer],
  );

  useEffect(() => {
    const back = () => {
      const route = parseRoute(window.location.href);
      if (hrefOf(route) !== shownNow.current) return void show(route, { history: 'none' });
      // A link inside the page (`#visits`) arrives here too.
      if (!stepping.current) return;
      // Back and forth before the page in between has come: it is not wanted any more.
      stepping.current = false;
      latest.current += 1;
      setBusy(false);
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, [show]);

  useEffect(() => {
    if (!stepsOfBooking.has(shown.page)) leaveBooking();
    // Whoever looks at times is about to need the next steps.
    if (shown.page === 'slots') fetchPages('details').catch(() => undefined);
  }, [shown]);

  useEffect(() => {
    document.title = titleOf(shown);
    if (moved.current === 'heading') {
      window.scrollTo(0, 0);
      main.current?.querySelector('h1')?.focus({ preventScroll: true });
    }
    moved.current = undefined;
  }, [shown]);

  const navigation = useMemo<Navigation>(
    () => ({
      api,
      busy,
      say: setSaid,
      go: (route, options = {}) =>
        void show(route, { ...options, history: options.replace ? 'replace' : 'push' }),
      again: () => void show(shown.route, { history: 'none' }),
    }),
    [api, busy, show, shown.route],
  );

  return (
    <NavigationContext value={navigation}>
      <div ref={main} aria-busy={busy || undefined} className={busy ? 'busy' : undefined}>
        <Page shown={shown} />
      </div>
      <div role="status" className="visually-hidden">
        {said}
      </div>
    </NavigationContext>
  );
}

function Page({ shown }: { shown: Shown }) {
  switch (shown.page) {
    case 'clinic':
      return <ClinicPage data={shown} />;
    case 'doctor':
      return <DoctorPage data={shown} />;
    case 'slots':
      return <SlotsPage data={shown} />;
    case 'portal':
      return <PortalPage data={shown} />;
    case 'by-phone':
      return <ByPhonePage data={shown} />;
    case 'lost':
      return <LostPage data={shown} />;
    case 'problem':
      return <ProblemPage failure={shown.failure} route={shown.route} answer={shown.answer} />;
    default:
      return <LaterPage shown={shown} />;
  }
}

type Later = Extract<Shown, { page: 'details' | 'review' | 'taken' | 'booked' | 'waitlist' }>;

function LaterPage({ shown }: { shown: Later }) {
  const pages = fetchedPages();
  switch (shown.page) {
    case 'details':
      return <pages.DetailsPage data={shown} />;
    case 'review':
      return <pages.ReviewPage data={shown} />;
    case 'taken':
      return <pages.TakenPage data={shown} />;
    case 'booked':
      return <pages.BookedPage data={shown} />;
    case 'waitlist':
      return <pages.WaitlistPage data={shown} />;
  }
}
