/** Shows the page that belongs to the address, and moves to the next one. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BrowserApi } from './api';
import { failureOf } from './failure';
import { loadPage, type Shown } from './load';
import { type MoveOptions, type Navigation, NavigationContext } from './navigation';
import { BookedPage } from './pages/booked-page';
import { ClinicPage } from './pages/clinic-page';
import { DetailsPage } from './pages/details-page';
import { DoctorPage } from './pages/doctor-page';
import { LostPage } from './pages/lost-page';
import { ProblemPage } from './pages/problem-page';
import { ReviewPage } from './pages/review-page';
import { SlotsPage } from './pages/slots-page';
import { TakenPage } from './pages/taken-page';
import { hrefOf, parseRoute, type Route } from './route';
import { titleOf } from './title';

export function App({ first, api }: { first: Shown; api: BrowserApi | null }) {
  const [shown, setShown] = useState(first);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const main = useRef<HTMLDivElement>(null);
  const latest = useRef(0);
  const moved = useRef<MoveOptions['focus']>(undefined);
  const { answer } = shown;

  const show = useCallback(
    async (route: Route, options: MoveOptions & { history: 'push' | 'replace' | 'none' }) => {
      if (!api) return;
      const turn = ++latest.current;
      setBusy(true);
      const next: Shown = await loadPage(route, api, Date.now(), answer ?? undefined).catch(
        (error: unknown) => ({
          page: 'problem' as const,
          route,
          failure: failureOf(error),
          answer,
        }),
      );
      // The visitor has gone elsewhere meanwhile.
      if (turn !== latest.current) return;
      if (options.history === 'push') window.history.pushState(null, '', hrefOf(route));
      if (options.history === 'replace') window.history.replaceState(null, '', hrefOf(route));
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
      // A link inside the page (`#visits`) arrives here too.
      if (hrefOf(route) !== hrefOf(shown.route)) void show(route, { history: 'none' });
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, [show, shown.route]);

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
    case 'details':
      return <DetailsPage data={shown} />;
    case 'review':
      return <ReviewPage data={shown} />;
    case 'taken':
      return <TakenPage data={shown} />;
    case 'booked':
      return <BookedPage data={shown} />;
    case 'lost':
      return <LostPage data={shown} />;
    case 'problem':
      return <ProblemPage failure={shown.failure} route={shown.route} answer={shown.answer} />;
  }
}
