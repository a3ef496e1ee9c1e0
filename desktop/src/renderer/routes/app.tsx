/** The screens. Before a desk is open: sign in, and the first pull; then the pages. */
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { FirstPull } from '../features/sign-in/first-pull';
import { IdleGuard } from '../features/sign-in/idle-guard';
import { LockScreen } from '../features/sign-in/lock-screen';
import { SignIn } from '../features/sign-in/sign-in';
import { ServicesProvider, useDeskOrNull, useSession, useSyncStatus } from '../replica/hooks';
import type { DeskServices } from '../replica/services';
import { clearAnnouncement } from '../ui/announcer';
import { theme, variables } from '../ui/theme';
import { useDialogs } from './dialogs';
import { deskRouter } from './router';

export interface AppProps {
  services: DeskServices;
}

export function App({ services }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <ServicesProvider value={services}>
        <Screens />
      </ServicesProvider>
    </MantineProvider>
  );
}

function Screens() {
  const session = useSession();
  const desk = useDeskOrNull();
  const [someoneElse, setSomeoneElse] = useState(false);
  const isOpen = desk !== null && session.state === 'open';

  // What was said and half typed may name a patient; and the next one is not the last one's guest.
  useEffect(() => {
    if (isOpen) return setSomeoneElse(false);
    clearAnnouncement();
    useDialogs.getState().close();
  }, [isOpen]);

  const isShut = session.state === 'locked' || session.state === 'signed-out';
  if (isShut && session.people.length > 0 && !someoneElse && session.startAfresh === null) {
    return (
      <LockScreen
        people={session.people}
        lastUserId={session.lockedPerson}
        how={session.lockedHow}
        notice={session.notice}
        unlock={session.unlock}
        someoneElse={() => setSomeoneElse(true)}
      />
    );
  }
  if (isShut) return <SignIn onBack={session.people.length > 0 ? () => setSomeoneElse(false) : undefined} />;
  if (session.state === 'opening' || desk === null) return <FirstPull status={null} />;
  return <OpenDesk />;
}

function OpenDesk() {
  const status = useSyncStatus();
  const [router] = useState(deskRouter);
  if (status.phase === 'starting') return <FirstPull status={status} />;
  return (
    <>
      <RouterProvider router={router} />
      <IdleGuard />
    </>
  );
}
