import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ActionButton } from '../ui/action-button';
import classes from './router.module.css';

/** A screen that failed while it was drawn. What was done is in the replica already, so a reload loses nothing. */
export function Broken({ error, reset }: ErrorComponentProps) {
  useEffect(() => {
    console.error('a screen could not be drawn', error);
  }, [error]);
  return (
    <main className={classes.nowhere} role="alert">
      <h1>This screen stopped working</h1>
      <p>Everything you did is saved on this computer.</p>
      <p>
        <ActionButton tone="primary" onClick={reset}>
          Try again
        </ActionButton>{' '}
        <ActionButton onClick={() => window.location.reload()}>Reload Medic</ActionButton>
      </p>
    </main>
  );
}
