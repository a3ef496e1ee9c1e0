import type { PlainDate } from '@medic/shared/time/instant';
import { addDays, mondayOf } from '@medic/shared/time/plain-date';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { FreeTime, Refusal } from '../api';
import { keepRefusal } from '../draft';
import { byPartOfDay, type WeekDay } from '../free-times';
import type { SlotsPage as Data } from '../load';
import { Link, useHydrated, useNavigation, useWide } from '../navigation';
import { anyDoctor, firstView, formatStart, hrefOf, parseStart, type Route } from '../route';
import { localTime, offsetMinutes, visitorZone, zoneCity } from '../time';
import { Avatar } from '../ui/avatar';
import { CallLine, Frame, Steps, Title } from '../ui/frame';
import { Icon } from '../ui/icon';
import { Note } from '../ui/note';
import { OtherDoctors } from '../ui/other-doctors';
import slotCss from '../ui/slot.module.css';
import { VisitDate } from '../ui/visit-date';
import { WaitlistOffer } from '../ui/waitlist-offer';
import { doctorOf, fullName, placeOf, visitorTime, whenOf, wishOf } from '../visit';
import { words } from '../words';
import css from './slots-page.module.css';
import { WeekArrow } from './week-arrow';

export function SlotsPage({ data }: { data: Data }) {
  const { answer, route, doctor, date, slots } = data;
  const { api, go, say } = useNavigation();
  const hydrated = useHydrated();
  const form = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<FreeTime | null>(() => timeOf(data, route.time));
  const [keeping, setKeeping] = useState<FreeTime | null>(null);
  const underway = useRef(false);
  const shown = useRef<string | null>(null);

  // A time chosen before the script arrived is in the form and not yet here; another day has other times.
  useEffect(() => {
    const value = form.current && new FormData(form.current).get('start');
    const start = typeof value === 'string' ? parseStart(value) : null;
    setChosen(slots.find((slot) => start !== null && sameTime(slot, start, data)) ?? null);
  }, [slots, data]);

  useEffect(() => {
    const key = `${route.date} ${route.place} ${route.specialty}`;
    if (shown.current !== null && shown.current !== key) {
      say(date ? words.slots.saidDay(date, slots.length) : words.slots.saidNone(data.nextFreeOn));
    }
    shown.current = key;
  }, [route.date, route.place, route.specialty, date, slots, data.nextFreeOn, say]);

  function choose(slot: FreeTime) {
    setChosen(slot);
    say(words.slots.saidChosen(whenOf(slot).time));
  }

  // The proof of work for keeping a time is worked out while the visitor looks at what was chosen.
  useEffect(() => {
    if (!chosen || !api) return;
    const waited = setTimeout(() => {
      import('../hold/use-hold').then(
        ({ keeperOf }) => keeperOf(api, answer.clinic.slug).prepare(),
        // It is fetched again when it is needed.
        () => undefined,
      );
    }, 300);
    return () => clearTimeout(waited);
  }, [chosen, api, answer.clinic.slug]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const start = parseStart(String(new FormData(event.currentTarget).get('start') ?? ''));
    const slot = start && slots.find((candidate) => sameTime(candidate, start, data));
    if (!slot || underway.current) return;
    underway.current = true;
    setKeeping(slot);
    say(words.slots.saidKeeping(whenOf(slot).time));
    const refusal = await refusalOf(slot);
    if (refusal) keepRefusal(answer.clinic.slug, slot.startsAt, refusal);
    go({ ...visitOf(data), page: refusal ? 'taken' : 'details', start });
    underway.current = false;
    setKeeping(null);
  }

  /** Why the time cannot be had; null where it is kept, or where that is not known yet: the next page goes on with it. */
  async function refusalOf(slot: FreeTime): Promise<Refusal | null> {
    if (!api) return null;
    try {
      const { keeperOf } = await import('../hold/use-hold');
      const kept = keeperOf(api, answer.clinic.slug).keep(wishOf({ type: data.type, slot }));
      const result = await Promise.race([kept, after(longestKeepingMs)]);
      return result?.state === 'lost' ? result.refusal : null;
    } catch {
      return null;
    }
  }

  const summary = <Summary data={data} chosen={chosen} />;
  const when = chosen && whenOf(chosen);
  const own = hydrated && chosen ? visitorTime(chosen.startsAt, chosen.timeZone) : null;
  return (
    <Frame answer={answer}>
      <Steps
        back={{ page: 'doctor', clinic: answer.clinic.slug, doctor: doctor?.slug ?? anyDoctor }}
        step={2}
      />
      <form
        ref={form}
        className={css.layout}
        method="get"
        action={`${hrefOf({ ...visitOf(data), page: 'slots', ...firstView })}/details`}
        onSubmit={submit}
      >
        <div className={css.main}>
          <Title>{words.slots.title}</Title>
          <section className={`card ${css.topSummary}`}>{summary}</section>
          <Specialties data={data} />
          <Places data={data} />
          <Week data={data} />
          {date ? (
            <Times data={data} date={date} keeping={keeping} onChoose={choose} />
          ) : (
            <NoTimes data={data} />
          )}
        </div>
        <div className={`${css.bar} ${chosen ? css.ready : ''}`}>
          <section className={`card ${css.barCard}`}>
            <div className={css.sideSummary}>{summary}</div>
            {date && (
              <>
                {when && (
                  <div className={css.chosen}>
                    <VisitDate date={when.date} />
                    <p>
                      <strong>
                        {words.date.short(when.date)}, {when.time}
                        <span className={css.until}>–{when.until}</span>
                      </strong>{' '}
                      <span className={css.own}>
                        <span className={css.city}>{words.frame.clinicTime(when.city)} </span>
                        {own && words.frame.whereYouAre(own)}
                      </span>
                    </p>
                  </div>
                )}
                {!when && <p className={css.chooseFirst}>{words.slots.chooseFirst}</p>}
                <button
                  className="button primary wide"
                  type="submit"
                  aria-disabled={keeping !== null || undefined}
                >
                  {keeping
                    ? words.slots.keepingTime(whenOf(keeping).time)
                    : when
                      ? words.slots.continueWith(when.time)
                      : words.slots.continue}
                </button>
              </>
            )}
          </section>
          <MonthBeside data={data} />
        </div>
        <div className={css.others}>
          {data.others.length > 0 && (
            <OtherDoctors
              data={data}
              slots={data.others}
              title={date ? words.slots.sooner : words.slots.others}
              toRoute={(slot, otherDoctor) => {
                const local = localTime(slot.startsAt, slot.timeZone);
                return {
                  ...visitOf(data),
                  page: 'slots',
                  doctor: otherDoctor,
                  ...firstView,
                  date: local.date,
                  time: local.time,
                };
              }}
            />
          )}
          <WaitlistOffer data={data} />
        </div>
      </form>
    </Frame>
  );
}

