/**
 * The one door to the server. The pages see `PublicApi`; behind it stand the server's own procedures while
 * a page is rendered there, and the same procedures over HTTP in the browser.
 */
import { type SlotTable, slotsOf } from '@medic/shared/availability/slot-table';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '../src/api/router';

type Asked = inferRouterInputs<AppRouter>['public'];
type Answers = inferRouterOutputs<AppRouter>['public'];

export type ClinicAnswer = Answers['clinic'];
export type Place = ClinicAnswer['locations'][number];
export type Doctor = ClinicAnswer['doctors'][number];
export type VisitType = ClinicAnswer['appointmentTypes'][number];

export type FreeTime = Answers['nextAvailable']['slots'][number];
/** The times travel as a table; the pages see a list. */
export type SlotsAnswer = Omit<Answers['slots'], 'slots'> & { slots: FreeTime[] };
export type Day = SlotsAnswer['days'][number];

export type DoctorAnswer = Answers['doctor'];
export type Hold = Extract<Answers['hold'], { kind: 'held' }>['hold'];
export type BookInput = Asked['book'];
export type BookAnswer = Answers['book'];
export type BookedVisit = Extract<BookAnswer, { kind: 'booked' }>['visit'];
export type Refusal = Extract<BookAnswer, { kind: 'refused' }>;
export type JoinInput = Asked['joinWaitlist'];
export type JoinAnswer = Answers['joinWaitlist'];

/** The portal's procedures, under their own names. */
export type PortalApi = TRPCClient<AppRouter>['portal'];
export type PortalAnswers = inferRouterOutputs<AppRouter>['portal'];
export type PortalAsked = inferRouterInputs<AppRouter>['portal'];

/** What a page reads. */
export interface PublicApi {
  clinic(input: Asked['clinic']): Promise<ClinicAnswer>;
  doctor(input: Asked['doctor']): Promise<DoctorAnswer>;
  slots(input: Asked['slots']): Promise<SlotsAnswer>;
  days(input: Asked['days']): Promise<Answers['days']>;
}

export type PublicProcedures = { [K in keyof PublicApi]: (input: Asked[K]) => Promise<Answers[K]> };

/** What the pages read with, over the procedures as they are. */
export function publicApi(procedures: PublicProcedures): PublicApi {
  return {
    clinic: (input) => procedures.clinic(input),
    doctor: (input) => procedures.doctor(input),
    days: (input) => procedures.days(input),
    slots: async (input) => {
      const { slots, ...rest } = await procedures.slots(input);
      return { ...rest, slots: slotsOf(slots as SlotTable<FreeTime>) };
    },
  };
}

/** The browser's side: it reads, and it holds, books and asks. */
export interface BrowserApi extends PublicApi {
  held(input: Asked['held']): Promise<Answers['held']>;
  challenge(input: Asked['challenge']): Promise<Answers['challenge']>;
  hold(input: Asked['hold']): Promise<Answers['hold']>;
  extend(input: Asked['extend']): Promise<Answers['extend']>;
  release(input: Asked['release']): Promise<Answers['release']>;
  book(input: BookInput): Promise<BookAnswer>;
  joinWaitlist(input: JoinInput): Promise<JoinAnswer>;
  portal: PortalApi;
}

const longestWaitMs = 20_000;

export function browserApi(): BrowserApi {
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api/trpc' })] });
  // A connection that hangs is given up, so that the visitor can try again.
  const within = () => ({ signal: AbortSignal.timeout(longestWaitMs) });
  return {
    ...publicApi({
      clinic: (input) => client.public.clinic.query(input, within()),
      doctor: (input) => client.public.doctor.query(input, within()),
      slots: (input) => client.public.slots.query(input, within()),
      days: (input) => client.public.days.query(input, within()),
    }),
    held: (input) => client.public.held.query(input, within()),
    challenge: (input) => client.public.challenge.mutate(input, within()),
    hold: (input) => client.public.hold.mutate(input, within()),
    extend: (input) => client.public.extend.mutate(input, within()),
    release: (input) => client.public.release.mutate(input, within()),
    book: (input) => client.public.book.mutate(input, within()),
    joinWaitlist: (input) => client.public.joinWaitlist.mutate(input, within()),
    portal: client.portal,
  };
}
