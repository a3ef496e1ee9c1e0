/** A patient's record: visits to come and past, and the details, which can be changed. */

import { Modal } from '@mantine/core';
import type { Appointment } from '@medic/shared/model/appointment';
import { localTime } from '@medic/shared/time/zone';
import { IconCalendarPlus } from '@tabler/icons-react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import { fullDate, shortDay } from '../../ui/date-words';
import { doctorName, fullName } from '../../ui/person-name';
import classes from './patient-dialog.module.css';
import { PatientForm } from './patient-form';
import { visitsOfPatient } from './patient-visits';

interface PatientDialogProps {
  patientId: string;
  onBook: (patientId: string) => void;
  onShowVisit: (visit: Appointment) => void;
  onClose: () => void;
}

export function PatientDialog({ patientId, onBook, onShowVisit, onClose }: PatientDialogProps) {
  const desk = useDesk();
  const facts = useFacts();
  const patient = facts.get('patient', patientId);
  if (!patient) return null;
  const visits = visitsOfPatient(facts, patientId);
  const now = desk.now();
  const next = visits.filter((visit) => visit.endsAt > now);
  const past = visits.filter((visit) => visit.endsAt <= now).reverse();
  const saved = () => {
    announce(`Saved ${fullName(patient)}`);
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={fullName(patient)}
      size={880}
      classNames={{ title: classes.title, body: classes.body }}
    >
      <div className={classes.columns}>
        <PatientForm patient={patient} onSaved={saved} onCancel={onClose} />
        <div className={classes.visits}>
          <ActionButton
            tone="soft"
            icon={<IconCalendarPlus size={16} aria-hidden />}
            onClick={() => onBook(patientId)}
          >
            Book a visit
          </ActionButton>
          <h3>Next visits</h3>
          {next.length === 0 && <p className={classes.none}>None booked.</p>}
          <VisitList visits={next} onShowVisit={onShowVisit} />
          <h3>Past visits</h3>
          {past.length === 0 && <p className={classes.none}>None on this desk.</p>}
          <VisitList visits={past.slice(0, 20)} onShowVisit={onShowVisit} />
        </div>
      </div>
    </Modal>
  );
}

export function NewPatientDialog({
  onSaved,
  onUseExisting,
  onClose,
}: {
  onSaved: (id: string) => void;
  onUseExisting: (id: string) => void;
  onClose: () => void;
}) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="New patient"
      size={520}
      classNames={{ title: classes.title, body: classes.body }}
    >
      <PatientForm onSaved={onSaved} onUseExisting={onUseExisting} onCancel={onClose} />
    </Modal>
  );
}

const words: Partial<Record<Appointment['status'], string>> = {
  pending: 'to answer',
  arrived: 'arrived',
  'checked-in': 'in the room',
  fulfilled: 'finished',
  noshow: 'did not come',
};

function VisitList({
  visits,
  onShowVisit,
}: {
  visits: readonly Appointment[];
  onShowVisit: (visit: Appointment) => void;
}) {
  const facts = useFacts();
  return (
    <ul>
      {visits.map((visit) => {
        const location = facts.location(visit.locationId);
        const local = localTime(visit.startsAt, location?.timeZone ?? facts.clinic.timeZone);
        const type = facts.appointmentType(visit.appointmentTypeId);
        const doctor = facts.doctor(visit.doctorId);
        return (
          <li key={visit.id}>
            <button
              type="button"
              className={classes.visit}
              data-type-colour={type?.colour ?? 'steel'}
              onClick={() => onShowVisit(visit)}
              title={fullDate(local.date)}
            >
              <b>
                {shortDay(local.date)} {local.time}
              </b>
              <span>
                {[type?.name, doctor && doctorName(doctor), location?.name, words[visit.status]]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
