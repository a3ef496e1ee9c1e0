/** Keys that work on every page: the command, undo, and G with a letter. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../replica/hooks';
import { undoLast } from '../ui/announcer';
import { hasMod } from '../ui/key-cap';
import { useDialogs } from './dialogs';

const pages: Readonly<Record<string, '/agenda' | '/patients' | '/waitlist' | '/attention'>> = {
  a: '/agenda',
  p: '/patients',
  l: '/waitlist',
  n: '/attention',
};
const chordMs = 1200;

export function useGlobalKeys(): void {
  const navigate = useNavigate();
  const open = useDialogs((state) => state.open);
  const { lock } = useSession();
  useEffect(() => {
    let pressedG = 0;
    const onKey = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement &&
        event.target.closest('input, textarea, select, [contenteditable]') !== null;
      const dialogOpen = useDialogs.getState().dialog !== null;
      if (hasMod(event) && event.key.toLowerCase() === 'k' && !dialogOpen) {
        event.preventDefault();
        return open({ kind: 'search' });
      }
      // From anywhere: who has to leave the desk has no time to close a dialog.
      if (hasMod(event) && event.key.toLowerCase() === 'l') {
        event.preventDefault();
        void lock();
        return;
      }
      if (typing || dialogOpen) return;
      if (hasMod(event) && event.key.toLowerCase() === 'z') {
        event.preventDefault();
        return undoLast();
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') {
        event.preventDefault();
        return open({ kind: 'search' });
      }
      const page = pages[event.key.toLowerCase()];
      if (page && performance.now() - pressedG < chordMs) {
        pressedG = 0;
        event.preventDefault();
        event.stopPropagation();
        void navigate({ to: page });
        return;
      }
      pressedG = event.key.toLowerCase() === 'g' ? performance.now() : 0;
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [navigate, open, lock]);
}
