/**
 * A stand-in for the parts of the `electron` module that main and preload use, so that their rules run where its
 * binary is not there. It does what Electron does with their answers (a prevented navigation does not happen) and
 * decides nothing itself. Tests put it in place with `vi.mock('electron', ...)` and look at `host`.
 */
import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  ContextBridge,
  CustomScheme,
  Dialog,
  IpcRenderer,
  Protocol,
  Rectangle,
  Session,
  WindowOpenHandlerResponse,
} from 'electron';

type Handler<T> = NonNullable<T>;
type RequestHandler = Handler<Parameters<Session['setPermissionRequestHandler']>[0]>;
type CheckHandler = Handler<Parameters<Session['setPermissionCheckHandler']>[0]>;
type DeviceHandler = Handler<Parameters<Session['setDevicePermissionHandler']>[0]>;
type ProtocolHandler = Parameters<Protocol['handle']>[1];
type Listener = (event: unknown, ...args: unknown[]) => unknown;

export interface Frame {
  url: string;
  parent: Frame | null;
}

class Host {
  windows: BrowserWindow[] = [];
  openedOutside: string[] = [];
  errorBoxes: string[] = [];
  shownNotifications: { title: string; body: string }[] = [];
  schemes: CustomScheme[] = [];
  protocols = new Map<string, ProtocolHandler>();
  ipc = new Map<string, Listener>();
  invoked: { channel: string; args: unknown[] }[] = [];
  exposed = new Map<string, unknown>();
  fetched: { url: string; init: RequestInit }[] = [];
  workAreas: Rectangle[] = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  userData = '/nonexistent';
  packaged = true;
  /** Whether this process is the first: what `requestSingleInstanceLock` answers. */
  first = true;
  sandboxed = false;
  ended: string | null = null;
  encryption = true;
  backend = 'gnome_libsecret';

  /** The page's side of `ipcMain.handle`. */
  async ask(channel: string, senderFrame: Frame | null, ...args: unknown[]): Promise<unknown> {
    const listener = this.ipc.get(channel);
    if (!listener) throw new Error(`No handler registered for '${channel}'`);
    return await listener({ senderFrame, sender: this.windows[0]?.webContents }, ...args);
  }

  reset(): void {
    Object.assign(this, new Host());
    app.removeAllListeners();
    session.defaultSession = new SessionStandIn();
    nativeTheme.themeSource = 'system';
  }
}

class WebContents extends EventEmitter {
  readonly mainFrame: Frame = { url: '', parent: null };
  printed = 0;
  #opens: (details: { url: string }) => WindowOpenHandlerResponse = () => ({ action: 'allow' });

  setWindowOpenHandler(opens: (details: { url: string }) => WindowOpenHandlerResponse): void {
    this.#opens = opens;
  }

  print(): void {
    this.printed += 1;
  }

  /** A page that wants to go elsewhere, by one of the ways there are. Says whether it went. */
  goes(by: 'will-navigate' | 'will-redirect' | 'will-frame-navigate' | 'will-attach-webview', url: string) {
    let prevented = false;
    const event = {
      url,
      preventDefault: () => {
        prevented = true;
      },
    };
    this.emit(by, event);
    return !prevented;
  }

  /** `window.open`, or a link with a target. Says whether a window came of it. */
  opens(url: string): boolean {
    return this.#opens({ url }).action === 'allow';
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  readonly options: BrowserWindowConstructorOptions;
  visible: boolean;
  focused = 0;
  maximized = false;
  minimized = false;
  bounds: Rectangle = { x: 0, y: 0, width: 0, height: 0 };

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.visible = options.show ?? true;
    host.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
    return Promise.resolve();
  }

  show(): void {
    this.visible = true;
  }

  focus(): void {
    this.focused += 1;
  }

  restore(): void {
    this.minimized = false;
  }