/** A slow phone takes that long for its proof; longer nobody should wait for the next page. */
const longestKeepingMs = 5000;

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, ms, null));
}

function visitOf(data: Data) {
  const { answer, doctor, type } = data;
  return { clinic: answer.clinic.slug, doctor: doctor?.slug ?? anyDoctor, type: type.slug };
}

function timeOf(data: Data, time: string | null): FreeTime | null {
  return data.slots.find((slot) => localTime(slot.startsAt, slot.timeZone).time === time) ?? null;
}

function startOf(data: Data, slot: FreeTime) {
  return { at: slot.startsAt, doctor: data.doctor ? null : (doctorOf(data.answer, slot)?.slug ?? null) };
}

function sameTime(slot: FreeTime, start: { at: number; doctor: string | null }, data: Data): boolean {
  return (
    slot.startsAt === start.at &&
    (start.doctor === null || doctorOf(data.answer, slot)?.slug === start.doctor)
  );
}

function Summary({ data, chosen }: { data: Data; chosen: FreeTime | null }) {
  const { answer, doctor, type, places } = data;
  const place = chosen ? placeOf(answer, chosen) : places.length === 1 ? places[0] : data.place;
  const seen = doctor ?? (chosen ? doctorOf(answer, chosen) : null);
  return (
    <div className={css.summary}>
      {seen && (
        <span className={css.avatar}>
          <Avatar name={seen.name} photoUrl={seen.photoUrl} />
        </span>
      )}
      <div>
        <p>
          <strong>{seen ? fullName(seen) : words.doctor.any}</strong>
        </p>
        <p>
          {[type.name, words.frame.minutes(type.durationMinutes), place?.name].filter(Boolean).join(', ')}
        </p>
      </div>
      <Link
        className="text-link"
        to={{ page: 'doctor', clinic: answer.clinic.slug, doctor: doctor?.slug ?? anyDoctor }}
        aria-label={words.frame.changeWhat(type.name)}
      >
        {words.frame.change}
      </Link>
    </div>
  );
}

