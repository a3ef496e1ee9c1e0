/** The demo clinic's people, places and kinds of visit. Their ids do not depend on the day it is made. */
import type { AppointmentType, AppointmentTypeLocation, TypeColour } from '../model/appointment-type';
import type { Clinic } from '../model/clinic';
import type { Doctor } from '../model/doctor';
import type { Location, LocationRoom } from '../model/location';
import type { User } from '../model/user';
import { type Instant, instant, type TimeZone } from '../time/instant';
import { asciiName, familyName, givenName, londonNations, warsawNations } from './demo-clinic-names';
import type { Random } from './random';

export const demoSlug = 'harbour';
export const demoPassword = 'medic-demo-1';
/** The clinic's own zone, and that of two of its three places. */
export const demoTimeZone = 'Europe/Warsaw' as TimeZone;

/** The three that the start of the demo names. */
export const demoSignIns = {
  admin: 'admin@harbour.example',
  reception: 'reception@harbour.example',
  doctor: 'nowak@harbour.example',
} as const;

/** When the clinic was set up: 8 January 2024, 08:00 UTC. */
export const openedAt: Instant = instant(1_704_700_800_000);

export type LocationKey = 'harbour' | 'oldTown' | 'london';
export type Specialty =
  | 'General practice'
  | 'Paediatrics'
  | 'Cardiology'
  | 'Dermatology'
  | 'Orthopaedics'
  | 'Physiotherapy';

export interface Directory {
  clinic: Clinic;
  locations: Location[];
  doctors: Doctor[];
  appointmentTypes: AppointmentType[];
  users: User[];
  locationOf: Record<LocationKey, Location>;
  /** The room of each doctor at each place, by `roomKey`. */
  ownRooms: ReadonlyMap<string, string>;
}

export function roomKey(doctorId: string, locationId: string): string {
  return `${doctorId} ${locationId}`;
}

interface DoctorDraft {
  givenName: string;
  familyName: string;
  title: string;
  specialty: Specialty;
  hue: number;
  languages: string[];
  bio: string;
  at: LocationKey[];
  /** The room of each place, in the order of `at`. */
  rooms: string[];
  needsAccepting?: boolean;
}

