/**
 * The built client's files, as the server's HTML names them. These are the names of a development build;
 * the server build puts in those of the client build's manifest (see vite.config.ts).
 */
export interface ClientAssets {
  scripts: string[];
  /** What the scripts import: fetched beside them, not after them. */
  imports: string[];
  /** What the later steps' pages need besides. */
  laterSteps: string[];
  styles: string[];
  /** Loaded at once: the face of every page's text. */
  font: string;
}

export const clientAssets: ClientAssets = {
  scripts: ['/book/assets/entry-client.js'],
  imports: [],
  laterSteps: [],
  styles: [],
  font: '',
};
