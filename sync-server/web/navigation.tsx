/** Moving between pages without a reload; without script the same links and forms load the next page. */
import {
  type AnchorHTMLAttributes,
  createContext,
  type MouseEvent,
  useContext,
  useSyncExternalStore,
} from 'react';
import type { BrowserApi } from './api';
import { hrefOf, type Route } from './route';

export interface MoveOptions {
  /** The new page takes the place of this one in the history. */
  replace?: boolean;
  /** A step moves focus to its heading; a change inside a step leaves it where it is. */
  focus?: 'heading' | 'keep';
}

export interface Navigation {
  /** Null on the server, where nothing is called by hand. */
  api: BrowserApi | null;
  go(route: Route, options?: MoveOptions): void;
  /** Loads this page afresh. */
  again(): void;
  /** Says it to a screen reader, politely. */
  say(text: string): void;
  /** The next page is being loaded. */
  busy: boolean;
}

export const NavigationContext = createContext<Navigation>({
  api: null,
  go: () => undefined,
  again: () => undefined,
  say: () => undefined,
  busy: false,
});

export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>, MoveOptions {
  to: Route;
}

export function Link({ to, replace, focus, onClick, ...rest }: LinkProps) {
  const { go } = useNavigation();
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    // A new tab or a download stays the browser's business.
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain || rest.target) return;
    event.preventDefault();
    go(to, { replace, focus });
  }
  return <a {...rest} href={hrefOf(to)} onClick={follow} />;
}

const never = () => () => undefined;

/** False on the server and while its HTML is taken over, true from then on. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

function onlineChanged(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

const wide = '(min-width: 900px)';

function widthChanged(changed: () => void): () => void {
  const query = window.matchMedia(wide);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether there is room for a second column; false on the server. */
export function useWide(): boolean {
  return useSyncExternalStore(
    widthChanged,
    () => window.matchMedia(wide).matches,
    () => false,
  );
}

export function useOnline(): boolean {
  return useSyncExternalStore(
    onlineChanged,
    () => navigator.onLine,
    () => true,
  );
}