const namedDoctors: readonly DoctorDraft[] = [
  {
    givenName: 'Maja',
    familyName: 'Nowak',
    title: 'Dr',
    specialty: 'General practice',
    hue: 199,
    languages: ['pl', 'en'],
    at: ['harbour'],
    rooms: ['Room 1'],
    bio: 'Family doctor since 2011. Long-term conditions, travel advice and everything that needs someone to listen first.',
  },
  {
    givenName: 'Chidi',
    familyName: 'Okafor',
    title: 'Dr',
    specialty: 'General practice',
    hue: 35,
    languages: ['en', 'pl', 'fr'],
    at: ['harbour', 'oldTown'],
    rooms: ['Room 2', 'Room C'],
    bio: 'General practice with an interest in sleep and chronic pain. Sees patients at both of our Warsaw places.',
  },
  {
    givenName: 'Astrid',
    familyName: 'Lindqvist',
    title: 'Dr',
    specialty: 'Paediatrics',
    hue: 262,
    languages: ['sv', 'en', 'pl'],
    at: ['harbour'],
    rooms: ['Room 3'],
    bio: 'Children of all ages: check-ups, vaccinations, asthma and allergies. Brothers and sisters are welcome in the same visit.',
  },
  {
    givenName: 'Petr',
    familyName: 'Horák',
    title: 'Prof.',
    specialty: 'Cardiology',
    hue: 160,
    languages: ['cs', 'en', 'pl', 'de'],
    at: ['harbour', 'london'],
    rooms: ['Room 4', 'Suite 3'],
    bio: 'Heart rhythm and heart failure; echocardiography in our own lab. Every other Friday in London.',
  },
  {
    givenName: 'Giulia',
    familyName: 'Marchetti',
    title: 'Dr',
    specialty: 'Dermatology',
    hue: 326,
    languages: ['it', 'en', 'pl'],
    at: ['harbour'],
    rooms: ['Room 5'],
    needsAccepting: true,
    bio: 'Skin checks, eczema and acne, and small procedures under local anaesthetic.',
  },
  {
    givenName: 'Jonas',
    familyName: 'Weber',
    title: 'Dr',
    specialty: 'Orthopaedics',
    hue: 214,
    languages: ['de', 'en', 'pl'],
    at: ['oldTown'],
    rooms: ['Room A'],
    bio: 'Knees, shoulders and sports injuries. Late surgery on Mondays and Thursdays for people who work.',
  },
  {
    givenName: 'Samira',
    familyName: 'Rahman',
    title: '',
    specialty: 'Physiotherapy',
    hue: 88,
    languages: ['en', 'ar', 'pl'],
    at: ['oldTown'],
    rooms: ['Gym'],
    bio: 'Rehabilitation after operations, back pain, and three small classes a day in the gym.',
  },
  {
    givenName: 'Inès',
    familyName: 'Dubois',
    title: 'Dr',
    specialty: 'General practice',
    hue: 4,
    languages: ['fr', 'en', 'pl'],
    at: ['oldTown'],
    rooms: ['Room B'],
    bio: "Family doctor. Women's health, diabetes and preventive care.",
  },
  {
    givenName: 'Priya',
    familyName: 'Shah',
    title: 'Dr',
    specialty: 'General practice',
    hue: 48,
    languages: ['en', 'hi'],
    at: ['london'],
    rooms: ['Suite 1'],
    bio: 'General practice in London Bridge, early and late in the day. Same-day visits for urgent matters.',
  },
  {
    givenName: 'Aoife',
    familyName: 'Brennan',
    title: 'Dr',
    specialty: 'Paediatrics',
    hue: 285,
    languages: ['en', 'ga'],
    at: ['london'],
    rooms: ['Suite 2'],
    bio: 'Babies, toddlers and teenagers; vaccinations without tears, mostly.',
  },
  {
    givenName: 'Kenji',
    familyName: 'Tanaka',
    title: 'Dr',
    specialty: 'Dermatology',
    hue: 126,
    languages: ['ja', 'en'],
    at: ['london'],
    rooms: ['Suite 3'],
    needsAccepting: true,
    bio: 'Mole mapping, psoriasis and laser treatment.',
  },
  {
    givenName: 'Tom',
    familyName: 'Ashworth',
    title: '',
    specialty: 'Physiotherapy',
    hue: 24,
    languages: ['en', 'es'],
    at: ['london'],
    rooms: ['Studio'],
    bio: 'Sports physiotherapist. Running injuries, posture, and group classes in the studio.',
  },
];

const locationDrafts: readonly {
  key: LocationKey;
  name: string;
  slug: string;
  street: string;
  city: string;
  postalCode: string;
  directions: string;
  phone: string;
  timeZone: string;
  rooms: [name: string, features: string[]][];
}[] = [
  {
    key: 'harbour',
    name: 'Harbour Street',
    slug: 'harbour-street',
    street: 'ul. Portowa 12',
    city: 'Warszawa',
    postalCode: '00-001',
    phone: '+48270000100',
    timeZone: 'Europe/Warsaw',
    directions:
      'Two minutes from the tram stop Portowa. The lift is on the left behind the entrance; step-free from the yard.',
    rooms: [
      ['Room 1', []],
      ['Room 2', []],
      ['Room 3', []],
      ['Room 4', ['ecg']],
      ['Room 5', ['procedure']],
      ['Echo lab', ['ultrasound', 'ecg']],
    ],
  },
  {
    key: 'oldTown',
    name: 'Old Town',
    slug: 'old-town',
    street: 'ul. Kamienna 3',
    city: 'Warszawa',
    postalCode: '00-002',
    phone: '+48270000200',
    timeZone: 'Europe/Warsaw',
    directions: 'First floor above the pharmacy. Ring twice after eight in the evening.',
    rooms: [
      ['Room A', ['procedure', 'plaster']],
      ['Room B', []],
      ['Room C', []],
      ['Gym', ['gym']],
    ],
  },
  {
    key: 'london',
    name: 'London Bridge',
    slug: 'london-bridge',
    street: '8 Tanner Yard',
    city: 'London',
    postalCode: 'SE1 0AA',
    phone: '+442079460100',
    timeZone: 'Europe/London',
    directions: 'Five minutes on foot from London Bridge station, exit Tooley Street.',
    rooms: [
      ['Suite 1', []],
      ['Suite 2', []],
      ['Suite 3', ['ecg']],
      ['Studio', ['gym']],
      ['Treatment room', ['procedure', 'ultrasound']],
    ],
  },
];

