/** What an e-mail is about, before anybody has chosen words for it. */
import type { Clinic } from '@medic/shared/model/clinic';
import type { Doctor } from '@medic/shared/model/doctor';
import type { Location } from '@medic/shared/model/location';
import type { MessageTemplate } from '@medic/shared/model/notification';
import type { Patient } from '@medic/shared/model/patient';
import type { Instant } from '@medic/shared/time/instant';

export type Person = Pick<Patient, 'givenName' | 'familyName' | 'language'>;

/** A time with a doctor at a place. Times are shown in the zone of the place. */
export interface Occasion {
  startsAt: Instant;
  endsAt: Instant;
  doctor: Pick<Doctor, 'title' | 'name'>;
  location: Pick<Location, 'name' | 'street' | 'city' | 'directions' | 'phone' | 'timeZone'>;
}

export interface VisitOccasion extends Occasion {
  id: string;
  /** RFC 5545 SEQUENCE. */
  sequence: number;
  /** Opens this one visit. */
  url: string;
}

export type VisitMessageKind = 'requested' | 'proposed' | 'confirmed' | 'declined' | 'moved' | 'cancelled';

export type Message =
  | {
      kind: VisitMessageKind;
      visit: VisitOccasion;
      before: Occasion | null;
      /** Of what is declined: by the patient, to whom the time was suggested. */
      byPatient?: boolean;
    }
  | { kind: 'series'; change: 'booked' | 'requested' | 'moved' | 'cancelled'; visits: VisitOccasion[] }
  | { kind: 'offer'; offer: Occasion; expiresAt: Instant; url: string }
  | { kind: 'offer-withdrawn'; offer: Occasion; stillWaiting: boolean }
  | { kind: 'code'; code: string; expiresAt: Instant };

/** From whom, to whom, and when. */
export interface Envelope {
  clinic: Pick<Clinic, 'name' | 'slug' | 'timeZone' | 'language' | 'phone' | 'email'> & {
    cancelWindowMinutes: number;
  };
  /** Nobody for a code: who asks for one has not said who they are. */
  patient: Person | null;
  language: string;
  /** The address of the public pages, without a slash at the end. */
  publicUrl: string;
  now: Instant;
  /** The clinic's own words for this kind, in this language or the clinic's. */
  ownWords: Pick<MessageTemplate, 'subject' | 'body' | 'language'> | null;
}
