import { Link } from '../navigation';
import type { Route } from '../route';
import { Icon } from '../ui/icon';
import css from './slots-page.module.css';

interface WeekArrowProps {
  to: Route;
  off: boolean;
  icon: 'back' | 'forward';
  label: string;
}

/** One week back or ahead; where there is none, its place stays. */
export function WeekArrow({ to, off, icon, label }: WeekArrowProps) {
  if (off) {
    return (
      <span className={`${css.arrow} ${css.off}`}>
        <Icon name={icon} />
      </span>
    );
  }
  return (
    <Link className={css.arrow} to={to} focus="keep" replace aria-label={label}>
      <Icon name={icon} />
    </Link>
  );
}