interface TypeDraft {
  name: string;
  slug: string;
  description: string;
  duration: number;
  step: number;
  buffers: [before: number, after: number];
  minNotice: number;
  maxFutureDays: number;
  capacity?: number;
  roomFeature?: string;
  bookableBy?: 'desk';
  needsAccepting?: boolean;
  colour: TypeColour;
  /** How often each specialty has it; a specialty that is not named does not offer it. */
  share: Partial<Record<Specialty, number>>;
  /** Offered by every doctor of the place, whatever the specialty. */
  byAll?: boolean;
}

const typeDrafts: readonly TypeDraft[] = [
  {
    name: 'Consultation',
    slug: 'consultation',
    description: 'A visit about something new or something known.',
    duration: 30,
    step: 15,
    buffers: [0, 0],
    minNotice: 60,
    maxFutureDays: 90,
    colour: 'blue',
    share: { 'General practice': 44, Paediatrics: 34, Cardiology: 36, Dermatology: 42, Orthopaedics: 44 },
  },
  {
    name: 'Follow-up',
    slug: 'follow-up',
    description: 'A short look at how things went on.',
    duration: 15,
    step: 15,
    buffers: [0, 0],
    minNotice: 60,
    maxFutureDays: 90,
    colour: 'teal',
    share: {
      'General practice': 24,
      Paediatrics: 18,
      Cardiology: 18,
      Dermatology: 22,
      Orthopaedics: 20,
      Physiotherapy: 12,
    },
    byAll: true,
  },
  {
    name: 'New patient',
    slug: 'new-patient',
    description:
      'Your first visit with us: history, medicines and a plan. The doctor confirms it within a day.',
    duration: 45,
    step: 15,
    buffers: [0, 5],
    minNotice: 240,
    maxFutureDays: 60,
    needsAccepting: true,
    colour: 'violet',
    share: { 'General practice': 9, Paediatrics: 9, Orthopaedics: 12 },
  },
  {
    name: 'Procedure',
    slug: 'procedure',
    description: 'Small operations, joint injections, removal of moles.',
    duration: 60,
    step: 30,
    buffers: [5, 10],
    minNotice: 2880,
    maxFutureDays: 120,
    roomFeature: 'procedure',
    bookableBy: 'desk',
    colour: 'plum',
    share: { Dermatology: 30, Orthopaedics: 16 },
  },
  {
    name: 'Ultrasound',
    slug: 'ultrasound',
    description: 'Echocardiography in our lab. Please come fasting where you were told so.',
    duration: 45,
    step: 15,
    buffers: [0, 5],
    minNotice: 1440,
    maxFutureDays: 120,
    roomFeature: 'ultrasound',
    colour: 'steel',
    share: { Cardiology: 40 },
  },
  {
    name: 'Vaccination',
    slug: 'vaccination',
    description: 'Routine, travel and flu vaccinations.',
    duration: 15,
    step: 15,
    buffers: [0, 0],
    minNotice: 120,
    maxFutureDays: 180,
    colour: 'olive',
    share: { 'General practice': 9, Paediatrics: 32 },
  },
  {
    name: 'Group physio',
    slug: 'group-physio',
    description: 'Back, knee and shoulder class of eight in the gym.',
    duration: 60,
    step: 30,
    buffers: [0, 10],
    minNotice: 180,
    maxFutureDays: 60,
    capacity: 8,
    roomFeature: 'gym',
    colour: 'copper',
    share: { Physiotherapy: 0 },
  },
  {
    name: 'Physiotherapy',
    slug: 'physiotherapy',
    description: 'One to one, by hand and with exercises.',
    duration: 45,
    step: 15,
    buffers: [0, 5],
    minNotice: 180,
    maxFutureDays: 60,
    colour: 'copper',
    share: { Physiotherapy: 80 },
  },
  {
    name: 'Telephone call',
    slug: 'telephone-call',
    description: 'The doctor rings you within a quarter of an hour of the time you choose.',
    duration: 15,
    step: 15,
    buffers: [0, 0],
    minNotice: 30,
    maxFutureDays: 30,
    colour: 'teal',
    share: { 'General practice': 8, Paediatrics: 6, Cardiology: 6, Dermatology: 4, Orthopaedics: 4 },
    byAll: true,
  },
  {
    name: 'Urgent visit',
    slug: 'urgent-visit',
    description: 'Today, for what cannot wait. Ring us.',
    duration: 15,
    step: 15,
    buffers: [0, 0],
    minNotice: 0,
    maxFutureDays: 3,
    bookableBy: 'desk',
    colour: 'violet',
    share: { 'General practice': 5, Paediatrics: 5 },
  },
];

