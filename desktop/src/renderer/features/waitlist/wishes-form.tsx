/** What somebody waits for: for a new entry, or to change the one that is there. */
import { MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import type { AppointmentType } from '@medic/shared/model/appointment-type';
import type { WaitlistEntry } from '@medic/shared/model/waitlist';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { hasMod } from '../../ui/key-cap';
import { doctorName, shortName } from '../../ui/person-name';
import { Segments } from '../../ui/segments';
import { useWaitlistActs } from './waitlist-acts';
import { urgencyWords, weekdayNames } from './wish-words';
import { formOf, type PartOfDay, toggled, type WishesForm as WishesValues, wishesOf } from './wishes';
import classes from './wishes-form.module.css';

const parts: readonly { value: PartOfDay; label: string }[] = [
  { value: 'morning', label: 'Before 12:00' },
  { value: 'afternoon', label: '12:00–17:00' },
  { value: 'evening', label: 'After 17:00' },
];

export interface WishesFormProps {
  /** Null while nobody is chosen yet. */
  patientId: string | null;
  /** Of a new entry. */
  suggestion: { appointmentTypeId: string; doctorId: string | null };
  /** The entry that is changed, its kind of visit included. */
  entryId?: string;
  onSaved: () => void;
  onCancel: () => void;
}

/** One open entry for each kind of visit: where there is one, it is that one which is changed. */
export function WishesForm(props: WishesFormProps) {
  const facts = useFacts();
  const [typeId, setTypeId] = useState(props.suggestion.appointmentTypeId);
  let entry = props.entryId === undefined ? undefined : facts.get('waitlistEntry', props.entryId);
  for (const each of entry ? [] : facts.all('waitlistEntry')) {
    const isOpen = each.status === 'waiting' || each.status === 'offered';
    if (isOpen && each.patientId === props.patientId && each.appointmentTypeId === typeId) entry = each;
  }
  return <Form key={entry?.id ?? 'new'} {...props} entry={entry} typeId={typeId} onType={setTypeId} />;
}

function Form({
  patientId,
  suggestion,
  entryId,
  onSaved,
  onCancel,
  entry,
  typeId,
  onType,
}: WishesFormProps & {
  entry: WaitlistEntry | undefined;
  typeId: string;
  onType: (id: string) => void;
}) {
  const facts = useFacts();
  const acts = useWaitlistActs();
  const [busy, setBusy] = useState(false);
  const [values, setValues] = useState<WishesValues>(() =>
    entry
      ? formOf(entry)
      : {
          appointmentTypeId: typeId,
          doctorIds: suggestion.doctorId === null ? [] : [suggestion.doctorId],
          locationIds: [],
          weekdays: [],
          partsOfDay: [],
          earliestOn: '',
          latestOn: '',
          urgency: 'routine',
          note: '',
        },
  );
  const set = (change: Partial<WishesValues>) => setValues((before) => ({ ...before, ...change }));
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (patientId !== null && entryId === undefined)
      box.current?.querySelector<HTMLElement>('button[aria-pressed]')?.focus();
  }, [patientId, entryId]);
  const patient = patientId === null ? undefined : facts.get('patient', patientId);
  const datesWrong =
    values.earliestOn !== '' && values.latestOn !== '' && values.latestOn < values.earliestOn
      ? 'Before the first date'
      : null;

  const save = async () => {
    if (busy || patientId === null || datesWrong) return;
    setBusy(true);
    const wishes = wishesOf({ ...values, appointmentTypeId: typeId });
    const done = await (entry ? acts.edit(entry.id, wishes) : acts.add(patientId, wishes));
    setBusy(false);
    if (done) onSaved();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !hasMod(event) || event.repeat) return;
    event.preventDefault();
    void save();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key that saves holds in the whole form
    <div
      ref={box}
      className={classes.form}
      onKeyDown={onKeyDown}
      // A dialog of its own begins here, not at its close button; a list of choices would open at once.
      {...(entryId === undefined ? {} : { tabIndex: -1, 'data-autofocus': true })}
    >
      <h3>
        {entry && patient
          ? entryId === undefined
            ? `${shortName(patient)} is on the waitlist for this: change it`
            : `What ${shortName(patient)} waits for`
          : patient
            ? `Waitlist for ${shortName(patient)}`
            : 'Waitlist: choose the patient first'}
      </h3>
      <div className={classes.pair}>
        <Select
          label="Visit type"
          searchable
          data={activeTypes(facts.all('appointmentType')).map(({ id, name }) => ({ value: id, label: name }))}
          value={typeId}
          onChange={(id) => id && onType(id)}
        />
        <div>
          <span className={classes.label}>How urgent</span>
          <Segments
            label="How urgent"
            value={values.urgency}
            segments={(['routine', 'soon', 'urgent'] as const).map((value) => ({
              value,
              label: urgencyWords[value],
            }))}
            onChange={(urgency) => set({ urgency })}
          />
        </div>
      </div>
      <div className={classes.pair}>
        <MultiSelect
          label="Doctors"
          placeholder={values.doctorIds.length === 0 ? 'Any doctor' : ''}
          searchable
          data={[...facts.doctors()]
            .filter((doctor) => doctor.active)
            .map((doctor) => ({ value: doctor.id, label: doctorName(doctor) }))}
          value={[...values.doctorIds]}
          onChange={(doctorIds) => set({ doctorIds })}
        />
        <MultiSelect
          label="Places"
          placeholder={values.locationIds.length === 0 ? 'Any place' : ''}
          data={[...facts.all('location')]
            .filter((location) => location.active)
            .map((location) => ({ value: location.id, label: location.name }))}
          value={[...values.locationIds]}
          onChange={(locationIds) => set({ locationIds })}
        />
      </div>
      <Choice
        label="Days"
        note={values.weekdays.length === 0 ? 'any day' : ''}
        options={weekdayNames.map((name, index) => ({ value: index + 1, label: name }))}
        chosen={values.weekdays}
        onToggle={(day) => set({ weekdays: toggled(values.weekdays, day) })}
      />
      <Choice
        label="Times of day"
        note={values.partsOfDay.length === 0 ? 'any time' : ''}
        options={parts}
        chosen={values.partsOfDay}
        onToggle={(part) => set({ partsOfDay: toggled(values.partsOfDay, part) })}
      />
      <div className={classes.pair}>
        <TextInput
          type="date"
          label="Not before"
          value={values.earliestOn}
          onChange={(event) => set({ earliestOn: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label="Not after"
          value={values.latestOn}
          error={datesWrong}
          onChange={(event) => set({ latestOn: event.currentTarget.value })}
        />
      </div>
      <Textarea
        label="Note"
        maxLength={1000}
        rows={2}
        value={values.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
      <div className={classes.buttons}>
        <ActionButton keys="Esc" onClick={onCancel}>
          Back
        </ActionButton>
        <ActionButton
          tone="primary"
          keys="Mod+Enter"
          disabled={patientId === null || busy || datesWrong !== null}
          onClick={() => void save()}
        >
          {entry ? 'Save the changes' : 'Add to waitlist'}
        </ActionButton>
      </div>
    </div>
  );
}

function activeTypes(types: Iterable<AppointmentType>): AppointmentType[] {
  return [...types].filter((type) => type.active).sort((a, b) => a.name.localeCompare(b.name));
}

function Choice<T extends string | number>({
  label,
  note,
  options,
  chosen,
  onToggle,
}: {
  label: string;
  note: string;
  options: readonly { value: T; label: string }[];
  chosen: readonly T[];
  onToggle: (value: T) => void;
}) {
  return (
    <div>
      <span className={classes.label}>
        {label} {note && <small>{note}</small>}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row */}
      <div className={classes.choices} role="group" aria-label={label}>
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            aria-pressed={chosen.includes(option.value)}
            onClick={() => onToggle(option.value)}
          >
            {option.label}
          </button>
        ))}
      </div>
    </div>
  );
}
