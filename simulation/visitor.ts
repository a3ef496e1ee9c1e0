/**
 * A browser outside the clinic: holds a time on the public page, books it, waits for another; or opens the link of a
 * visit or of an offer and answers it. It asks again when no answer came.
 */
import { holdsSlot } from '@medic/shared/model/appointment';
import type { Random } from '@medic/shared/testing/random';
import { type Instant, minuteMs } from '@medic/shared/time/instant';
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../sync-server/src/api/router';
import type { ManageLinks } from '../sync-server/src/auth/manage-links';
import { clinic, doctors, places, types } from './clinic';
import type { AllRows } from './permitted-rows';
import type { World } from './world';

/** None is asked for here. */
const noProof = { challenge: 'none', nonces: [] };

export class Visitor {
  readonly #world: World;
  readonly #random: Random;
  readonly #server: () => string | null;
  readonly #cookies = new Map<string, string>();
  /** Requests of which it was told that they are done: each is, once and for ever. */
  #told: { requestId: string; at: Instant; what: string }[] = [];
  readonly #name: string;

  constructor(world: World, random: Random, server: () => string | null) {
    this.#world = world;
    this.#random = random;
    this.#server = server;
    this.#name = `Guest${String.fromCharCode(97 + random.integer(0, 25))}${random.integer(0, 99)}`;
  }

  /** Tells what came of it. */
  async act(random: Random): Promise<string> {
    const url = this.#server();
    if (url === null) return 'the page does not load';
    const midnight = Math.floor(this.#world.now / (1440 * minuteMs)) * 1440 * minuteMs - 60 * minuteMs;
    const requestId = this.#random.id(this.#world.now);
    const where = {
      clinic: clinic.slug,
      requestId,
      doctorId: random.pick(doctors),
      locationId: random.pick(places),
      appointmentTypeId: random.pick(types),
      startsAt: (midnight +
        (random.integer(1, 2) * 1440 + 480 + 20 * random.integer(0, 20)) * minuteMs) as Instant,
    };
    const patient = {
      givenName: 'Ola',
      familyName: this.#name,
      birthDate: '1990-01-01' as never,
      phone: '+48601999000',
      email: null,
      language: 'en' as const,
      consentSms: true,
      consentEmail: true,
    };
    return await this.#twice(url, async (client) => {
      if (random.chance(0.4))
        return `hold ${(await client.public.hold.mutate({ ...where, proof: noProof })).kind}`;
      if (random.chance(0.2))
        return `join the waitlist ${
          (
            await client.public.joinWaitlist.mutate({
              clinic: clinic.slug,
              requestId,
              patient,
              wishes: {
                appointmentTypeId: where.appointmentTypeId,
                doctorIds: [],
                locationIds: [],
                weekdays: [],
                partsOfDay: [],
                earliestOn: null,
                latestOn: null,
                urgency: 'soon',
                note: '',
              },
            })
          ).kind
        }`;
      const answer = await client.public.book.mutate({ ...where, patient, note: '' });
      return this.#heard(requestId, 'book', answer.kind);
    });
  }

  /** With a link out of an e-mail. `rows` are those of the clinic, of which the e-mails tell. */
  async answer(random: Random, rows: AllRows, links: ManageLinks): Promise<string> {
    const url = this.#server();
    if (url === null) return 'the page does not load';
    const now = this.#world.now;
    const requestId = this.#random.id(now);
    const asking = { clinic: clinic.slug, requestId };
    const offers = rows.waitlistEntry.flatMap((entry) =>
      entry.offers.flatMap((offer) => (offer.status === 'open' ? [{ entry, offer }] : [])),
    );
    const offered = offers.length > 0 && random.chance(0.5) ? random.pick(offers) : null;
    if (offered) {
      const offer = links.offerToken(clinic.id, offered.entry.id, offered.offer.id);
      const accepts = random.chance(0.7);
      return await this.#twice(url, async ({ portal }) => {
        const { kind } = accepts
          ? await portal.acceptOffer.mutate({ ...asking, offer, alsoWithOther: true })
          : await portal.declineOffer.mutate({ ...asking, offer });
        return this.#heard(requestId, accepts ? 'accept the offer' : 'decline the offer', kind);
      });
    }
    const ahead = rows.appointment.filter((visit) => holdsSlot(visit.status) && visit.startsAt > now);
    if (ahead.length === 0) return 'has no visit';
    const visit = random.pick(ahead);
    const link = links.visitToken(clinic.id, visit.id, visit.linkVersion);
    const what = random.pick(
      visit.status === 'proposed'
        ? (['accept', 'decline'] as const)
        : (['cancel', 'reschedule', 'reschedule', 'confirm'] as const),
    );
    const startsAt = (visit.startsAt + 20 * random.integer(-6, 12) * minuteMs) as Instant;
    const about = { ...asking, visitId: visit.id };
    return await this.#twice(url, async ({ portal }) => {
      await portal.openLink.mutate({ clinic: clinic.slug, link });
      const { doctorId, locationId } = visit;
      const { kind } =
        what === 'cancel'
          ? await portal.cancel.mutate({ ...about, reason: 'Ill' })
          : what === 'reschedule'
            ? await portal.reschedule.mutate({ ...about, doctorId, locationId, startsAt })
            : await portal[what].mutate(about);
      return this.#heard(requestId, what, kind);
    });
  }

  #heard(requestId: string, what: string, kind: string): string {
    if (kind !== 'refused') this.#told.push({ requestId, what, at: this.#world.now });
    return `${what}: ${kind}`;
  }

  missing(rows: AllRows): string[] {
    const known = new Map(rows.intent.map((intent) => [intent.id, intent]));
    return this.#told.flatMap(({ requestId, what }) =>
      known.get(requestId)?.status === 'done'
        ? []
        : [`a visitor was told that ${requestId} (${what}) is done, and it is nowhere`],
    );
  }

  /** After a restore: what it did since is gone, and nobody sends it again. */
  forgetSince(at: Instant): void {
    this.#told = this.#told.filter((each) => each.at <= at);
  }

  async #twice(url: string, ask: (client: TRPCClient<AppRouter>) => Promise<string>): Promise<string> {
    for (const last of [false, true]) {
      const end = this.#world.begin('a visitor');
      try {
        return await ask(this.#client(last ? (this.#server() ?? url) : url));
      } catch (error) {
        if (!(error instanceof TRPCClientError)) throw error;
        if (error.data || last) return `fails: ${error.message}`;
      } finally {
        end();
      }
    }
    return '';
  }

  #client(url: string): TRPCClient<AppRouter> {
    return createTRPCClient<AppRouter>({
      links: [
        httpLink({
          url: `${url}/api/trpc`,
          headers: () => ({ cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') }),
          fetch: async (input, init) => {
            const response = await fetch(input as string, init as RequestInit);
            for (const cookie of response.headers.getSetCookie()) {
              const [pair = ''] = cookie.split(';');
              const at = pair.indexOf('=');
              this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
            }
            return response;
          },
        }),
      ],
    });
  }
}
