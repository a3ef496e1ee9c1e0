import { Select } from '@mantine/core';
import { useFacts } from '../../replica/hooks';
import { doctorName } from '../../ui/person-name';
import classes from './booking-dialog.module.css';
import { doctorsFor, placesFor, typesFor } from './slot-list';
import type { Booking } from './use-booking';

/** What kind of visit, with whom and where. */
export function PlaceSelects({ booking }: { booking: Booking }) {
  const facts = useFacts();
  const { place, setPlace } = booking;
  const type = facts.appointmentType(place.appointmentTypeId);
  return (
    <div className={classes.selects}>
      <Select
        label="Visit type"
        searchable
        data={typesFor(facts, place.doctorId).map((each) => ({
          value: each.id,
          label: `${each.name} · ${each.durationMinutes} min`,
        }))}
        value={place.appointmentTypeId}
        leftSection={<i className={classes.swatch} data-type-colour={type?.colour ?? 'steel'} aria-hidden />}
        onChange={(id) => id && setPlace({ appointmentTypeId: id })}
      />
      <Select
        label="Doctor"
        searchable
        data={(type ? doctorsFor(facts, type) : []).map((id) => ({
          value: id,
          label: doctorName(facts.doctor(id) ?? { title: '', name: '?' }),
        }))}
        value={place.doctorId}
        onChange={(id) => id && setPlace({ doctorId: id })}
      />
      <Select
        label="Place"
        data={(type ? placesFor(facts, type, place.doctorId) : []).map((id) => ({
          value: id,
          label: facts.location(id)?.name ?? '?',
        }))}
        value={place.locationId}
        onChange={(id) => id && setPlace({ locationId: id })}
      />
    </div>
  );
}