export function shareOf(typeSlug: string, specialty: string): number {
  return typeDrafts.find((draft) => draft.slug === typeSlug)?.share[specialty as Specialty] ?? 0;
}

export function demoDirectory(doctorCount: number, random: Random): Directory {
  const clinicId = random.id(openedAt);
  const synced = { clinicId, seq: 0, deleted: false };
  const drafts = [
    ...namedDoctors,
    ...moreDoctors(doctorCount - namedDoctors.length, random.fork('doctors')),
  ].slice(0, doctorCount);

  const clinic: Clinic = {
    ...synced,
    id: clinicId,
    name: 'Harbour Clinic',
    slug: demoSlug,
    timeZone: demoTimeZone,
    language: 'en',
    phone: '+48270000100',
    email: 'hello@harbour.example',
    about:
      'Family medicine and six specialties under one roof, in Warsaw and in London. Most visits can be booked online at any hour; for anything urgent, ring us.',
    rules: { cancelWindowMinutes: 1440, country: 'PL', publicBooking: true },
  };

  const locations = locationDrafts.map((draft): Location => {
    const id = random.id(openedAt);
    const extra = drafts
      .slice(namedDoctors.length)
      .flatMap((doctor) =>
        doctor.at[0] === draft.key ? doctor.rooms.map((room) => [room, doctor.specialty] as const) : [],
      );
    const rooms: [string, string[]][] = [
      ...draft.rooms,
      ...extra.map(([room, specialty]): [string, string[]] => [room, featuresFor(specialty)]),
    ];
    return {
      ...synced,
      id,
      name: draft.name,
      slug: draft.slug,
      street: draft.street,
      city: draft.city,
      postalCode: draft.postalCode,
      directions: draft.directions,
      phone: draft.phone,
      timeZone: draft.timeZone as TimeZone,
      active: true,
      rooms: rooms.map(
        ([name, features], index): LocationRoom => ({
          id: random.id(openedAt),
          clinicId,
          locationId: id,
          name,
          kind: 'room',
          features,
          active: true,
          sortOrder: index + 1,
        }),
      ),
    };
  });
  const [harbour, oldTown, london] = locations as [Location, Location, Location];
  const locationOf: Record<LocationKey, Location> = { harbour, oldTown, london };

  const doctorIds = drafts.map(() => random.id(openedAt));
  const slugs = new Set<string>();
  const doctors = drafts.map((draft, index): Doctor => {
    const id = doctorIds[index] as string;
    return {
      ...synced,
      id,
      name: `${draft.givenName} ${draft.familyName}`,
      title: draft.title,
      specialty: draft.specialty,
      slug: unique(asciiName(`${draft.givenName} ${draft.familyName}`), slugs),
      bio: draft.bio,
      photoUrl: null,
      languages: draft.languages,
      needsAccepting: draft.needsAccepting ?? false,
      hue: draft.hue,
      active: true,
      places: draft.at.map((key) => ({
        id: random.id(openedAt),
        clinicId,
        doctorId: id,
        locationId: locationOf[key].id,
      })),
    };
  });

  const appointmentTypes = typeDrafts.map((draft): AppointmentType => {
    const id = random.id(openedAt);
    const offer = (locationId: string, doctorId: string | null): AppointmentTypeLocation => ({
      id: random.id(openedAt),
      clinicId,
      appointmentTypeId: id,
      locationId,
      doctorId,
    });
    return {
      ...synced,
      id,
      name: draft.name,
      slug: draft.slug,
      description: draft.description,
      durationMinutes: draft.duration,
      slotStepMinutes: draft.step,
      bufferBeforeMinutes: draft.buffers[0],
      bufferAfterMinutes: draft.buffers[1],
      minNoticeMinutes: draft.minNotice,
      maxFutureDays: draft.maxFutureDays,
      capacity: draft.capacity ?? 1,
      needsRoom: draft.roomFeature !== undefined,
      roomFeature: draft.roomFeature ?? null,
      bookableBy: draft.bookableBy ?? 'online',
      needsAccepting: draft.needsAccepting ?? false,
      colour: draft.colour,
      active: true,
      places: draft.byAll
        ? locations.map((place) => offer(place.id, null))
        : doctors.flatMap((doctor) => {
            if (draft.share[doctor.specialty as Specialty] === undefined) return [];
            const fitting = doctor.places.filter(
              (place) => draft.slug !== 'ultrasound' || place.locationId !== london.id,
            );
            return fitting.map((place) => offer(place.locationId, doctor.id));
          }),
    };
  });

  const ownRooms = new Map<string, string>();
  drafts.forEach((draft, index) => {
    draft.at.forEach((key, at) => {
      const room = locationOf[key].rooms.find((each) => each.name === draft.rooms[at]);
      if (room) ownRooms.set(roomKey(doctorIds[index] as string, room.locationId), room.id);
    });
  });
  return {
    clinic,
    locations,
    doctors,
    appointmentTypes,
    users: demoUsers(clinicId, doctors, drafts, locationOf, random),
    locationOf,
    ownRooms,
  };
}

