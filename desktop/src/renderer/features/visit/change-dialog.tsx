/** Another type, doctor, place or time for a visit: all that stands in the way shows before anything is done. */
import { Modal, Select, TextInput } from '@mantine/core';
import { findSlots } from '@medic/shared/availability/find-slots';
import type { Slot } from '@medic/shared/availability/query';
import { isWallTime } from '@medic/shared/time/instant';
import { addDays, isPlainDate } from '@medic/shared/time/plain-date';
import { instantOf, localTime } from '@medic/shared/time/zone';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { shortDay } from '../../ui/date-words';
import { RefusalReasons } from './refusal-reasons';
import type { VisitActs } from './visit-acts';
import classes from './visit-dialog.module.css';
import type { VisitPlace } from './visit-dialog-of';
import { nameOf } from './visit-words';
import { canOverbook, overridesFor } from './warnings';

export function ChangeDialog({
  appointmentId,
  acts,
  onClose,
}: {
  appointmentId: string;
  acts: VisitActs;
  onClose: () => void;
}) {
  const desk = useDesk();
  const facts = useFacts();
  const visit = facts.get('appointment', appointmentId);
  const zoneOf = (locationId: string) => facts.location(locationId)?.timeZone ?? facts.clinic.timeZone;
  const [typeId, setTypeId] = useState(visit?.appointmentTypeId ?? '');
  const [doctorId, setDoctorId] = useState(visit?.doctorId ?? '');
  const [locationId, setLocationId] = useState(visit?.locationId ?? '');
  const began = visit && localTime(visit.startsAt, zoneOf(visit.locationId));
  const [date, setDate] = useState<string>(began?.date ?? '');
  const [time, setTime] = useState<string>(began?.time ?? '');

  const slots = useMemo<Slot[]>(
    () =>
      isPlainDate(date)
        ? findSlots(facts, {
            doctorIds: [doctorId],
            appointmentTypeId: typeId,
            locationId,
            from: date,
            until: addDays(date, 1),
            channel: 'desk',
            now: desk.now(),
            ignoreAppointmentId: appointmentId,
          })
        : [],
    [facts, desk, doctorId, typeId, locationId, date, appointmentId],
  );
  const zone = zoneOf(locationId);
  const where = useMemo<VisitPlace | null>(
    () =>
      isPlainDate(date) && isWallTime(time)
        ? { doctorId, locationId, startsAt: instantOf(date, time, zone), appointmentTypeId: typeId }
        : null,
    [doctorId, locationId, date, time, zone, typeId],
  );
  const decision = useMemo(
    () =>
      where &&
      desk.preview('appointment.reschedule', {
        appointmentId,
        doctorId: where.doctorId,
        locationId: where.locationId,
        startsAt: where.startsAt,
        appointmentTypeId: typeId,
        durationMinutes: null,
      }),
    [desk, where, appointmentId, typeId],
  );
  if (!visit) return null;
  const reasons = decision?.kind === 'refused' ? decision.reasons : [];
  const warned = overridesFor(reasons);
  const changed = decision?.kind === 'refused' || (decision?.changes.length ?? 0) > 0;
  const ready = where !== null && changed && (reasons.length === 0 || warned !== null);
  const mayOverbook = desk.user.rights.includes('overbook') && where !== null && canOverbook(reasons);

  const confirm = () => {
    if (!ready || !where) return;
    onClose();
    acts.move(appointmentId, where, warned ?? []);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // In a list of choices Enter picks one.
    const choosing = event.target instanceof HTMLElement && event.target.ariaExpanded === 'true';
    if (event.key !== 'Enter' || choosing || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    confirm();
  };
  const offered = facts.appointmentType(typeId)?.places ?? [];
  const free = slots.map((slot) => localTime(slot.startsAt, zone).time);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Change the visit of ${nameOf(facts, appointmentId)}`}
      size={520}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter changes the visit, from any field */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <div className={classes.fields}>
          <Select
            label="Type"
            data-autofocus
            data={[...facts.all('appointmentType')]
              .filter((type) => type.active || type.id === visit.appointmentTypeId)
              .sort((a, b) => a.name.localeCompare(b.name))
              .map((type) => ({ value: type.id, label: `${type.name}, ${type.durationMinutes} min` }))}
            value={typeId}
            onChange={(id) => id && setTypeId(id)}
          />
          <Select
            label="Doctor"
            data={[...facts.doctors()]
              .filter((doctor) => doctor.active || doctor.id === visit.doctorId)
              .sort((a, b) => a.name.localeCompare(b.name))
              .map((doctor) => ({
                value: doctor.id,
                label: `${doctor.title} ${doctor.name}`.trim(),
                disabled: !offered.some((place) => place.doctorId === null || place.doctorId === doctor.id),
              }))}
            value={doctorId}
            onChange={(id) => id && setDoctorId(id)}
          />
          <Select
            label="Place"
            data={[...facts.all('location')]
              .filter((place) => place.active || place.id === visit.locationId)
              .map((place) => ({ value: place.id, label: place.name }))}
            value={locationId}
            onChange={(id) => id && setLocationId(id)}
          />
          <div className={classes.fields}>
            <TextInput
              label="Date"
              type="date"
              value={date}
              onChange={(event) => setDate(event.currentTarget.value)}
            />
            <TextInput
              label="Time"
              inputMode="numeric"
              maxLength={5}
              value={time}
              onChange={(event) => setTime(event.currentTarget.value)}
              error={isWallTime(time) ? null : 'Such as 14:30'}
            />
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row */}
        <div className={classes.times} role="group" aria-label="Free times of that day">
          {free.map((each) => (
            <button key={each} type="button" aria-pressed={each === time} onClick={() => setTime(each)}>
              {each}
            </button>
          ))}
          {free.length === 0 && isPlainDate(date) && (
            <p className={classes.what}>No free time on {shortDay(date)} for this type</p>
          )}
        </div>
        {reasons.length > 0 && <RefusalReasons reasons={reasons} />}
        {(visit.overbooked || visit.roomOverbooked) && reasons.length === 0 && changed && (
          <p className={classes.what}>It will no longer be overbooked there.</p>
        )}
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose}>
            Leave it
          </ActionButton>
          {mayOverbook && (
            <ActionButton
              onClick={() => {
                onClose();
                acts.askOverbook(appointmentId, where);
              }}
            >
              Overbook here…
            </ActionButton>
          )}
          <ActionButton tone="primary" keys="Enter" onClick={confirm} disabled={!ready}>
            {warned ? 'Change it all the same' : 'Change the visit'}
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}
