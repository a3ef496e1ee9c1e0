/** React's door to the replica. A component is drawn again only when what it reads here is another object. */

import type { Facts } from '@medic/shared/acts/facts';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Desk, DeskNotice, PendingIntent, SyncStatus } from './desk';
import type { DeskServices, DeskSession } from './services';

const ServicesContext = createContext<DeskServices | null>(null);

/** `<ServicesProvider value={services}>` stands around the whole app. */
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): DeskServices {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('Broken invariant: no ServicesProvider above this component');
  return services;
}

export function useSession(): DeskSession {
  const services = useServices();
  return useSyncExternalStore(services.subscribe, () => services.session);
}

/** The open desk, or null while nobody is signed in. The same object as long as the session lasts. */
export function useDeskOrNull(): Desk | null {
  const services = useServices();
  return useSyncExternalStore(services.subscribe, () => services.desk);
}

/** The open desk, for components that are drawn only when there is one. Does not follow its changes. */
export function useDesk(): Desk {
  const desk = useDeskOrNull();
  if (!desk) throw new Error('Broken invariant: no desk is open');
  return desk;
}

/** The facts as shown: pending intents over the replica. A new object after every change. */
export function useFacts(): Facts {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => desk.facts);
}

/** Ids of the records that pending intents made or changed. */
export function useTentative(): ReadonlySet<string> {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => desk.tentative);
}

export function usePendingIntents(): readonly PendingIntent[] {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => desk.pending);
}

/** What only this desk knows of and a person has to read. */
export function useNotices(): readonly DeskNotice[] {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => desk.notices);
}

export function useSyncStatus(): SyncStatus {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => desk.status);
}

/**
 * A part of the desk's state. `select` must give the same object while nothing changed (take a field, do not
 * build one), or the component is drawn without end.
 */
export function useDeskValue<T>(select: (desk: Desk) => T): T {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => select(desk));
}
