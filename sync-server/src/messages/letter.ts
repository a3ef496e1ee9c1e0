/** A letter: what is said, in order, and not yet how it looks. Written once, shown as HTML and as text. */
import type { FilledPart } from './own-words';

export interface Letter {
  language: string;
  subject: string;
  /** What a mailbox shows beside the subject: no doctor, nothing about health. */
  preview: string;
  clinicName: string;
  heading: string;
  /** Paragraphs: ours, or the clinic's own. */
  lead: FilledPart[][];
  card: LetterCard | null;
  /** One line each: the visits of a series. */
  list: string[];
  /** Something to copy or type. */
  code: string | null;
  actions: { label: string; url: string }[];
  notes: string[];
  footer: string[];
  footerLink: { label: string; url: string };
  /** In place of the bare address of a visit. */
  linkLabel: string;
}

export interface LetterCard {
  /** Struck through, above. */
  before: { label: string; when: string; nowLabel: string } | null;
  when: string;
  /** `struck` where the visit does not take place. */
  struck: boolean;
  people: { name: string; detail: string };
  place: { name: string; detail: string; directions: { label: string; url: string } | null };
}
