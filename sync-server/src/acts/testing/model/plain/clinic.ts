/**
 * A clinic as plain as can be: what the acts should do, written down a second time without a line of theirs or of the
 * engine's. Time is a number of minutes since Monday 00:00 by the clinic's clock. Here is what stands; what is done with
 * it is told by idea in the files beside.
 */
import { graceMinutes } from './setting';

export type Status =
  | 'proposed'
  | 'pending'
  | 'booked'
  | 'arrived'
  | 'checked-in'
  | 'fulfilled'
  | 'cancelled'
  | 'noshow'
  | 'entered-in-error';

export interface Who {
  kind: 'staff' | 'patient';
  /** Every agenda. */
  runs: boolean;
  overbooks: boolean;
  /** Whose own agenda this is. */
  doctor: number | null;
  /** Signed in as. */
  patient: number | null;
  /** Visitors are known by what they hold with. */
  holder: number | null;
}

/** When, where and by whom. All but `start` and `end` that is a number counts from 0 in `setting.ts`. */
export interface Stand {
  doctor: number;
  kind: number;
  place: number;
  start: number;
  end: number;
  /** With what is kept before and after. */
  from: number;
  until: number;
  room: number | null;
  capacity: number;
  over: boolean;
  roomOver: boolean;
}

export interface Visit extends Stand {
  id: number;
  patient: number;
  status: Status;
  seat: number;
  confirmed: boolean;
  series: number | null;
  sequence: number;
  linkVersion: number;
  /** How it was before each change that can still be taken back, who made that change, and when. */
  before: Before[];
  /** Acts in the order of its timeline. */
  timeline: string[];
}

export interface Before extends Stand {
  status: Status;
  confirmed: boolean;
  byPatient: boolean;
  at: number;
}

export interface Series {
  id: number;
  start: number;
  /** Minutes from one to the next. */
  step: number;
  count: number;
}

export interface Hold extends Stand {
  id: number;
  holder: number;
  expires: number;
  extensions: number;
}

export interface Block {
  id: number;
  doctor: number;
  place: number;
  from: number;
  until: number;
  there: boolean;
}

export interface Offer {
  id: number;
  doctor: number;
  kind: number;
  place: number;
  start: number;
  offeredAt: number;
  expires: number;
  status: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
}

export interface Wishes {
  kind: number;
  /** Days counted from the Monday. */
  earliest: number | null;
  latest: number | null;
  urgency: 'routine' | 'soon' | 'urgent';
}

export interface Entry extends Wishes {
  id: number;
  patient: number;
  status: 'waiting' | 'offered' | 'booked' | 'closed';
  offers: Offer[];
}

export interface Details {
  givenName: string;
  familyName: string;
  birthDate: string | null;
  phone: string | null;
  email: string | null;
  language: string;
  consentSms: boolean;
  consentEmail: boolean;
  notes: string;
}
export type DetailName = keyof Details;

export interface Patient extends Details {
  /** What this record was merged into. */
  into: number | null;
}

export interface Merge {
  id: number;
  kept: number;
  merged: number;
  before: Details;
  result: Details;
  visits: number[];
  entries: number[];
  items: Item[];
  undone: boolean;
}

/** What waits for a person. */
export interface Item {
  /** The server makes it. */
  id: string | null;
  kind: 'refused' | 'conflict' | 'patient-differs';
  open: boolean;
  patient: number | null;
  current: Partial<Details>;
  proposed: Partial<Details>;
}

/** One thing that one person should hear on one road. */
export interface Message {
  kind: string;
  visit: number | null;
  offer: number | null;
  patient: number;
  channel: 'email' | 'sms';
  sequence: number;
  due: number;
}

/** What stands in the way, by the name that acts give it; those of time are all `time`. */
export type No = string;
export type Answer = 'done' | readonly No[];

export class PlainClinic {
  now: number;
  /** When the person did what is asked for now; for patients this is always now. */
  madeAt: number;
  visits: Visit[] = [];
  series: Series[] = [];
  holds: Hold[] = [];
  blocks: Block[] = [];
  entries: Entry[] = [];
  patients: Patient[];
  merges: Merge[] = [];
  items: Item[] = [];
  messages: Message[] = [];

  constructor(now: number, patients: readonly Details[]) {
    this.now = now;
    this.madeAt = now;
    this.patients = patients.map((details) => ({ ...details, into: null }));
  }

  visit(id: number): Visit | undefined {
    return this.visits.find((visit) => visit.id === id);
  }

  survivor(patient: number): number {
    const into = this.patients[patient]?.into ?? null;
    return into === null ? patient : this.survivor(into);
  }

  isLive(hold: Hold): boolean {
    return hold.expires > this.now;
  }

  isOpen(offer: Offer): boolean {
    return offer.status === 'open' && offer.expires > this.now;
  }

  statusOf(entry: Entry): Entry['status'] {
    if (!this.isWaiting(entry)) return entry.status;
    return entry.offers.some((offer) => this.isOpen(offer)) ? 'offered' : 'waiting';
  }

  isWaiting(entry: Entry): boolean {
    return entry.status === 'waiting' || entry.status === 'offered';
  }

  /** By which clock somebody's wish is judged. */
  judgedAt(who: Who): number {
    return who.kind === 'patient' ? this.now : this.madeAt;
  }

  /** Patients hear of what they did themselves at once and whatever they agreed to; of the rest as they agreed. */
  tell(
    who: Who,
    patient: number,
    kind: string,
    about: { visit: Visit } | { offer: number },
    /** Typed into a form that is answered, where it is not the record's. */
    typedEmail: string | null = null,
  ): void {
    const record = this.patients[patient];
    if (!record) return;
    const byPatient = who.kind === 'patient';
    const message = {
      kind,
      visit: 'visit' in about ? about.visit.id : null,
      offer: 'offer' in about ? about.offer : null,
      patient,
      sequence: 'visit' in about ? about.visit.sequence : 0,
      due: byPatient ? this.now : this.now + graceMinutes,
    };
    if (typedEmail !== null || (record.email !== null && (record.consentEmail || byPatient)))
      this.messages.push({ ...message, channel: 'email' });
    if (record.phone !== null && record.consentSms) this.messages.push({ ...message, channel: 'sms' });
  }
}
