/**
 * A visit was cancelled or moved at this desk, and somebody waits for its time: said at once, on every page, with one
 * key to offer it. What others free is found on the waitlist's own page. Likewise whoever was booked here and is still on
 * the list: nothing takes them off by itself, they may want an earlier time.
 */
import { entriesFor, entriesMetBy } from '@medic/shared/acts/waitlist/matches';
import { IconCalendarPlus, IconListNumbers } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { doctorName, shortName } from '../../ui/person-name';
import classes from './freed-banner.module.css';
import { useWaitlistActs } from './waitlist-acts';
import { bookedBy, type FreedTime, freedBy } from './waitlist-model';
import { slotWords } from './wish-words';

/** A morning that is shifted frees many times: the newest are enough. */
const kept = 12;

interface OwnWork {
  /** Times given back, the newest first. */
  freed: readonly FreedTime[];
  /** The visit booked last. */
  bookedId: string | null;
}

const nothing: OwnWork = { freed: [], bookedId: null };

/** What the work of this desk has freed and booked since it was opened. */
function useOwnWork(): [OwnWork, (change: (before: OwnWork) => OwnWork) => void] {
  const desk = useDesk();
  const [work, setWork] = useState(nothing);
  const known = useRef<Set<string> | null>(null);
  const before = useRef(desk.facts);
  known.current ??= new Set(desk.pending.map(({ intent }) => intent.id));
  useEffect(
    () =>
      desk.subscribe(() => {
        const now = desk.now();
        for (const { intent, decision } of desk.pending) {
          if (known.current?.has(intent.id)) continue;
          known.current?.add(intent.id);
          if (decision.kind !== 'done') continue;
          // The facts of before its first decision: nothing has come between.
          const freed = freedBy(decision.changes, before.current, now);
          const booked = bookedBy(decision.changes, before.current);
          if (freed.length === 0 && booked === null) continue;
          setWork((all) => ({
            freed: [...freed, ...all.freed].slice(0, kept),
            bookedId: booked ?? all.bookedId,
          }));
        }
        before.current = desk.facts;
      }),
    [desk],
  );
  return [work, setWork];
}

export function FreedBanner({
  dialogOpen,
  onOffer,
}: {
  /** Keys belong to the dialog then. */
  dialogOpen: boolean;
  onOffer: (time: FreedTime) => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const [work, setWork] = useOwnWork();
  const acts = useWaitlistActs();
  const times = work.freed;
  const drop = (time: FreedTime) =>
    setWork((all) => ({ ...all, freed: all.freed.filter((each) => each !== time) }));
  const booked = work.bookedId === null ? undefined : facts.get('appointment', work.bookedId);
  const met = useMemo(() => (booked ? entriesMetBy(facts, booked)[0] : undefined), [facts, booked]);
  const shown = useMemo(() => {
    const now = desk.now();
    for (const time of times) {
      const people = entriesFor(facts, time, now).length;
      if (people > 0) return { time, people };
    }
    return null;
  }, [desk, facts, times]);
  const offer = () => {
    if (!shown) return;
    drop(shown.time);
    onOffer(shown.time);
  };
  const forgetBooked = () => setWork((all) => ({ ...all, bookedId: null }));
  const takeOff = () => {
    if (!met || !booked) return;
    forgetBooked();
    void acts.close(met.id, `Booked ${slotWords(booked, facts, desk.now())}`);
  };
  const latest = useRef(offer);
  latest.current = shown ? offer : takeOff;
  const listening = (shown !== null || met !== undefined) && !dialogOpen;
  useEffect(() => {
    if (!listening) return;
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.code !== 'KeyL') return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [listening]);

  return (
    <div role="status" className={classes.region}>
      {shown && (
        <div className={classes.banner}>
          <IconCalendarPlus size={18} stroke={1.75} aria-hidden />
          <p>
            <b>{shown.people === 1 ? '1 person waits' : `${shown.people} people wait`} for this time:</b>{' '}
            {slotWords(shown.time, facts, desk.now())}
            {doctorOf(shown.time)}
          </p>
          <ActionButton size="small" tone="primary" keys="Alt+L" onClick={offer}>
            Offer it
          </ActionButton>
          <ActionButton size="small" onClick={() => drop(shown.time)}>
            Keep it free
          </ActionButton>
        </div>
      )}
      {!shown && met && (
        <div className={classes.banner}>
          <IconListNumbers size={18} stroke={1.75} aria-hidden />
          <p>
            <b>{nameOf(met.patientId)} is still on the waitlist</b> for this kind of visit
          </p>
          <ActionButton size="small" tone="primary" keys="Alt+L" onClick={takeOff}>
            Take off
          </ActionButton>
          <ActionButton size="small" onClick={forgetBooked}>
            Wants an earlier one
          </ActionButton>
        </div>
      )}
    </div>
  );

  function nameOf(patientId: string): string {
    const patient = facts.get('patient', patientId);
    return patient ? shortName(patient) : 'The patient';
  }

  function doctorOf(time: FreedTime): string {
    const doctor = facts.doctor(time.doctorId);
    return doctor ? `, ${doctorName(doctor)}` : '';
  }
}
