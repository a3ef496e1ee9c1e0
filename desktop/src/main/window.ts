import path from 'node:path';
import { BrowserWindow, screen } from 'electron';
import { appOrigin } from './addresses';
import { readSettings, writeSettings } from './settings';
import { fitBounds, smallestSize } from './window-bounds';

export function openWindow(settingsFile: string, devUrl: string | null): BrowserWindow {
  const saved = readSettings(settingsFile).bounds;
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...fitBounds(saved, screens),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    // Shown when there is something to see: no white flash.
    show: false,
    backgroundColor: '#f3f5f7',
    autoHideMenuBar: true,
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      // The tab that syncs must go on behind other windows.
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => {
    // Not earlier: maximizing also shows.
    if (saved?.maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    const bounds = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    writeSettings(settingsFile, { bounds });
  });
  void window.loadURL(devUrl ?? `${appOrigin}/index.html`);
  return window;
}
