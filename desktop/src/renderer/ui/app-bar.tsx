import type { ReactNode } from 'react';
import classes from './app-bar.module.css';

/** The bar on top of a page: what it shows, how to go on, and what is always at hand. */
export function AppBar({
  title,
  note,
  children,
  end,
}: {
  title: string;
  note?: string;
  children?: ReactNode;
  end: ReactNode;
}) {
  return (
    <header className={classes.bar}>
      <h1 className={classes.title}>
        {title}
        {note && <small>{note}</small>}
      </h1>
      <div className={classes.middle}>{children}</div>
      <div className={classes.end}>{end}</div>
    </header>
  );
}