function Specialties({ data }: { data: Data }) {
  const { specialties, specialty, route } = data;
  if (specialties.length < 2) return null;
  return (
    <nav aria-label={words.slots.specialty}>
      <ul className={css.places}>
        {specialties.map((name) => (
          <li key={name}>
            <Link
              to={{ ...route, specialty: name, place: null, date: null, time: null }}
              focus="keep"
              replace
              className="chip"
              aria-current={name === specialty ? 'true' : undefined}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Places({ data }: { data: Data }) {
  const { places, place, route } = data;
  if (places.length < 2) return null;
  const to = (slug: string | null): Route => ({ ...route, place: slug, time: null });
  return (
    <nav aria-label={words.slots.place}>
      <ul className={css.places}>
        {[null, ...places].map((choice) => (
          <li key={choice?.id ?? 'all'}>
            <Link
              to={to(choice?.slug ?? null)}
              focus="keep"
              replace
              className="chip"
              aria-current={place?.id === choice?.id ? 'true' : undefined}
            >
              {choice?.name ?? words.slots.anyPlace}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Week({ data }: { data: Data }) {
  const { week, date, today, nextFreeOn, route } = data;
  const monday = week[0]?.date ?? mondayOf(today);
  const to = (day: PlainDate): Route => ({ ...route, date: day, time: null });
  const hasNext = nextFreeOn !== null || week.some((day) => day.count > 0);
  return (
    <nav aria-label={words.slots.week} className={css.week}>
      <div className={css.weekHead}>
        <p>
          <strong>{words.date.range(monday, addDays(monday, 7))}</strong>
        </p>
        <Month data={data} />
        <WeekArrow
          to={to(addDays(monday, -7))}
          off={monday <= today}
          icon="back"
          label={words.slots.previous}
        />
        <WeekArrow to={to(addDays(monday, 7))} off={!hasNext} icon="forward" label={words.slots.next} />
      </div>
      <ul className={css.days}>
        {week.map((day) => (
          <li key={day.date}>
            <WeekDayCell day={day} chosen={day.date === date} to={to(day.date)} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The month, fetched when it is needed: not part of the first script. */
function useMonth() {
  const [loaded, setLoaded] = useState<typeof import('../ui/month-dialog') | null>(null);
  const load = useCallback(() => import('../ui/month-dialog').then(setLoaded), []);
  return { loaded, load };
}

/** Where there is no second column a button opens it. */
function Month({ data }: { data: Data }) {
  const { say } = useNavigation();
  const hydrated = useHydrated();
  const { loaded, load } = useMonth();
  const [open, setOpen] = useState(false);

  function show() {
    load().then(
      () => setOpen(true),
      () => say(words.problem.unreachable.title),
    );
  }

  return (
    <>
      <button type="button" className={`${css.month} ${css.narrowOnly}`} onClick={show} disabled={!hydrated}>
        {words.month.open}
      </button>
      {open && loaded && <loaded.MonthDialog data={data} onClose={() => setOpen(false)} />}
    </>
  );
}

function MonthBeside({ data }: { data: Data }) {
  const isWide = useWide();
  const { loaded, load } = useMonth();

  useEffect(() => {
    // The week leads to every day as well.
    if (isWide) load().catch(() => undefined);
  }, [isWide, load]);

  if (!isWide || !loaded) return null;
  return (
    <section className={`card ${css.monthCard}`} aria-labelledby="month-title">
      <loaded.Month data={data} />
    </section>
  );
}

function WeekDayCell({ day, chosen, to }: { day: WeekDay; chosen: boolean; to: Route }) {
  const name = words.slots.dayName(day.date, day.count, day.state);
  const inside = (
    <>
      <span aria-hidden="true">{words.date.weekday(day.date)}</span>
      <span aria-hidden="true" className={css.number}>
        {words.date.day(day.date)}
      </span>
      <span aria-hidden="true" className={css.state}>
        {words.slots.states[day.state]}
      </span>
      <span className="visually-hidden">{name}</span>
    </>
  );
  if (day.count === 0) return <span className={css.day}>{inside}</span>;
  return (
    <Link
      className={`${css.day} ${css.open}`}
      to={to}
      focus="keep"
      replace
      aria-current={chosen ? 'date' : undefined}
    >
      {inside}
    </Link>
  );
}

interface TimesProps {
  data: Data;
  date: PlainDate;
  keeping: FreeTime | null;
  onChoose(slot: FreeTime): void;
}

function Times({ data, date, keeping, onChoose }: TimesProps) {
  const { answer, slots, doctor } = data;
  const zones = [...new Set(slots.map((slot) => slot.timeZone))];
  const manyPlaces = new Set(slots.map((slot) => slot.locationId)).size > 1;
  const preset = timeOf(data, data.route.time);
  return (
    <>
      <h2 className={css.date}>{words.date.long(date)}</h2>
      <ZoneLine data={data} zones={zones} />
      <fieldset className={css.times}>
        <legend className="visually-hidden">{words.slots.legend(date, zones.join(', '))}</legend>
        {byPartOfDay(slots).map(({ part, slots: some }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be read as a second group of radios
          <div key={part} role="group" aria-label={words.slots.part(words.slots.parts[part], some.length)}>
            <div className={css.part} aria-hidden="true">
              <Icon name={part} size={18} />
              <span>{words.slots.parts[part]}</span>
              <span>{words.slots.free(some.length)}</span>
            </div>
            <div className={css.grid}>
              {some.map((slot) => {
                const time = whenOf(slot).time;
                const below = [
                  slot === keeping ? words.slots.keeping : '',
                  data.type.capacity > 1 ? words.slots.seats(slot.seatsLeft) : '',
                  manyPlaces ? (placeOf(answer, slot)?.name ?? '') : '',
                ].filter(Boolean);
                const start = formatStart(startOf(data, slot));
                const other = doctor ? null : doctorOf(answer, slot);
                return (
                  <label
                    key={start}
                    className={`${slotCss.slot} ${slotCss.radio} ${slot === keeping ? slotCss.keeping : ''}`}
                  >
                    <input
                      type="radio"
                      name="start"
                      value={start}
                      required
                      defaultChecked={slot === preset}
                      onChange={() => onChoose(slot)}
                    />
                    <span className={slotCss.time}>
                      <Icon name="check" size={18} />
                      {time}
                    </span>
                    {below.length > 0 && <span className={slotCss.below}>{below.join(', ')}</span>}
                    {other && <span className="visually-hidden">{fullName(other)}</span>}
                  </label>
                );
              })}
            </div>
          </div>
        ))}
      </fieldset>
    </>
  );
}

function ZoneLine({ data, zones }: { data: Data; zones: FreeTime['timeZone'][] }) {
  const hydrated = useHydrated();
  const [zone] = zones;
  const first = data.slots[0];
  if (!zone || !first) return null;
  if (zones.length > 1) {
    const at = zones.map((one) => {
      const places = data.places.filter((place) =>
        data.slots.some((slot) => slot.timeZone === one && slot.locationId === place.id),
      );
      return words.slots.zoneAt(zoneCity(one), words.date.list(places.map((place) => place.name)));
    });
    return (
      <Note icon="clock" bare>
        <p>{words.slots.zones(words.date.list(at))}</p>
      </Note>
    );
  }
  const ahead = hydrated
    ? offsetMinutes(first.startsAt, zone) - offsetMinutes(first.startsAt, visitorZone())
    : 0;
  return (
    <Note icon="clock" bare>
      <p>
        {words.slots.zone(zone)}
        {ahead === 0 ? '.' : `: ${ahead > 0 ? words.slots.ahead(ahead) : words.slots.behind(-ahead)}.`}
      </p>
    </Note>
  );
}

function NoTimes({ data }: { data: Data }) {
  const { answer, doctor, nextFreeOn, route } = data;
  if (!nextFreeOn) {
    return (
      <section className="card">
        <h2>{words.slots.noneAtAll}</h2>
        <p>{words.slots.noneAtAllHint}</p>
        <CallLine phone={answer.clinic.phone} />
      </section>
    );
  }
  return (
    <section className="card">
      <h2>{words.slots.noneThisWeek}</h2>
      <p>{words.slots.nextFreeDay(doctor ? fullName(doctor) : null, nextFreeOn)}</p>
      <Link
        className="button primary wide"
        to={{ ...route, date: nextFreeOn, time: null }}
        focus="keep"
        replace
      >
        {words.slots.goTo(nextFreeOn)}
        <Icon name="forward" size={18} />
      </Link>
    </section>
  );
}
