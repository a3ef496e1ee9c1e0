import { useEffect, useRef, useState } from 'react';
import { Link, useNavigation } from '../navigation';
import type { Route } from '../route';
import { localTime } from '../time';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { words } from '../words';
import { HoldDialog } from './hold-dialog';
import css from './hold-line.module.css';
import type { HoldView } from './use-hold';

/** With so many minutes left the visitor is asked. */
const askAtMinutes = 2;

interface HoldLineProps {
  view: HoldView;
  slot: { startsAt: number; timeZone: Parameters<typeof localTime>[1] };
  /** Where other times are. */
  others: Route;
}

/** How long the time is kept, in one line; and the question when that is nearly over. */
export function HoldLine({ view, slot, others }: HoldLineProps) {
  const { keeping, minutesLeft } = view;
  const { say } = useNavigation();
  const { date, time } = localTime(slot.startsAt, slot.timeZone);
  const [answered, setAnswered] = useState<number | null>(null);
  const said = useRef(false);
  const expiresAt = keeping.state === 'kept' ? keeping.hold.expiresAt : null;

  useEffect(() => {
    if (keeping.state !== 'kept' || said.current) return;
    said.current = true;
    say(words.hold.saidKept(time, minutesLeft));
  }, [keeping.state, say, time, minutesLeft]);

  switch (keeping.state) {
    case 'kept': {
      const kept = words.hold.kept(minutesLeft);
      const asks = minutesLeft <= askAtMinutes && minutesLeft > 0 && answered !== expiresAt;
      return (
        <>
          <p className={css.line}>
            <Ring part={minutesLeft / 10} />
            <span>
              {kept.before}
              <strong>{kept.left}</strong>
            </span>
          </p>
          {asks && view.keeper && (
            <HoldDialog
              keeper={view.keeper}
              when={words.details.when(date, time)}
              minutes={minutesLeft}
              mayExtend={keeping.hold.extensionsLeft > 0}
              others={others}
              onClose={() => setAnswered(expiresAt)}
            />
          )}
        </>
      );
    }
    case 'unkept':
      return (
        <p className={css.line}>
          <Icon name="info" />
          {words.hold.unkept}
        </p>
      );
    case 'failed':
      return (
        <p className={css.line}>
          <Icon name="offline" />
          <span>
            {words.hold.failed}{' '}
            <button type="button" className={css.again} onClick={() => void view.keeper?.keep(keeping.wish)}>
              {words.hold.tryAgain}
            </button>
          </span>
        </p>
      );
    default:
      return (
        <p className={css.line}>
          {keeping.state === 'asking' && (
            <>
              <Icon name="hourglass" />
              {words.hold.asking}
            </>
          )}
        </p>
      );
  }
}

/** What is said when the time is no longer kept: an alert, because it changes what the visitor can count on. */
export function HoldEnded({ view, slot, others }: HoldLineProps) {
  const { keeping, keeper } = view;
  if (keeping.state !== 'ended') return null;
  const { time } = localTime(slot.startsAt, slot.timeZone);
  const { ended } = words.hold;
  return (
    <div role="alert">
      <Note icon="hourglass" tone="amber">
        <h2 className={css.endedTitle}>{ended.title}</h2>
        <p>
          {ended[keeping.why]} {keeping.free === true && ended.free(time)}
          {keeping.free === false && keeping.why !== 'booked' && ended.gone(time)}
        </p>
        <div className={css.choices}>
          {keeping.free !== false && (
            <button type="button" className="button primary" onClick={() => void keeper?.keep(keeping.wish)}>
              {ended.keep}
            </button>
          )}
          <Link className="button" to={others}>
            {ended.other}
          </Link>
        </div>
      </Note>
    </div>
  );
}

const radius = 8;
const length = 2 * Math.PI * radius;

/** What is left of the ten minutes. Decoration: the words beside it say it. */
function Ring({ part }: { part: number }) {
  const shown = Math.min(1, Math.max(0, part));
  return (
    <svg className={css.ring} width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <circle className={css.whole} cx="10" cy="10" r={radius} />
      <circle
        className={css.rest}
        cx="10"
        cy="10"
        r={radius}
        strokeDasharray={`${(shown * length).toFixed(1)} ${length.toFixed(1)}`}
        transform="rotate(-90 10 10)"
      />
    </svg>
  );
}
