/**
 * The one door to the server. The pages see `PublicApi`; behind it stand the server's own procedures while
 * a page is rendered there, and the same procedures over HTTP in the browser.
 */
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '../src/api/router';

type Asked = inferRouterInputs<AppRouter>['public'];
type Answers = inferRouterOutputs<AppRouter>['public'];

export type ClinicAnswer = Answers['clinic'];
export type Place = ClinicAnswer['locations'][number];
export type Doctor = ClinicAnswer['doctors'][number];
export type VisitType = ClinicAnswer['appointmentTypes'][number];

export type SlotsAnswer = Answers['slots'];
export type FreeTime = SlotsAnswer['slots'][number];
export type Day = SlotsAnswer['days'][number];

export type BookInput = Asked['book'];
export type BookAnswer = Answers['book'];
export type BookedVisit = Extract<BookAnswer, { kind: 'booked' }>['visit'];

/** What a page reads. */
export interface PublicApi {
  clinic(input: Asked['clinic']): Promise<ClinicAnswer>;
  slots(input: Asked['slots']): Promise<SlotsAnswer>;
}

/** The browser's side: it reads, and it books. */
export interface BrowserApi extends PublicApi {
  book(input: BookInput): Promise<BookAnswer>;
}

const longestWaitMs = 20_000;

export function browserApi(): BrowserApi {
  const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: '/api/trpc' })] });
  // A connection that hangs is given up, so that the visitor can try again.
  const within = () => ({ signal: AbortSignal.timeout(longestWaitMs) });
  return {
    clinic: (input) => client.public.clinic.query(input, within()),
    slots: (input) => client.public.slots.query(input, within()),
    book: (input) => client.public.book.mutate(input, within()),
  };
}
