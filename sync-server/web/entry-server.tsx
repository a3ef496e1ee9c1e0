/** Renders the page of an address to HTML. The server imports this file as it is built. */
import { renderToString } from 'react-dom/server';
import { type PublicProcedures, publicApi } from './api';
import { App } from './app';
import { clientAssets } from './client-assets';
import { failureOf } from './failure';
import * as laterPages from './later-pages';
import { loadPage, type Shown } from './load';
import { isLaterPage, providePages } from './page-chunks';
import { parseRoute, type Route } from './route';
import { titleOf } from './title';
import favicon from './ui/favicon.svg?url';
import { words } from './words';

providePages(laterPages);

export interface RenderInput {
  /** Path and query. */
  url: string;
  /** The server's own procedures. */
  api: PublicProcedures;
  /** Of the content security policy; the page's data block carries it. */
  nonce: string;
}

export interface Rendered {
  status: number;
  html: string;
  headers?: Record<string, string>;
  /** What made a page of status 500 fail: for the caller's log, and never shown. */
  error?: unknown;
}

export async function render({ url, api, nonce }: RenderInput): Promise<Rendered> {
  const route = parseRoute(url);
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
  try {
    const shown = await loadPage(route, publicApi(api), Date.now());
    return { status: shown.page === 'lost' ? 404 : 200, html: document(shown, nonce), headers };
  } catch (error) {
    const failure = failureOf(error);
    // An address that asks for what cannot be is as good as one that leads nowhere.
    if (failure.kind === 'not-found' || failure.kind === 'invalid') {
      const lost: Shown = { page: 'lost', route, now: Date.now(), answer: null };
      return { status: 404, html: document(lost, nonce), headers };
    }
    const html = document({ page: 'problem', route, failure, answer: null }, nonce);
    if (failure.kind === 'wait') return { status: 503, html, headers: { ...headers, 'Retry-After': '30' } };
    return { status: 500, html, headers, error };
  }
}

function document(shown: Shown, nonce: string): string {
  const body = renderToString(<App first={shown} api={null} />);
  const { scripts, imports, laterSteps, styles, font } = clientAssets;
  const modules = isLaterPage(shown.page) ? [...imports, ...laterSteps] : imports;
  const description = shown.answer ? words.clinic.description(shown.answer.clinic.name) : '';
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(titleOf(shown))}</title>`,
    description && `<meta name="description" content="${escapeHtml(description)}">`,
    mayBeIndexed(shown.route) ? '' : '<meta name="robots" content="noindex">',
    // Addresses of a booking say who is seen and when: they are nobody else's business.
    '<meta name="referrer" content="same-origin">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">',
    '<meta name="theme-color" content="#13191e" media="(prefers-color-scheme: dark)">',
    '<meta name="format-detection" content="telephone=no">',
    `<link rel="icon" href="${favicon}" type="image/svg+xml">`,
    font && `<link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin>`,
    ...styles.map((href) => `<link rel="stylesheet" href="${href}">`),
    ...modules.map((href) => `<link rel="modulepreload" href="${href}">`),
    ...scripts.map((src) => `<script type="module" src="${src}"></script>`),
  ];
  return `<!doctype html><html lang="en"><head>${head.join('')}</head><body><div id="root">${body}</div><script type="application/json" id="page-data" nonce="${escapeHtml(nonce)}">${escapeJson(shown)}</script></body></html>`;
}

function mayBeIndexed(route: Route): boolean {
  return route.page === 'clinic' || route.page === 'doctor';
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Inside a script element only `<` can end it or open a comment. */
export function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
