/**
 * The built client's files, as the server's HTML names them. These are the names of a development build;
 * the server build puts in those of the client build's manifest (see vite.config.ts).
 */
export interface ClientAssets {
  scripts: string[];
  styles: string[];
  /** Loaded at once: the face of every page's text. */
  font: string;
}

export const clientAssets: ClientAssets = { scripts: ['/book/assets/entry-client.js'], styles: [], font: '' };
