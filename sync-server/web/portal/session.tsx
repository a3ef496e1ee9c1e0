/** Who is there, and the portal's way of asking the server: what ends a session, wherever it is met, shows the sign-in. */
import { createContext, type RefObject, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { ClinicAnswer, PortalAnswers, PortalApi } from '../api';
import type { MoveOptions } from '../navigation';
import { attemptFor, forgetAttempt } from './attempt';
import { type PortalFailure, portalFailureOf } from './portal-failure';
import type { PortalRoute } from './portal-route';

export type Me = NonNullable<PortalAnswers['me']>;
export type Person = Me['people'][number];
export type VisitSummary = PortalAnswers['visits']['upcoming'][number];
export type VisitAnswer = PortalAnswers['visit'];
export type TimelineEntry = VisitAnswer['timeline'][number];
export type WaitlistAnswer = PortalAnswers['waitlist'];
export type WaitlistEntry = WaitlistAnswer['entries'][number];
export type Offer = WaitlistEntry['offers'][number];
export type Refused = Extract<PortalAnswers['cancel'], { kind: 'refused' }>;

export interface PortalSession {
  clinic: string;
  answer: ClinicAnswer;
  api: PortalApi;
  /** Null in front of the sign-in, and for who comes with an offer alone. */
  me: Me | null;
  /** Rises when the session changes: what was asked before is asked again. */
  generation: number;
  go(route: PortalRoute, options?: MoveOptions): void;
  say(text: string): void;
  /** Shown at the top of the page that it leads to, and said. */
  goWith(notice: string, route: PortalRoute): void;
  notice: string | null;
  /** Whether a heading had the focus last: one that takes its place when data arrives takes the focus too. */
  onHeading: RefObject<boolean>;
  /** Asks again who is there. */
  refresh(): Promise<void>;
  /** Something was asked and answered: the session lives on. */
  used(): void;
  ended(): void;
}

export const SessionContext = createContext<PortalSession | null>(null);

export function usePortal(): PortalSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Broken invariant: a page of the portal outside of it');
  return session;
}

/** For pages that stand behind the sign-in. */
export function useMe(): Me {
  const { me } = usePortal();
  if (!me) throw new Error('Broken invariant: a page behind the sign-in without a session');
  return me;
}

const longestWaitMs = 20_000;

export interface CallOptions {
  signal: AbortSignal;
}

/** A connection that hangs is given up, so that the visitor can try again. */
export function within(): CallOptions {
  return { signal: AbortSignal.timeout(longestWaitMs) };
}

export interface Asked<T> {
  data: T | null;
  failure: PortalFailure | null;
  /** Whether an answer, or a failure, has ever come. */
  answered: boolean;
  again(): void;
}

/** Asks when `key` changes, and after a new sign-in. What was there stays until the new answer has come. */
export function useAnswer<T>(
  key: string,
  ask: (api: PortalApi, clinic: string, options: CallOptions) => Promise<T>,
): Asked<T> {
  const { api, clinic, generation, used, ended } = usePortal();
  const [turn, setTurn] = useState(0);
  const [found, setFound] = useState<{ key: string; data: T } | null>(null);
  const [failure, setFailure] = useState<PortalFailure | null>(null);
  const [answeredKey, setAnsweredKey] = useState<string | null>(null);
  const asking = useRef(ask);
  asking.current = ask;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session and a new try ask again for the same
  useEffect(() => {
    let current = true;
    setFailure(null);
    asking.current(api, clinic, within()).then(
      (data) => {
        used();
        if (!current) return;
        setFound({ key, data });
        setAnsweredKey(key);
      },
      (error: unknown) => {
        if (!current) return;
        const met = portalFailureOf(error);
        if (met.kind === 'session') ended();
        else {
          setFailure(met);
          setAnsweredKey(key);
        }
      },
    );
    return () => {
      current = false;
    };
  }, [api, clinic, key, generation, turn, used, ended]);

  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { data: found?.key === key ? found.data : null, failure, answered: answeredKey === key, again };
}

/** What every request that changes something carries beside what is asked for. */
export interface RequestNames {
  clinic: string;
  requestId: string;
}

export interface Act<I, A> {
  /** Null where no answer came; `failure` says why then. */
  run(input: I): Promise<A | null>;
  busy: boolean;
  failure: PortalFailure | null;
  clear(): void;
}

/**
 * Something that changes. Two clicks do it once; a retry after a broken connection goes under the same id, so that it is
 * done once however often it arrives.
 */
export function useAct<I extends object, A extends object>(
  name: string,
  send: (api: PortalApi, input: I, request: RequestNames, options: CallOptions) => Promise<A>,
): Act<I, A> {
  const { api, clinic, used, ended } = usePortal();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<PortalFailure | null>(null);
  /** A state is seen only after the next render; two clicks may come before it. */
  const underway = useRef(false);
  const sending = useRef(send);
  sending.current = send;

  const run = useCallback(
    async (input: I) => {
      if (underway.current) return null;
      underway.current = true;
      setBusy(true);
      setFailure(null);
      const wanted = `${clinic} ${name} ${JSON.stringify(input)}`;
      try {
        const answer = await sending.current(api, input, { clinic, requestId: attemptFor(wanted) }, within());
        forgetAttempt(wanted);
        used();
        return answer;
      } catch (error) {
        const met = portalFailureOf(error);
        if (met.kind === 'session') ended();
        else setFailure(met);
        // These answers say that nothing was done: the next try is a new one.
        if (met.kind !== 'unreachable' && met.kind !== 'ours') forgetAttempt(wanted);
        return null;
      } finally {
        underway.current = false;
        setBusy(false);
      }
    },
    [api, clinic, name, used, ended],
  );
  const clear = useCallback(() => setFailure(null), []);
  return { run, busy, failure, clear };
}
