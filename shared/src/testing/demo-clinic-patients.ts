/** The demo clinic's patients. Phones lie in ranges that regulators keep for fiction, e-mails at example.org and its like. */
import type { Patient } from '../model/patient';
import { dayMs, type Instant, instant, type PlainDate } from '../time/instant';
import { addDays } from '../time/plain-date';
import {
  asciiName,
  familyName,
  givenName,
  londonNations,
  type Nation,
  nations,
  warsawNations,
} from './demo-clinic-names';
import type { Random } from './random';

export type City = 'warsaw' | 'london';

export interface PatientName {
  id: string;
  name: string;
}

/** Who can be a visit's patient, by city and age. */
export interface PatientPools {
  adults: Record<City, PatientName[]>;
  children: Record<City, PatientName[]>;
  /** Those whom the first doctor sees today, so that the demo's first screen shows the same people every day. */
  known: PatientName[];
}

export function noPatients(): PatientPools {
  return { adults: { warsaw: [], london: [] }, children: { warsaw: [], london: [] }, known: [] };
}

export interface PatientOptions {
  clinicId: string;
  today: PlainDate;
  now: Instant;
  count: number;
}

const known: readonly [
  givenName: string,
  familyName: string,
  birthDate: string,
  language: string,
  notes: string,
][] = [
  ['Alicja', 'Kowalska', '1971-06-02', 'pl', ''],
  ['Omar', 'Malik', '1988-11-19', 'ar', 'Speaks English at the desk.'],
  ['Irina', 'Petrova', '1965-01-30', 'uk', ''],
  ['Ewa', 'Szymańska', '1993-09-08', 'pl', ''],
  ['Lukas', 'Brandt', '1979-04-14', 'de', ''],
  ['João', 'Ferreira', '1990-12-01', 'pt', ''],
  ['Deniz', 'Öztürk', '1986-07-23', 'tr', ''],
  ['Marek', 'Lis', '1958-02-11', 'pl', 'Hard of hearing; call from the door.'],
  [
    'Anna',
    'Polańska',
    '1984-03-12',
    'pl',
    'Bring previous blood results. Prefers mornings; needs step-free entrance.',
  ],
  ['Zofia', 'Grabowska', '1949-10-27', 'pl', ''],
  ['Mia', 'Keller', '1997-05-05', 'de', ''],
  ['Rui', 'Santos', '1982-08-17', 'pt', ''],
  ['Tomáš', 'Novák', '1975-03-29', 'cs', ''],
  ['Hana', 'Ito', '1991-02-20', 'ja', 'Asks for an interpreter.'],
  ['Cléo', 'Baptiste', '1999-06-13', 'fr', ''],
  ['Karolina', 'Wiśniewska', '1987-12-09', 'pl', ''],
  ['Sara', 'Almeida', '1994-01-16', 'pt', ''],
  ['Leila', 'Haddad', '1969-09-03', 'ar', ''],
];

const notesOfSome = [
  'Needs step-free entrance.',
  'Prefers mornings.',
  'Comes with a carer.',
  'Allergic to latex.',
  'Asks for an interpreter.',
  'Call before noon only.',
  'Pays by invoice to the employer.',
  'Afraid of needles; takes a little longer.',
];

const chunk = 1000;

