/** A page's frame: bar on top, body, footer with the keys and the last action. */

import { localTime } from '@medic/shared/time/zone';
import { IconDeviceDesktop, IconPlus, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { NotAllHere } from '../features/sync/not-all-here';
import { SyncPill } from '../features/sync/sync-pill';
import { useFacts, useSyncStatus } from '../replica/hooks';
import { ActionButton } from '../ui/action-button';
import { undoLast, useAnnouncement } from '../ui/announcer';
import { AppBar } from '../ui/app-bar';
import { KeyCap } from '../ui/key-cap';
import { useDialogs } from './dialogs';
import classes from './page.module.css';

interface PageProps {
  title: string;
  note?: string;
  controls?: ReactNode;
  hints: readonly { keys: string; does: string }[];
  counts?: ReactNode;
  onBook?: () => void;
  children: ReactNode;
}

export function Page({ title, note, controls, hints, counts, onBook, children }: PageProps) {
  const open = useDialogs((state) => state.open);
  return (
    <div className={classes.page}>
      <AppBar
        title={title}
        note={note}
        end={
          <>
            <button
              type="button"
              className={classes.search}
              onClick={() => open({ kind: 'search' })}
              aria-label="Find a patient or a command"
            >
              <IconSearch size={16} stroke={1.75} aria-hidden />
              <span>Find a patient or type a command</span>
              <KeyCap keys="Mod+K" />
            </button>
            <SyncPill />
            <ActionButton
              tone="primary"
              icon={<IconPlus size={16} aria-hidden />}
              keys="B"
              onClick={onBook ?? (() => open({ kind: 'booking', start: {} }))}
            >
              Book
            </ActionButton>
          </>
        }
      >
        {controls}
      </AppBar>
      <NotAllHere />
      <main className={classes.body}>{children}</main>
      <footer className={classes.footer}>
        <div className={classes.hints}>
          {hints.map((hint) => (
            <span key={hint.does}>
              <KeyCap keys={hint.keys} /> {hint.does}
            </span>
          ))}
        </div>
        {counts}
        <LastAction />
      </footer>
    </div>
  );
}

const toastMs = 8000;

/** The last action, until the next one; for its first seconds as a toast too. Offline, what is safe comes first. */
function LastAction() {
  const said = useAnnouncement();
  const status = useSyncStatus();
  const facts = useFacts();
  const [toastId, setToastId] = useState(0);
  const saidId = said?.id ?? 0;
  useEffect(() => {
    if (saidId === 0) return;
    setToastId(saidId);
    const timer = setTimeout(() => setToastId(0), toastMs);
    return () => clearTimeout(timer);
  }, [saidId]);
  const contact =
    status.lastContactAt === null
      ? ''
      : ` Last contact ${localTime(status.lastContactAt, facts.clinic.timeZone).time}`;
  return (
    <div className={classes.last}>
      {!status.online && (
        <span className={classes.safe}>
          <IconDeviceDesktop size={14} stroke={1.75} aria-hidden /> Saved on this PC, nothing is lost.
          {contact}
        </span>
      )}
      <span role="status" className={classes.said} data-tone={said?.tone}>
        {said?.text}
      </span>
      {said?.undo && (
        <button type="button" className={classes.undo} onClick={undoLast}>
          Undo <KeyCap keys="Mod+Z" />
        </button>
      )}
      {said && toastId === said.id && (
        <div className={classes.toast} data-tone={said.tone} aria-hidden>
          <span>{said.text}</span>
          {said.undo && (
            <button type="button" tabIndex={-1} onClick={undoLast}>
              Undo
            </button>
          )}
        </div>
      )}
    </div>
  );
}
