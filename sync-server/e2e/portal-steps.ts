// What the portal's journeys stand on: visits booked over the public API, acts of the clinic as a desk sends them, and the
// mails that were kept instead of sent.
import { randomBytes } from 'node:crypto';
import { type ActArgs, type ActName, actNamed } from '@medic/shared/acts/registry';
import { slotsOf } from '@medic/shared/availability/slot-table';
import { uuidv7 } from '@medic/shared/model/id';
import type { CollectionName } from '@medic/shared/model/records';
import { wireVersion } from '@medic/shared/sync/wire';
import { type Instant, instant, type PlainDate } from '@medic/shared/time/instant';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { expect, type Medic, type test } from '../../scripts/journey';
import type { AppRouter } from '../src/api/router';
import { solveProof } from '../web/proof-of-work';

type Page = Parameters<Parameters<typeof test>[2]>[0]['page'];

export function newId(): string {
  return uuidv7(instant(Date.now()), randomBytes(10));
}

export function apiOf(medic: Pick<Medic, 'url'>, bearer?: string) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${medic.url}/api/trpc`,
        headers: { origin: medic.url, ...(bearer && { authorization: `Bearer ${bearer}` }) },
      }),
    ],
  });
}

/** One browser's worth of the public API: it keeps its cookies. */
function visitorApi(medic: Pick<Medic, 'url'>) {
  const jar = new Map<string, string>();
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${medic.url}/api/trpc`,
        fetch: async (url, init) => {
          const headers = new Headers(init?.headers as HeadersInit);
          headers.set('origin', medic.url);
          headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
          const response = await fetch(url as string, { ...(init as RequestInit), headers });
          for (const line of response.headers.getSetCookie()) {
            const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
            jar.set(name, value);
          }
          return response;
        },
      }),
    ],
  });
}

export interface Somebody {
  givenName: string;
  familyName: string;
  birthDate: string;
  phone: string;
  email: string;
}

export const ana: Somebody = {
  givenName: 'Ana',
  familyName: 'Kowalczyk',
  birthDate: '1980-02-29',
  phone: '+48601220418',
  email: 'ana.kowalczyk@example.org',
};

export interface Booked {
  id: string;
  startsAt: Instant;
  doctorId: string;
  locationId: string;
  appointmentTypeId: string;
  /** `/my/<clinic>#v=…` */
  manageLink: string;
  somebody: Somebody;
}

const dayMs = 86_400_000;

/** Books online, well outside the window in which nothing can be cancelled. */
export async function book(
  medic: Pick<Medic, 'url' | 'database'>,
  somebody: Somebody = ana,
  { doctor = 'maja-nowak', type = 'consultation', afterDays = 4 } = {},
): Promise<Booked> {
  const api = visitorApi(medic);
  const clinic = medic.database.slug;
  const { doctors, appointmentTypes } = await api.public.clinic.query({ clinic });
  const doctorId = doctors.find(({ slug }) => slug === doctor)?.id;
  const appointmentTypeId = appointmentTypes.find(({ slug }) => slug === type)?.id;
  if (!doctorId || !appointmentTypeId) throw new Error(`no ${type} with ${doctor}`);
  const day = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10) as PlainDate;
  const { slots } = await api.public.slots.query({
    clinic,
    appointmentTypeId,
    doctorId,
    locationId: null,
    from: day(afterDays),
    until: day(afterDays + 21),
  });
  const [slot] = slotsOf(slots);
  if (!slot) throw new Error('no free time');
  const { locationId, startsAt } = slot;
  const requestId = newId();
  const proof = await solveProof(await api.public.challenge.mutate({ clinic, requestId }));
  const answer = await api.public.book.mutate({
    clinic,
    requestId,
    appointmentTypeId,
    doctorId,
    locationId,
    startsAt,
    proof,
    note: '',
    patient: {
      ...somebody,
      birthDate: somebody.birthDate as PlainDate,
      language: 'en',
      consentSms: false,
      consentEmail: true,
    },
  });
  if (answer.kind !== 'booked') throw new Error(answer.reasons.map(({ text }) => text).join(', '));
  const { id } = answer.visit;
  return { id, startsAt, doctorId, locationId, appointmentTypeId, manageLink: answer.manageLink, somebody };
}

