/** The bridge, and nothing else: the names that main answers, so that the page cannot speak to any other channel. */
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, type DesktopBridge, type RequestName } from '../ipc/channels';

const names: Record<RequestName, true> = {
  'app:info': true,
  'secrets:protected': true,
  'secrets:get': true,
  'secrets:set': true,
  'secrets:remove': true,
  'key:replica': true,
  'journal:read': true,
  'journal:append': true,
  'journal:replace': true,
  'journal:remove': true,
  'shell:open': true,
  'notifications:show': true,
  'window:theme': true,
  'window:print': true,
};

const bridge: DesktopBridge = {
  request: (name, ...args) => {
    if (!Object.hasOwn(names, name)) return Promise.reject(new Error(`no such request: ${String(name)}`));
    return ipcRenderer.invoke(name, ...args);
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
