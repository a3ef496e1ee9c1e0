import { useEffect, useState } from 'react';
import type { SyncStatus } from '../../replica/desk';
import { Mark } from '../../ui/mark';
import classes from './sign-in.module.css';

/** The clinic comes onto this computer: once, and it says how far it is. */
export function FirstPull({ status }: { status: SyncStatus | null }) {
  const pull = status?.firstPull ?? null;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  const isStuck = status !== null && !status.online && status.offlineSince !== null;
  const part = pull && pull.collections > 0 ? pull.collectionsDone / pull.collections : null;
  return (
    <main className={classes.pull}>
      <Mark size={36} />
      <h1>
        {isStuck
          ? 'Not everything has arrived yet'
          : pull
            ? 'Bringing the clinic onto this computer'
            : 'Opening the desk'}
      </h1>
      <div
        className={classes.progress}
        role="progressbar"
        aria-label="First pull"
        aria-valuemin={0}
        aria-valuemax={pull?.collections ?? 1}
        aria-valuenow={pull?.collectionsDone ?? undefined}
      >
        <span style={{ width: part === null ? '12%' : `${Math.max(4, Math.round(part * 100))}%` }} />
      </div>
      <p role="status">
        {pull
          ? `${pull.rows.toLocaleString('en-GB')} records so far, ${pull.collectionsDone} of ${pull.collections} parts`
          : 'Reading what is saved here'}
      </p>
      {isStuck && (
        <p>
          The server can’t be reached, and what is here is too little to show a day. It goes on by itself when
          the server answers.
        </p>
      )}
      {status?.problem && <p role="alert">{status.problem.message}</p>}
    </main>
  );
}
