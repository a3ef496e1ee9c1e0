/** The screens. Before a desk is open: sign in, and the first pull; then the pages. */
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { FirstPull } from '../features/sign-in/first-pull';
import { SignIn } from '../features/sign-in/sign-in';
import { ServicesProvider, useDeskOrNull, useSession, useSyncStatus } from '../replica/hooks';
import type { DeskServices } from '../replica/services';
import { theme, variables } from '../ui/theme';
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
  if (session.state === 'signed-out') return <SignIn />;
  if (session.state === 'opening' || desk === null) return <FirstPull status={null} />;
  return <OpenDesk />;
}

function OpenDesk() {
  const status = useSyncStatus();
  const [router] = useState(deskRouter);
  if (status.phase === 'starting') return <FirstPull status={status} />;
  return <RouterProvider router={router} />;
}
