import { useEffect } from 'react';
import type { ClinicAnswer } from '../api';
import type { Failure } from '../failure';
import { Link, useHydrated, useNavigation, useOnline } from '../navigation';
import type { Route } from '../route';
import { CallLine, Frame, Title } from '../ui/frame';
import { Icon, type IconName } from '../ui/icon';
import { words } from '../words';
import css from './problem-page.module.css';

interface ProblemPageProps {
  failure: Failure;
  route: Route;
  /** The clinic, where an earlier page has told of it. */
  answer: ClinicAnswer | null;
}

/** The page could not be loaded. */
export function ProblemPage({ failure, route, answer }: ProblemPageProps) {
  const { again, busy } = useNavigation();
  const hydrated = useHydrated();
  const online = useOnline();
  const offline = failure.kind === 'unreachable' && hydrated && !online;

  useEffect(() => {
    if (failure.kind !== 'unreachable') return;
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [failure, again]);

  const { icon, title, text } = offline
    ? { icon: 'offline' as const, ...words.problem.offline }
    : said(failure);
  return (
    <Frame answer={answer}>
      <div className={css.problem}>
        <span className={`${css.disc} ${icon === 'warning' ? css.amber : ''}`}>
          <Icon name={icon} size={28} />
        </span>
        <Title>{title}</Title>
        <p>{text}</p>
        {/* A link, so that it also works where this page came from the server and the script did not. */}
        <Link className="button primary wide" to={route} replace aria-disabled={busy || undefined}>
          {offline ? words.problem.tryNow : words.problem.tryAgain}
        </Link>
        <CallLine phone={answer?.clinic.phone ?? null} />
      </div>
    </Frame>
  );
}

function said(failure: Failure): { icon: IconName; title: string; text: string } {
  if (failure.kind === 'unreachable') return { icon: 'offline', ...words.problem.unreachable };
  if (failure.kind === 'wait') return { icon: 'hourglass', ...words.problem.wait };
  return { icon: 'warning', ...words.problem.ours };
}
