/** One entry: what it waits for, the times that suit it, and what was offered. */
import { isWaiting, offerStatusAt } from '@medic/shared/acts/waitlist/standing';
import type { Slot } from '@medic/shared/availability/query';
import { formatPhone } from '@medic/shared/model/phone';
import type { WaitlistEntry, WaitlistOffer } from '@medic/shared/model/waitlist';
import type { Instant } from '@medic/shared/time/instant';
import { localDate } from '@medic/shared/time/zone';
import { IconArrowBackUp, IconCheck, IconPhone, IconX } from '@tabler/icons-react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { fullDate } from '../../ui/date-words';
import { KeyCap } from '../../ui/key-cap';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './entry-details.module.css';
import type { WaitlistActs } from './waitlist-acts';
import { openOffer } from './waitlist-model';
import {
  ageWords,
  doctorWords,
  offerWords,
  placeWords,
  reachedBy,
  slotWords,
  standingOf,
  urgencyWords,
  whenWords,
} from './wish-words';

interface EntryDetailsProps {
  entry: WaitlistEntry;
  slots: readonly Slot[] | undefined;
  now: Instant;
  acts: WaitlistActs;
  onOffer: (slot: Slot) => void;
  onBook: () => void;
  onEdit: () => void;
  onRemove: () => void;
  onOpenPatient: () => void;
}