function demoUsers(
  clinicId: string,
  doctors: readonly Doctor[],
  drafts: readonly DoctorDraft[],
  locationOf: Record<LocationKey, Location>,
  random: Random,
): User[] {
  const base = { clinicId, seq: 0, deleted: false, active: true, language: 'en' };
  const emails = new Set<string>();
  return [
    {
      ...base,
      id: random.id(openedAt),
      name: 'Alicia Reyes',
      email: demoSignIns.admin,
      roles: ['admin'],
      rights: ['overbook'],
      doctorId: null,
      locationIds: [],
    },
    {
      ...base,
      id: random.id(openedAt),
      name: 'Hanna Wolska',
      email: demoSignIns.reception,
      roles: ['reception'],
      rights: ['overbook'],
      doctorId: null,
      locationIds: [],
    },
    {
      ...base,
      id: random.id(openedAt),
      name: 'Jakub Sowa',
      email: 'oldtown@harbour.example',
      roles: ['reception'],
      rights: [],
      doctorId: null,
      locationIds: [locationOf.oldTown.id],
    },
    {
      ...base,
      id: random.id(openedAt),
      name: 'Grace Bennett',
      email: 'london@harbour.example',
      roles: ['reception'],
      rights: [],
      doctorId: null,
      locationIds: [locationOf.london.id],
    },
    ...doctors.map(
      (doctor, index): User => ({
        ...base,
        id: random.id(openedAt),
        name: doctor.name,
        email: `${unique(asciiName(drafts[index]?.familyName ?? doctor.name), emails)}@harbour.example`,
        roles: ['doctor'],
        rights: [],
        doctorId: doctor.id,
        locationIds: [],
      }),
    ),
  ];
}

function unique(name: string, taken: Set<string>): string {
  let found = name;
  for (let n = 2; taken.has(found); n++) found = `${name}-${n}`;
  taken.add(found);
  return found;
}

const specialties: readonly Specialty[] = [
  'General practice',
  'Paediatrics',
  'General practice',
  'Orthopaedics',
  'Dermatology',
  'General practice',
  'Physiotherapy',
  'Cardiology',
];

/** The doctors of the large clinic besides those with names of their own: each with a room that nobody shares. */
function moreDoctors(count: number, random: Random): DoctorDraft[] {
  const drafts: DoctorDraft[] = [];
  for (let i = 0; i < count; i++) {
    const key = (['harbour', 'oldTown', 'london'] as const)[i % 3] as LocationKey;
    const specialty = specialties[i % specialties.length] as Specialty;
    const woman = random.chance(0.55);
    const of = random.weighted(key === 'london' ? londonNations : warsawNations);
    drafts.push({
      givenName: givenName(of, woman, random),
      familyName: familyName(random.pick(of.families), woman),
      title: specialty === 'Physiotherapy' ? '' : 'Dr',
      specialty,
      hue: (i * 47 + 11) % 360,
      languages: [...new Set([of.language, 'en', key === 'london' ? 'en' : 'pl'])],
      bio: `${specialty} with us since ${2024 + (i % 3)}.`,
      at: [key],
      rooms: [`${specialty === 'Physiotherapy' ? 'Gym' : 'Room'} ${101 + i}`],
      needsAccepting: i % 9 === 4,
    });
  }
  return drafts;
}

function featuresFor(specialty: Specialty): string[] {
  switch (specialty) {
    case 'Physiotherapy':
      return ['gym'];
    case 'Cardiology':
      return ['ultrasound', 'ecg'];
    case 'Dermatology':
    case 'Orthopaedics':
      return ['procedure'];
    default:
      return [];
  }
}
