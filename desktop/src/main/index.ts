/** Electron's main process: wires and nothing more. What it wires stands beside it. */
import path from 'node:path';
import { app, type BrowserWindow, dialog, Menu, session } from 'electron';
import { serverOrigin } from './addresses';
import { registerAppScheme, serveApp } from './app-protocol';
import { guardContents, guardPermissions } from './guards';
import { Journals } from './journal-file';
import { answerRequests } from './requests';
import { SecretFile } from './secrets';
import { readSettings } from './settings';
import { openWindow } from './window';

const devUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null);
const settingsFile = path.join(app.getPath('userData'), 'settings.json');
let window: BrowserWindow | null = null;

function showWindow(): void {
  if (!window) {
    window = openWindow(settingsFile, devUrl);
    window.on('closed', () => {
      window = null;
    });
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

function start(): void {
  const named =
    process.env.MEDIC_SERVER_URL ?? readSettings(settingsFile).serverUrl ?? 'http://localhost:4400';
  const server = serverOrigin(named);
  if (!server) {
    dialog.showErrorBox(
      'Medic cannot use this server address',
      `${named}\n\nIt must begin with https:// (http:// only for this very computer). It comes from MEDIC_SERVER_URL or ${settingsFile}.`,
    );
    app.exit(1);
    return;
  }
  guardPermissions(session.defaultSession);
  serveApp(path.join(import.meta.dirname, '../renderer'), server);
  const userData = app.getPath('userData');
  answerRequests(
    new SecretFile(path.join(userData, 'secrets.json')),
    new Journals(path.join(userData, 'journals')),
    devUrl,
  );
  if (process.platform !== 'darwin' && app.isPackaged) Menu.setApplicationMenu(null);
  showWindow();
}

// Two instances would each hold the store; the second only shows the first.
if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  registerAppScheme();
  guardContents(app, devUrl);
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  void app.whenReady().then(start);
} else {
  app.quit();
}