export function EntryDetails({
  entry,
  slots,
  now,
  acts,
  onOffer,
  onBook,
  onEdit,
  onRemove,
  onOpenPatient,
}: EntryDetailsProps) {
  const facts = useFacts();
  const patient = facts.get('patient', entry.patientId);
  const type = facts.appointmentType(entry.appointmentTypeId);
  const reached = reachedBy(patient);
  const waiting = isWaiting(entry);
  const standing = standingOf(entry, facts, now);
  const since = localDate(entry.createdAt, facts.clinic.timeZone);
  return (
    <aside className={classes.details} aria-label="Waitlist entry">
      <div className={classes.who}>
        <h2>{patient ? fullName(patient) : 'Not on this desk yet'}</h2>
        <ActionButton size="inline" keys="O" onClick={onOpenPatient} disabled={!patient}>
          Open
        </ActionButton>
      </div>
      {patient?.phone && (
        <p className={classes.line}>
          <IconPhone size={15} stroke={1.75} aria-hidden /> {formatPhone(patient.phone)}
        </p>
      )}
      <dl className={classes.facts}>
        <Fact name="Type" words={type?.name ?? '?'} />
        <Fact name="Doctor" words={doctorWords(entry, facts)} />
        <Fact name="Place" words={placeWords(entry, facts)} />
        <Fact name="When" words={whenWords(entry)} />
        <Fact name="Waiting" words={`${ageWords(entry, now)}, since ${fullDate(since)}`} />
        <Fact name="Urgency" words={urgencyWords[entry.urgency]} />
        {entry.note && <Fact name="Note" words={entry.note} />}
        {!waiting && <Fact name={standing.words} words={standing.detail || '—'} />}
      </dl>
      {waiting && (
        <>
          <section className={classes.section} aria-label="Free times">
            <h3>Free times that suit</h3>
            {slots === undefined && <p className={classes.none}>Looking…</p>}
            {slots?.length === 0 && (
              <p className={classes.none}>
                None in the next 60 days. When a visit is cancelled that suits, the agenda says so.
              </p>
            )}
            <ul>
              {slots?.map((slot, index) => (
                <MatchRow
                  key={`${slot.doctorId} ${slot.startsAt}`}
                  slot={slot}
                  number={index + 1}
                  now={now}
                  onOffer={() => onOffer(slot)}
                  onBook={() => void acts.bookNow(entry.id, slot)}
                />
              ))}
            </ul>
            <p className={classes.none}>
              {reached
                ? `An offer goes by ${reached}.`
                : 'No consent to messages, or no address: ring, then book.'}
            </p>
          </section>
          <div className={classes.acts}>
            <ActionButton size="small" keys="B" onClick={onBook}>
              Book
            </ActionButton>
            <ActionButton size="small" keys="E" onClick={onEdit}>
              Change
            </ActionButton>
            <ActionButton size="small" tone="danger" keys="Backspace" onClick={onRemove}>
              Take off
            </ActionButton>
          </div>
        </>
      )}
      {!waiting && (
        <div className={classes.acts}>
          <ActionButton
            size="small"
            keys="R"
            icon={<IconArrowBackUp size={16} aria-hidden />}
            onClick={() => void acts.reopen(entry.id)}
          >
            Waits again
          </ActionButton>
        </div>
      )}
      {entry.offers.length > 0 && (
        <section className={classes.section} aria-label="Offers">
          <h3>Offers</h3>
          <ul>
            {[...entry.offers].reverse().map((offer) => (
              <OfferRow
                key={offer.id}
                offer={offer}
                now={now}
                waiting={waiting}
                first={offer.id === openOffer(entry, now)?.id}
                acts={acts}
              />
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}

function Fact({ name, words }: { name: string; words: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </div>
  );
}

function MatchRow({
  slot,
  number,
  now,
  onOffer,
  onBook,
}: {
  slot: Slot;
  number: number;
  now: Instant;
  onOffer: () => void;
  onBook: () => void;
}) {
  const facts = useFacts();
  const doctor = facts.doctor(slot.doctorId);
  const when = slotWords(slot, facts, now);
  return (
    <li className={classes.match}>
      <span>
        <b>{when.slice(0, 1).toUpperCase() + when.slice(1)}</b>
        <small>
          {doctor && doctorName(doctor)} · {facts.location(slot.locationId)?.name}
        </small>
      </span>
      <ActionButton
        size="inline"
        tone="soft"
        keys={String(number)}
        aria-label={`Offer ${when}`}
        onClick={onOffer}
      >
        Offer
      </ActionButton>
      <ActionButton size="inline" keys={`Shift+${number}`} aria-label={`Book ${when}`} onClick={onBook}>
        Book
      </ActionButton>
    </li>
  );
}

function OfferRow({
  offer,
  now,
  waiting,
  first,
  acts,
}: {
  offer: WaitlistOffer;
  now: Instant;
  waiting: boolean;
  /** The one that the keys are for. */
  first: boolean;
  acts: WaitlistActs;
}) {
  const facts = useFacts();
  const doctor = facts.doctor(offer.doctorId);
  const when = slotWords(offer, facts, now);
  const open = waiting && offerStatusAt(offer, now) === 'open';
  return (
    <li className={`${classes.match} ${classes.offer}`}>
      <span>
        <b>{when.slice(0, 1).toUpperCase() + when.slice(1)}</b>
        <small>
          {doctor && `${doctorName(doctor)} · `}
          {offerWords(offer, now)}
          {open &&
            ` until ${slotWords({ startsAt: offer.expiresAt, locationId: offer.locationId }, facts, now)}`}
        </small>
      </span>
      {open && (
        <>
          <ActionButton
            size="inline"
            tone="soft"
            icon={<IconCheck size={14} aria-hidden />}
            {...(first ? { keys: 'Y' } : {})}
            aria-label={`Accepts ${when}`}
            onClick={() => void acts.answer(offer.entryId, offer.id, 'accept')}
          >
            Accepts
          </ActionButton>
          <ActionButton
            size="inline"
            icon={<IconX size={14} aria-hidden />}
            {...(first ? { keys: 'D' } : {})}
            aria-label={`Declines ${when}`}
            onClick={() => void acts.answer(offer.entryId, offer.id, 'decline')}
          >
            Declines
          </ActionButton>
          <ActionButton
            size="inline"
            icon={<IconArrowBackUp size={14} aria-hidden />}
            {...(first ? { keys: 'X' } : {})}
            aria-label={`Take back ${when}`}
            onClick={() => void acts.withdraw(offer.entryId, offer.id)}
          >
            Take back
          </ActionButton>
        </>
      )}
    </li>
  );
}

/** What stands where an entry would, for those who look at the list for the first time. */
export function NoEntry() {
  return (
    <aside className={classes.details} aria-label="Waitlist entry">
      <p className={classes.none}>
        Choose an entry to see which free times suit it. <KeyCap keys="J" /> <KeyCap keys="K" /> go down and
        up.
      </p>
    </aside>
  );
}
