/** Takes over the page that the server rendered. */
import './ui/tokens.css';
import './ui/base.css';
// Named by the server's HTML alone, but emitted here.
import './ui/favicon.svg?url';
import { hydrateRoot } from 'react-dom/client';
import { browserApi } from './api';
import { App } from './app';
import { setServerTime } from './clock';
import type { Shown } from './load';
import { fetchPages } from './page-chunks';

const root = document.getElementById('root');
const data = document.getElementById('page-data');
if (root && data?.textContent) {
  const first = JSON.parse(data.textContent) as Shown;
  if ('now' in first) setServerTime(first.now);
  fetchPages(first.page).then(() => hydrateRoot(root, <App first={first} api={browserApi()} />));
}
