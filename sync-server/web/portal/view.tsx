/** What the portal's pages have in common: the way back, the heading, what happened, what failed, what was refused. */
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { FreeTime } from '../api';
import { Link } from '../navigation';
import type { Route } from '../route';
import { localTime } from '../time';
import { CallLine, Title } from '../ui/frame';
import frameCss from '../ui/frame.module.css';
import { Icon, type IconName } from '../ui/icon';
import { Note } from '../ui/note';
import slotCss from '../ui/slot.module.css';
import { TimeLink } from '../ui/time-link';
import { doctorOf, fullName, placeOf } from '../visit';
import { words } from '../words';
import css from './portal.module.css';
import type { PortalFailure } from './portal-failure';
import { type Refused, usePortal } from './session';
import { portalWords } from './words';

interface ViewProps {
  title: string;
  back?: { to: Route; label: string };
  /** Above the heading. */
  badge?: ReactNode;
  loading?: boolean;
  /** One column of text and fields, in the middle. */
  narrow?: boolean;
  /** On a wide screen the right column. */
  side?: ReactNode;
  children?: ReactNode;
}

export function View({ title, back, badge, loading = false, narrow = false, side, children }: ViewProps) {
  const { notice, onHeading } = usePortal();
  const head = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (onHeading.current && document.activeElement === document.body)
      head.current?.querySelector('h1')?.focus({ preventScroll: true });
  }, [onHeading]);

  return (
    <div className={narrow ? css.narrow : side ? css.sided : css.plain}>
      <div ref={head} className={css.head}>
        {back && (
          <Link className={frameCss.back} to={back.to}>
            <Icon name="back" size={18} />
            {back.label}
          </Link>
        )}
        {badge}
        <Title>{title}</Title>
        {notice && (
          <Note icon="check">
            <p>{notice}</p>
          </Note>
        )}
        {loading && <p className={css.waiting}>{words.portal.loading}</p>}
      </div>
      <div className={css.main}>{children}</div>
      {side && (
        <aside className={css.side} data-waiting={loading || undefined}>
          {side}
        </aside>
      )}
    </div>
  );
}

/** What came of a press. It takes the focus, since the button that was pressed has gone. */
export function Told({ icon = 'check', tone, children }: ToldProps) {
  const told = useRef<HTMLDivElement>(null);
  useEffect(() => told.current?.focus(), []);
  return (
    <div ref={told} tabIndex={-1} className={css.told}>
      <Note icon={icon} tone={tone}>
        {children}
      </Note>
    </div>
  );
}

interface ToldProps {
  icon?: IconName;
  tone?: 'plain' | 'amber';
  children: ReactNode;
}

interface FailureNoteProps {
  failure: PortalFailure | null;
  /** The failed thing would have changed something, and nobody knows whether it did. */
  acting?: boolean;
  onAgain?(): void;
}

export function FailureNote({ failure, acting = false, onAgain }: FailureNoteProps) {
  const { answer, me } = usePortal();
  if (!failure) return null;
  const kind =
    failure.kind === 'session' || failure.kind === 'code' || failure.kind === 'link' ? 'ours' : failure.kind;
  // By code all is allowed but what waits for the date of birth.
  const { title, text } =
    portalWords.problem[kind === 'forbidden' && me?.kind === 'patient' ? 'birthDate' : kind];
  const inDoubt = acting && (kind === 'ours' || kind === 'unreachable');
  const wait = kind === 'wait' && failure.retryAfterSeconds;
  return (
    <div role="alert">
      <Note icon={kind === 'unreachable' ? 'offline' : 'warning'} tone="amber">
        <h2>{title}</h2>
        <p>{inDoubt ? portalWords.problem.inDoubt : wait ? portalWords.problem.waitFor(wait) : text}</p>
        {failure.fields.length > 0 && (
          <ul>
            {failure.fields.map((field) => (
              <li key={field.field}>{field.message}</li>
            ))}
          </ul>
        )}
        {onAgain && (
          <button className="button" type="button" onClick={onAgain}>
            {portalWords.frame.tryAgain}
          </button>
        )}
        <CallLine phone={answer.clinic.phone} />
      </Note>
    </div>
  );
}

/** Why not, in the server's words, and what is free instead. */
export function RefusedNote({
  refused,
  toTime,
}: {
  refused: Refused | null;
  toTime?(time: FreeTime): Route | null;
}) {
  const { answer } = usePortal();
  if (!refused) return null;
  return (
    <div role="alert">
      <Note icon="warning" tone="amber">
        <h2>{portalWords.problem.refused}</h2>
        {refused.reasons.map((reason) => (
          <p key={reason.text}>{reason.text}</p>
        ))}
        {toTime && <Alternatives times={refused.alternatives} toTime={toTime} />}
        <CallLine phone={answer.clinic.phone} />
      </Note>
    </div>
  );
}

export function Alternatives({
  times,
  toTime,
}: {
  times: readonly FreeTime[];
  toTime(time: FreeTime): Route | null;
}) {
  const { answer } = usePortal();
  const links = times.flatMap((time) => {
    const to = toTime(time);
    return to ? [{ time, to }] : [];
  });
  if (links.length === 0) return null;
  return (
    <div className={css.alternatives}>
      <h3>{portalWords.problem.alternatives}</h3>
      <ul className={`${slotCss.row} ${slotCss.dated}`}>
        {links.slice(0, 6).map(({ time, to }) => {
          const local = localTime(time.startsAt, time.timeZone);
          const doctor = doctorOf(answer, time);
          const below = [words.date.short(local.date), placeOf(answer, time)?.name]
            .filter(Boolean)
            .join(', ');
          return (
            <li key={`${time.startsAt} ${time.doctorId}`}>
              <TimeLink
                to={to}
                time={local.time}
                below={below}
                name={words.clinic.timeAt(
                  words.date.short(local.date),
                  local.time,
                  doctor ? fullName(doctor) : '',
                )}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