/** Yields the patients in chunks and fills `pools` with them as it goes. */
export function* demoPatients(
  options: PatientOptions,
  pools: PatientPools,
  random: Random,
): Generator<Patient[]> {
  const { clinicId, today, now, count } = options;
  const emails = new Set<string>();
  const recent: Patient[] = [];
  let batch: Patient[] = [];

  function make(
    city: City,
    child: boolean,
    who: Pick<Patient, 'givenName' | 'familyName' | 'birthDate' | 'language' | 'notes'>,
    index: number,
  ): Patient {
    const createdAt = instant(now - Math.floor((1 + random.next() * 730) * dayMs));
    const email = child || random.chance(0.14) ? null : emailOf(who, emails, random);
    const number = random.chance(0.06) ? null : phoneOf(city, index, random);
    return {
      id: random.id(createdAt),
      clinicId,
      seq: 0,
      deleted: false,
      ...who,
      phone: number,
      email,
      consentSms: number !== null && random.chance(0.8),
      consentEmail: email !== null && random.chance(0.7),
      source: random.weighted([
        ['desk', 6],
        ['public', 3],
        ['import', 1],
      ]),
      createdAt,
      mergedIntoId: null,
      apartFrom: [],
    };
  }

  for (let index = 0; index < count; index++) {
    const hero = known[index];
    const city: City = hero || !random.chance(0.28) ? 'warsaw' : 'london';
    const child = !hero && random.chance(0.17);
    const twin = index > 200 && index % 160 === 7 ? random.pick(recent) : undefined;
    let patient: Patient;
    if (hero) {
      const [given, family, birthDate, language, notes] = hero;
      patient = make(
        city,
        false,
        { givenName: given, familyName: family, birthDate: birthDate as PlainDate, language, notes },
        index,
      );
    } else if (twin) {
      // The same person once more, as front desks come to have them: without the accents, often with another phone.
      const who = {
        givenName: withoutAccents(twin.givenName),
        familyName: withoutAccents(twin.familyName),
        birthDate: twin.birthDate,
        language: twin.language,
        notes: '',
      };
      patient = {
        ...make('warsaw', false, who, index),
        phone: random.chance(0.5) ? twin.phone : phoneOf('warsaw', index, random),
      };
    } else {
      patient = make(
        city,
        child,
        someone(random.weighted(city === 'warsaw' ? warsawNations : londonNations), child, today, random),
        index,
      );
    }
    const name = { id: patient.id, name: `${patient.givenName} ${patient.familyName}` };
    if (hero) pools.known.push(name);
    else if (!twin) (child ? pools.children : pools.adults)[city].push(name);
    if (!child && city === 'warsaw' && !twin) recent[index % 50] = patient;
    batch.push(patient);
    if (batch.length === chunk) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function someone(
  of: Nation,
  child: boolean,
  today: PlainDate,
  random: Random,
): Pick<Patient, 'givenName' | 'familyName' | 'birthDate' | 'language' | 'notes'> {
  const woman = random.chance(0.53);
  const days = child ? random.integer(30, 16 * 365) : random.integer(18 * 365, 91 * 365);
  return {
    givenName: givenName(of, woman, random),
    familyName: familyName(random.pick(of.families), woman),
    birthDate: random.chance(0.02) ? null : addDays(today, -days),
    // People who moved here long ago speak the language of the place.
    language: of !== nations.polish && random.chance(0.25) ? 'en' : of.language,
    notes: random.chance(0.08) ? random.pick(notesOfSome) : '',
  };
}

function emailOf(who: { givenName: string; familyName: string }, taken: Set<string>, random: Random): string {
  const local = `${asciiName(who.givenName)}.${asciiName(who.familyName)}`;
  const host = random.pick(['example.org', 'example.net', 'example.com']);
  for (let n = 1; ; n++) {
    const email = `${local}${n === 1 ? '' : n}@${host}`;
    if (taken.has(email)) continue;
    taken.add(email);
    return email;
  }
}

function withoutAccents(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('Ł', 'L');
}

/** Ofcom's numbers for drama outside London; each stands for a thousand. */
const britishTowns = [
  '113496',
  '114496',
  '115496',
  '116496',
  '117496',
  '118496',
  '121496',
  '131496',
  '141496',
  '151496',
  '161496',
  '207946',
];

/**
 * Ranges kept for fiction: Ofcom (+44 7700 900), Bundesnetzagentur (+49 30 23125, +49 171 39200), Arcep (+33 6 39 98),
 * PTS (+46 8 465 004), NANP (555-01). Poland keeps none: 27 is an area code that nobody was given.
 */
function phoneOf(city: City, index: number, random: Random): string {
  const abroad = random.weighted([
    ['home', 84],
    ['de', 6],
    ['fr', 5],
    ['us', 3],
    ['se', 2],
  ] as const);
  switch (abroad) {
    case 'de':
      return random.chance(0.3)
        ? `+491713920${digits(random.integer(0, 99), 3)}`
        : `+493023125${digits(random.integer(0, 999), 3)}`;
    case 'fr':
      return `+3363998${digits(random.integer(0, 9999), 4)}`;
    case 'us':
      return `+1${random.pick(['202', '212', '303', '312', '415', '617', '702', '808'])}55501${digits(random.integer(0, 99), 2)}`;
    case 'se':
      return `+468465004${digits(random.integer(0, 99), 2)}`;
    case 'home':
      // Multiplied by a number without a common factor, so that neighbours in the list have no neighbouring numbers.
      if (city === 'warsaw') return `+4827${digits((index * 3_618_033 + 1_415_926) % 10_000_000, 7)}`;
      return index % 3 === 0
        ? `+447700900${digits((index * 619) % 1000, 3)}`
        : `+44${random.pick(britishTowns)}0${digits((index * 619) % 1000, 3)}`;
  }
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
