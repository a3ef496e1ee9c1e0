/** A free time as a link that leads on from it: on a doctor's card, among alternatives. */
import { Link } from '../navigation';
import type { Route } from '../route';
import css from './slot.module.css';

interface TimeLinkProps {
  to: Route;
  time: string;
  /** A second line: the day, the place or the seats left. */
  below?: string;
  /** The whole name for those who hear it, where the surroundings do not say it. */
  name?: string;
}

export function TimeLink({ to, time, below, name }: TimeLinkProps) {
  return (
    <Link to={to} className={css.slot} aria-label={name}>
      <span className={css.time}>{time}</span>
      {below && <span className={css.below}>{below}</span>}
    </Link>
  );
}

export function TakenTime({ time, word }: { time: string; word: string }) {
  return (
    <span className={`${css.slot} ${css.taken}`}>
      <s className={css.time}>{time}</s>
      <span className={css.below}>{word}</span>
    </span>
  );
}
