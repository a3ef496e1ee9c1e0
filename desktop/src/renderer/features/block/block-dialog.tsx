/** Takes time from booking, for one doctor at one place. */

import { Checkbox, Modal, Select, TextInput } from '@mantine/core';
import type { ActArgs } from '@medic/shared/acts/registry';
import { type PlainDate, type WallTime, wallTime } from '@medic/shared/time/instant';
import { isPlainDate } from '@medic/shared/time/plain-date';
import { instantOf } from '@medic/shared/time/zone';
import { IconInfoCircle } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { shortDay } from '../../ui/date-words';
import { hasMod } from '../../ui/key-cap';
import { doctorName } from '../../ui/person-name';
import classes from './block-dialog.module.css';
import { readTime } from './read-time';

interface BlockDialogProps {
  start: { doctorId: string; locationId: string; date: PlainDate; from: number; until: number };
  onBlock: (args: ActArgs<'time.block'>) => void;
  onClose: () => void;
}

const reasons = [
  'Meeting',
  'Ward round',
  'Telephone calls',
  'Paperwork',
  'Equipment check',
  'Training',
  'Private',
];

export function BlockDialog({ start, onBlock, onClose }: BlockDialogProps) {
  const desk = useDesk();
  const facts = useFacts();
  const [doctorId, setDoctorId] = useState(start.doctorId);
  const [locationId, setLocationId] = useState(start.locationId);
  const [date, setDate] = useState<string>(start.date);
  const [from, setFrom] = useState<string>(wallTime(start.from));
  const [until, setUntil] = useState<string>(wallTime(start.until));
  const [wholeDay, setWholeDay] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);

  const startsAt = wholeDay ? null : readTime(from);
  const endsAt = wholeDay ? null : readTime(until);
  const problems = {
    date: isPlainDate(date) ? null : 'Choose a date',
    from: wholeDay || startsAt ? null : 'Write it as 13:00',
    until:
      wholeDay || endsAt
        ? !wholeDay && startsAt === endsAt
          ? 'A block ends after it starts'
          : null
        : 'Write it as 14:00',
  };
  const valid = Object.values(problems).every((problem) => problem === null);
  const standing = useMemo(
    () => (valid ? visitsIn(facts, doctorId, locationId, date as PlainDate, startsAt, endsAt) : 0),
    [facts, doctorId, locationId, date, startsAt, endsAt, valid],
  );

  const submit = () => {
    setTried(true);
    if (!valid) return;
    onBlock({
      exceptionId: desk.newId(),
      doctorId,
      locationId,
      date: date as PlainDate,
      startsAt,
      endsAt,
      reason: reason.trim(),
    });
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (
      event.key === 'Enter' &&
      (hasMod(event) || event.target instanceof HTMLInputElement) &&
      !event.defaultPrevented
    ) {
      event.preventDefault();
      submit();
    }
  };
  const doctor = facts.doctor(doctorId);
  const places = (doctor?.places ?? [])
    .map((place) => facts.location(place.locationId))
    .filter((place) => place !== undefined);

  return (
    <Modal
      opened
      onClose={onClose}
      title="Block time"
      size={440}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in any field blocks */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <div className={classes.pair}>
          <Select
            label="Doctor"
            searchable
            data={[...facts.doctors()]
              .filter((each) => each.active)
              .map((each) => ({ value: each.id, label: doctorName(each) }))}
            value={doctorId}
            onChange={(id) => {
              if (!id) return;
              setDoctorId(id);
              const there = facts.doctor(id)?.places.map((place) => place.locationId) ?? [];
              if (!there.includes(locationId) && there[0]) setLocationId(there[0]);
            }}
          />
          <Select
            label="Place"
            data={places.map((place) => ({ value: place.id, label: place.name }))}
            value={locationId}
            onChange={(id) => id && setLocationId(id)}
          />
        </div>
        <div className={classes.times}>
          <TextInput
            label="Date"
            type="date"
            value={date}
            error={tried && problems.date}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
          <TextInput
            label="From"
            value={from}
            disabled={wholeDay}
            error={tried && problems.from}
            data-autofocus
            onChange={(event) => setFrom(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
          <TextInput
            label="To"
            value={until}
            disabled={wholeDay}
            error={tried && problems.until}
            onChange={(event) => setUntil(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
        <Checkbox
          size="xs"
          label="The whole day"
          checked={wholeDay}
          onChange={(event) => setWholeDay(event.currentTarget.checked)}
        />
        <TextInput
          label="Reason"
          placeholder="Shown in the agenda"
          list="block-reasons"
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <datalist id="block-reasons">
          {reasons.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        {standing > 0 && (
          <p className={classes.standing}>
            <IconInfoCircle size={16} stroke={1.75} aria-hidden />
            {standing === 1 ? '1 visit stands' : `${standing} visits stand`} there on {shortDay(date)}.{' '}
            {standing === 1 ? 'It stays' : 'They stay'} booked.
          </p>
        )}
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose}>
            Close
          </ActionButton>
          <ActionButton tone="primary" keys="Enter" onClick={submit}>
            Block
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}

function visitsIn(
  facts: ReturnType<typeof useFacts>,
  doctorId: string,
  locationId: string,
  date: PlainDate,
  startsAt: WallTime | null,
  endsAt: WallTime | null,
): number {
  const zone = facts.location(locationId)?.timeZone;
  if (!zone) return 0;
  const from = instantOf(date, startsAt ?? ('00:00' as WallTime), zone);
  const until = instantOf(date, endsAt ?? ('24:00' as WallTime), zone);
  if (until <= from) return 0;
  return facts
    .appointmentsOfDoctor(doctorId, from, until)
    .filter(
      (visit) =>
        visit.locationId === locationId &&
        visit.startsAt < until &&
        visit.endsAt > from &&
        ['pending', 'booked', 'arrived', 'checked-in'].includes(visit.status),
    ).length;
}
