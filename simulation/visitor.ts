/** A browser on the public page: holds a time, books it, waits for another. It asks again when no answer came. */
import type { Random } from '@medic/shared/testing/random';
import { type Instant, minuteMs } from '@medic/shared/time/instant';
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../sync-server/src/api/router';
import { clinic, doctors, places, types } from './clinic';
import type { AllRows } from './permitted-rows';
import type { World } from './world';

/** None is asked for here. */
const noProof = { challenge: 'none', nonces: [] };

export class Visitor {
  readonly #world: World;
  readonly #random: Random;
  readonly #server: () => string | null;
  #cookie = '';
  /** Requests that were answered with a booking: each is one visit, for ever. */
  #booked: { requestId: string; at: Instant }[] = [];
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
      if (answer.kind === 'booked') this.#booked.push({ requestId, at: this.#world.now });
      return `book ${answer.kind}`;
    });
  }

  missing(rows: AllRows): string[] {
    const known = new Map(rows.intent.map((intent) => [intent.id, intent]));
    return this.#booked.flatMap(({ requestId }) =>
      known.get(requestId)?.status === 'done' ? [] : [`a visitor booked by ${requestId}, and it is nowhere`],
    );
  }

  /** After a restore: what it did since is gone, and nobody sends it again. */
  forgetSince(at: Instant): void {
    this.#booked = this.#booked.filter((each) => each.at <= at);
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
          headers: () => (this.#cookie ? { cookie: this.#cookie } : {}),
          fetch: async (input, init) => {
            const response = await fetch(input as string, init as RequestInit);
            const [pair] = (response.headers.get('set-cookie') ?? '').split(';');
            if (pair) this.#cookie = pair;
            return response;
          },
        }),
      ],
    });
  }
}