  /** As Electron's: it also shows. */
  maximize(): void {
    this.maximized = true;
    this.visible = true;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  getNormalBounds(): Rectangle {
    return this.bounds;
  }

  close(): void {
    this.emit('close', {});
    this.emit('closed');
    host.windows = host.windows.filter((window) => window !== this);
  }
}

class SessionStandIn {
  onRequest: RequestHandler | null = null;
  onCheck: CheckHandler | null = null;
  onDevice: DeviceHandler | null = null;

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.onRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.onCheck = handler;
  }

  setDevicePermissionHandler(handler: DeviceHandler): void {
    this.onDevice = handler;
  }

  /** What a page hears that asks; without a handler Electron grants. */
  requests(permission: string): boolean {
    let answer: boolean | null = this.onRequest ? null : true;
    const decide = (granted: boolean): void => {
      answer = granted;
    };
    this.onRequest?.(null as never, permission as never, decide, {} as never);
    if (answer === null) throw new Error(`${permission} got no answer`);
    return answer;
  }

  checks(permission: string): boolean {
    return this.onCheck?.(null, permission as never, 'app://desk', {} as never) ?? true;
  }

  devices(deviceType: 'hid' | 'serial' | 'usb'): boolean {
    return this.onDevice?.({ deviceType, origin: 'app://desk', device: {} } as never) ?? false;
  }
}

class AppStandIn extends EventEmitter {
  get isPackaged(): boolean {
    return host.packaged;
  }

  getPath(): string {
    return host.userData;
  }

  getVersion(): string {
    return '1.2.3';
  }

  requestSingleInstanceLock(): boolean {
    return host.first;
  }

  enableSandbox(): void {
    host.sandboxed = true;
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  quit(): void {
    host.ended = 'quit';
  }

  exit(code: number): void {
    host.ended = `exit ${code}`;
  }
}

export const app = new AppStandIn();
export const session = { defaultSession: new SessionStandIn() };
export const nativeTheme = { themeSource: 'system' };
export const host = new Host();

export const Menu = { setApplicationMenu: (_menu: null): void => undefined };
export const screen = { getAllDisplays: () => host.workAreas.map((workArea) => ({ workArea })) };

export const dialog: Pick<Dialog, 'showErrorBox'> = {
  showErrorBox: (title, content) => {
    host.errorBoxes.push(`${title}\n${content}`);
  },
};

export const shell = {
  openExternal: (url: string): Promise<void> => {
    host.openedOutside.push(url);
    return Promise.resolve();
  },
};

export const protocol: Pick<Protocol, 'handle' | 'registerSchemesAsPrivileged'> = {
  handle: (scheme, handler) => {
    host.protocols.set(scheme, handler);
  },
  registerSchemesAsPrivileged: (schemes) => {
    host.schemes.push(...schemes);
  },
};

export const net = {
  fetch: (url: string, init: RequestInit): Promise<Response> => {
    host.fetched.push({ url, init });
    return Promise.resolve(new Response('from the server'));
  },
};

/** Not encryption: only something that is not the text itself and can be turned back. */
export const safeStorage = {
  isEncryptionAvailable: () => host.encryption,
  getSelectedStorageBackend: () => host.backend,
  encryptString: (text: string) => Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0xff)),
  decryptString: (sealed: Buffer) => Buffer.from([...sealed].map((byte) => byte ^ 0xff)).toString('utf8'),
};

export const ipcMain = {
  handle: (channel: string, listener: Listener): void => {
    host.ipc.set(channel, listener);
  },
};

export const ipcRenderer: Pick<IpcRenderer, 'invoke'> = {
  invoke: (channel, ...args) => {
    host.invoked.push({ channel, args });
    return Promise.resolve(`answer to ${channel}`);
  },
};

export const contextBridge: Pick<ContextBridge, 'exposeInMainWorld'> = {
  exposeInMainWorld: (name, api) => {
    host.exposed.set(name, api);
  },
};

export class Notification {
  readonly #content: { title: string; body: string };

  constructor(content: { title: string; body: string }) {
    this.#content = content;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    host.shownNotifications.push(this.#content);
  }
}
