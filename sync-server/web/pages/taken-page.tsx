import type { FreeTime } from '../api';
import { hasTyped, readBooked, readRefusal } from '../draft';
import type { TakenPage as Data } from '../load';
import { Link, useHydrated } from '../navigation';
import { anyDoctor, firstView, type Route } from '../route';
import { localTime } from '../time';
import { Frame, Steps, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { OtherDoctors } from '../ui/other-doctors';
import slotCss from '../ui/slot.module.css';
import { TakenTime, TimeLink } from '../ui/time-link';
import { WaitlistOffer } from '../ui/waitlist-offer';
import { doctorOf, fullName } from '../visit';
import { words } from '../words';
import { BookedVisitPage } from './booked-page';
import css from './taken-page.module.css';

/** The time is gone, the details are not: every time here leads back to the check. */
export function TakenPage({ data }: { data: Data }) {
  const { answer, start, doctor, type, sameDay, otherDays, others, now } = data;
  const hydrated = useHydrated();
  const booked = hydrated ? readBooked(answer.clinic.slug) : null;
  // A step back after booking: the one who took the time is the visitor.
  if (booked?.start === start.at) return <BookedVisitPage answer={answer} booked={booked} />;

  const refusal = hydrated ? readRefusal(answer.clinic.slug, start.at) : null;
  const zone = sameDay[0]?.timeZone ?? otherDays[0]?.timeZone ?? answer.clinic.timeZone;
  const { date, time } = localTime(start.at, zone);
  const slug = doctor?.slug ?? anyDoctor;
  const visit = { clinic: answer.clinic.slug, doctor: slug, type: type.slug };
  const reason = refusal?.reasons.find(({ code }) => !takenCodes.has(code));
  // Who has not typed anything yet has nothing to check.
  const typed = hydrated && hasTyped(answer.clinic.slug);
  const onward = (slot: FreeTime, doctorSlug: string): Route => ({
    page: typed ? 'review' : 'details',
    ...visit,
    doctor: doctorSlug,
    start: {
      at: slot.startsAt,
      doctor: doctorSlug === anyDoctor ? (doctorOf(answer, slot)?.slug ?? null) : null,
    },
  });
  // The server's own nearest times come first; the page finds its own where it was opened by its address.
  const more = mergeTimes(
    sameDay,
    (refusal?.alternatives ?? []).filter((slot) => !doctor || slot.doctorId === doctor.id),
  );
  const today = more.filter((slot) => localTime(slot.startsAt, slot.timeZone).date === date);
  const around = otherDays.length > 0 ? otherDays : more.filter((slot) => !today.includes(slot)).slice(0, 3);
  const firstOwn = (today[0] ?? around[0])?.startsAt ?? Number.MAX_SAFE_INTEGER;
  const sooner = others.filter((slot) => slot.startsAt < firstOwn);
  const elsewhere = sooner.length > 0 ? sooner : others;
  return (
    <Frame answer={answer}>
      <Steps back={{ page: 'slots', ...visit, ...firstView, date }} step={4} />
      <div className={css.narrow}>
        <Title>{reason ? words.taken.titleOther : words.taken.title(time)}</Title>
        {reason && (
          <p className={css.lead}>
            <strong>{reason.text}.</strong>
          </p>
        )}
        <p className={css.lead}>
          {reason
            ? typed
              ? words.taken.textOther
              : words.taken.textOtherEarly
            : typed
              ? words.taken.text
              : words.taken.textEarly}
        </p>
        <section className="card">
          {today.length > 0 && (
            <>
              <h2>{words.taken.sameDay(date)}</h2>
              <SameDay times={today} taken={start.at} zone={zone} to={(slot) => onward(slot, slug)} />
            </>
          )}
          {around.length > 0 && (
            <>
              <h2>{words.taken.otherDays(time)}</h2>
              <ul className={`${slotCss.row} ${slotCss.dated}`}>
                {around.map((slot) => {
                  const local = localTime(slot.startsAt, slot.timeZone);
                  const day = words.date.relative(local.date, localTime(now, slot.timeZone).date);
                  return (
                    <li key={`${slot.startsAt}${slot.doctorId}`}>
                      <TimeLink to={onward(slot, slug)} time={local.time} below={day} />
                    </li>
                  );
                })}
              </ul>
            </>
          )}
          {today.length === 0 && around.length === 0 && <p>{words.taken.nothing}</p>}
          <Link className="text-link" to={{ page: 'slots', ...visit, ...firstView, date }}>
            {words.taken.allTimes(doctor ? fullName(doctor) : null)}
            <Icon name="forward" size={18} />
          </Link>
        </section>
        {elsewhere.length > 0 && (
          <OtherDoctors
            data={data}
            slots={elsewhere}
            title={sooner.length > 0 ? words.slots.sooner : words.slots.others}
            toRoute={onward}
          />
        )}
        <WaitlistOffer data={data} title={words.waitlist.offerNone} />
        <Note icon="info" bare>
          <p>{words.taken.notBooked}</p>
        </Note>
      </div>
    </Frame>
  );
}

/** The reasons that mean: someone else was faster. All others are said as they are. */
const takenCodes = new Set([
  'visit',
  'buffer',
  'hold',
  'hold-limit',
  'full',
  'room-taken',
  'taken',
  'external-busy',
]);

function mergeTimes(a: FreeTime[], b: FreeTime[]): FreeTime[] {
  const seen = new Set<string>();
  return [...a, ...b]
    .filter((slot) => {
      const key = `${slot.startsAt} ${slot.doctorId} ${slot.locationId}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((x, y) => x.startsAt - y.startsAt);
}

interface SameDayProps {
  times: FreeTime[];
  taken: number;
  zone: FreeTime['timeZone'];
  to(slot: FreeTime): Route;
}

/** With the lost time struck through in its place. */
function SameDay({ times, taken, zone, to }: SameDayProps) {
  const before = times.filter((slot) => slot.startsAt < taken);
  const after = times.filter((slot) => slot.startsAt >= taken);
  const links = (slots: FreeTime[]) =>
    slots.map((slot) => (
      <li key={`${slot.startsAt}${slot.doctorId}`}>
        <TimeLink to={to(slot)} time={localTime(slot.startsAt, slot.timeZone).time} />
      </li>
    ));
  return (
    <ul className={`${slotCss.row} ${slotCss.four}`}>
      {links(before)}
      <li>
        <TakenTime time={localTime(taken, zone).time} word={words.taken.taken} />
      </li>
      {links(after)}
    </ul>
  );
}
