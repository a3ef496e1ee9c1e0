import { Modal } from '@mantine/core';
import { useState } from 'react';
import { SignInForm } from '../features/sign-in/sign-in';
import { useSession, useSyncStatus } from '../replica/hooks';
import { ActionButton } from '../ui/action-button';
import classes from './small-dialogs.module.css';

/** Signing out wipes this computer's copy: what is unsent goes with it, so it is said first. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { unsent } = useSyncStatus();
  const [busy, setBusy] = useState(false);
  return (
    <Modal opened onClose={onClose} title="Sign out" size={440} classNames={{ title: classes.title }}>
      <p className={classes.text}>
        {unsent === 0
          ? 'Everything is saved on the server. The clinic’s data is taken off this computer.'
          : `${unsent} change${unsent === 1 ? ' is' : 's are'} not sent yet. Signing out now takes ${unsent === 1 ? 'it' : 'them'} off this computer for good.`}
      </p>
      <div className={classes.buttons}>
        <ActionButton keys="Esc" onClick={onClose} data-autofocus>
          Stay
        </ActionButton>
        <ActionButton
          tone={unsent === 0 ? 'primary' : 'danger'}
          disabled={busy}
          onClick={() => {
            setBusy(true);
            void session.signOut().finally(onClose);
          }}
        >
          {unsent === 0 ? 'Sign out' : 'Sign out and lose them'}
        </ActionButton>
      </div>
    </Modal>
  );
}

/** A session that has ended is renewed over the open desk; what is unsent stays. */
export function SignInAgainDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={480}
      padding={32}
      attributes={{ content: { 'aria-label': 'Sign in again' } }}
    >
      <SignInForm onSignedIn={onClose} />
    </Modal>
  );
}