/** Somebody at a desk. Every act must be done, or the test ends here. */
export class Staff {
  readonly clinicId: string;
  readonly #api: ReturnType<typeof apiOf>;
  readonly #userId: string;
  readonly #deviceId: string;
  #n = 0;

  private constructor(
    api: ReturnType<typeof apiOf>,
    ids: { clinicId: string; userId: string; deviceId: string },
  ) {
    this.#api = api;
    this.clinicId = ids.clinicId;
    this.#userId = ids.userId;
    this.#deviceId = ids.deviceId;
  }

  static async at(medic: Medic, role = 'admin'): Promise<Staff> {
    const device = { id: newId(), name: 'journey', kind: 'web' as const };
    const { email, password } = medic.signIn(role);
    const session = await apiOf(medic).auth.signIn.mutate({
      clinic: medic.database.slug,
      email,
      password,
      device,
    });
    return new Staff(apiOf(medic, session.accessToken), {
      clinicId: session.clinic.id,
      userId: session.user.id,
      deviceId: session.deviceId,
    });
  }

  async does<N extends ActName>(act: N, args: ActArgs<N>): Promise<void> {
    const answer = await this.#api.sync.push.mutate({
      wireVersion,
      intents: [
        {
          id: newId(),
          clinicId: this.clinicId,
          seq: 0,
          deleted: false,
          deviceId: this.#deviceId,
          n: ++this.#n,
          userId: this.#userId,
          act,
          actVersion: actNamed(act)?.version ?? 1,
          args,
          baseSeq: 0,
          madeAt: Date.now(),
          status: 'pending',
          outcomeSeq: null,
          decidedAt: null,
          outcome: {},
        },
      ],
    });
    const [decided] = answer.intents;
    if (decided?.status !== 'done') throw new Error(`${act}: ${JSON.stringify(decided?.outcome)}`);
  }

  /** All that this desk is sent of a collection. */
  async rows(collection: CollectionName): Promise<Row[]> {
    const rows: Row[] = [];
    let checkpoint = null;
    for (;;) {
      const answer = await this.#api.sync.pull.query({ wireVersion, collection, checkpoint, limit: 1000 });
      if (answer.kind === 'reset') throw new Error(`reset: ${answer.why}`);
      rows.push(...(answer.documents as unknown as Row[]));
      if (answer.documents.length < 1000) return rows;
      checkpoint = answer.checkpoint;
    }
  }
}

export type Row = Record<string, unknown> & { id: string; recordKind: string };

interface Mail {
  to: string;
  subject: string;
  text: string;
}

async function mailsTo(medic: Pick<Medic, 'url'>, address: string): Promise<Mail[]> {
  const response = await fetch(`${medic.url}/dev/inbox/mails.json`);
  const mails = (await response.json()) as Mail[];
  return mails.filter(({ to }) => to.includes(address));
}

/** The newest code, once `count` of them have come to an address. */
export async function codeFor(medic: Pick<Medic, 'url'>, address: string, count = 1): Promise<string> {
  let codes: string[] = [];
  await expect
    .poll(
      async () => {
        codes = (await mailsTo(medic, address)).flatMap(
          ({ text }) => /^[0-9A-Z]{4}[- ]?[0-9A-Z]{4}$/m.exec(text)?.[0] ?? [],
        );
        return codes.length;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(count);
  return codes[0] ?? '';
}

export async function openPortal(
  page: Page,
  medic: Pick<Medic, 'url' | 'database'>,
  path = '',
): Promise<void> {
  await page.goto(`${medic.url}/my/${medic.database.slug}${path}`);
}

/** Signs in by code, at the address that is open. */
export async function signIn(
  page: Page,
  medic: Pick<Medic, 'url'>,
  address: string,
  count = 1,
): Promise<void> {
  await page.getByLabel('E-mail').fill(address);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Code of 8 characters').fill(await codeFor(medic, address, count));
  await page.getByRole('button', { name: 'Continue' }).click();
}

export function heading(page: Page, name: string | RegExp) {
  return page.getByRole('heading', { level: 1, name });
}
