/** One time offered to those whom it suits: the best is ticked, more may be; who accepts first gets it. */
import { Modal, Select } from '@mantine/core';
import { entriesFor, type Match } from '@medic/shared/acts/waitlist/matches';
import { IconPhone } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './offer-dialog.module.css';
import { useWaitlistActs } from './waitlist-acts';
import { expiriesFor, type FreedTime, usualExpiry } from './waitlist-model';
import { ageWords, doctorWords, reachedBy, slotWords, urgencyWords, whenWords } from './wish-words';
import { toggled } from './wishes';

/** As many as one offer may reach. */
const most = 10;

export function OfferDialog({
  time,
  entryId,
  onClose,
}: {
  time: FreedTime;
  /** Whom it was looked for, ticked first. */
  entryId?: string;
  onClose: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const acts = useWaitlistActs();
  const [now] = useState(() => desk.now());
  const matches = useMemo(() => entriesFor(facts, time, now), [facts, time, now]);
  const [ticked, setTicked] = useState<readonly string[]>(() => {
    const first = matches.find(({ entry }) => entry.id === entryId) ?? matches[0];
    return first ? [first.entry.id] : [];
  });
  const expiries = useMemo(() => expiriesFor(time.startsAt, now), [time, now]);
  const [expiry, setExpiry] = useState(() => usualExpiry(time.startsAt, now).label);
  const [busy, setBusy] = useState(false);
  const chosen = ticked.filter((id) => matches.some(({ entry }) => entry.id === id)).slice(0, most);
  const doctor = facts.doctor(time.doctorId);
  const when = slotWords(time, facts, now);

  const offer = async () => {
    const until = expiries.find(({ label }) => label === expiry);
    if (busy || chosen.length === 0 || !until) return;
    setBusy(true);
    const done = await acts.offer(chosen, time, until.at);
    setBusy(false);
    if (done) onClose();
  };
  const book = async (id: string) => {
    if (busy) return;
    setBusy(true);
    const done = await acts.bookNow(id, time);
    setBusy(false);
    if (done) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^Digit[1-9]$/.test(event.code) ? Number(event.code.slice(5)) : 0;
    const match = matches[digit - 1];
    if (match) {
      if (event.shiftKey) void book(match.entry.id);
      else setTicked((before) => toggled(before, match.entry.id));
    } else if (event.key === 'Enter' && event.target === event.currentTarget) void offer();
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={`Offer ${when}${doctor ? `, ${doctorName(doctor)}` : ''}`}
      size={680}
      classNames={{ title: classes.title }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: numbers tick people, Enter offers */}
      <div className={classes.form} onKeyDown={onKeyDown} tabIndex={-1} data-autofocus>
        {matches.length === 0 ? (
          <p className={classes.none}>Nobody on the waitlist is suited by this time now.</p>
        ) : (
          <ul className={classes.people} aria-label="Who is suited">
            {matches.map((match, index) => (
              <Person
                key={match.entry.id}
                match={match}
                number={index + 1}
                now={now}
                ticked={chosen.includes(match.entry.id)}
                onTick={() => setTicked((before) => toggled(before, match.entry.id))}
                onBook={() => void book(match.entry.id)}
              />
            ))}
          </ul>
        )}
        <div className={classes.foot}>
          <Select
            label="Answer within"
            data={expiries.map(({ label }) => label)}
            value={expiry}
            allowDeselect={false}
            onChange={(label) => label && setExpiry(label)}
          />
          <p>
            The time stays free for everybody.
            <br />
            Who accepts first gets it; the other offers end by themselves.
          </p>
          <ActionButton keys="Esc" onClick={onClose}>
            Keep it free
          </ActionButton>
          <ActionButton
            tone="primary"
            keys="Enter"
            disabled={chosen.length === 0 || busy}
            onClick={() => void offer()}
          >
            {chosen.length > 1 ? `Offer to ${chosen.length}` : 'Offer'}
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}

function Person({
  match: { entry },
  number,
  now,
  ticked,
  onTick,
  onBook,
}: {
  match: Match;
  number: number;
  now: Parameters<typeof ageWords>[1];
  ticked: boolean;
  onTick: () => void;
  onBook: () => void;
}) {
  const facts = useFacts();
  const patient = facts.get('patient', entry.patientId);
  const type = facts.appointmentType(entry.appointmentTypeId);
  const reached = reachedBy(patient);
  const name = patient ? fullName(patient) : 'Not on this desk yet';
  return (
    <li>
      <label>
        <input type="checkbox" checked={ticked} onChange={onTick} />
        {number < 10 && <KeyCap keys={String(number)} />}
        <span className={classes.who}>
          <b>{name}</b>
          <small>
            {[type?.name, doctorWords(entry, facts), whenWords(entry)].filter(Boolean).join(' · ')}
          </small>
        </span>
        <span className={classes.wait}>
          {entry.urgency !== 'routine' && <b>{urgencyWords[entry.urgency]} · </b>}
          {ageWords(entry, now)}
          <small>
            {reached ?? (
              <>
                <IconPhone size={12} stroke={1.75} aria-hidden /> ring
              </>
            )}
          </small>
        </span>
      </label>
      <ActionButton size="small" aria-label={`Book ${name}`} onClick={onBook}>
        Book
      </ActionButton>
    </li>
  );
}
