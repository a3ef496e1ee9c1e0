/** Electron's own security checklist, as far as it is about what a page may do. */
import { type App, type Session, shell, type WebContents } from 'electron';
import { isOutside, isOwnPage } from './addresses';

/** On every web contents there will ever be, not only on the window's. */
export function guardContents(app: App, devUrl: string | null): void {
  app.on('web-contents-created', (_event, contents) => {
    guardNavigation(contents, devUrl);
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

function guardNavigation(contents: WebContents, devUrl: string | null): void {
  function stay(event: { preventDefault(): void; url: string }): void {
    if (!isOwnPage(event.url, devUrl)) event.preventDefault();
  }
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  // Never a second window; a link to the outside goes to the browser.
  contents.setWindowOpenHandler(({ url }) => {
    if (isOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** The desk needs none of camera, microphone, place, USB and the rest. Writing to the clipboard needs no asking. */
export function guardPermissions(session: Session): void {
  const granted = new Set(['clipboard-sanitized-write', 'persistent-storage']);
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(granted.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => granted.has(permission));
  session.setDevicePermissionHandler(() => false);
}
