/** A patient's record: visits to come and past, and the details, which can be changed. */

import { Modal } from '@mantine/core';
import { survivorOf } from '@medic/shared/acts/patient/survivor';
import type { Appointment } from '@medic/shared/model/appointment';
import type { PatientMerge } from '@medic/shared/model/patient';
import { localTime } from '@medic/shared/time/zone';
import { IconCalendarPlus, IconGitMerge } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useDesk, useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { announce } from '../../ui/announcer';
import { fullDate, shortDay } from '../../ui/date-words';
import { doctorName, fullName } from '../../ui/person-name';
import { MergeDialog, undoMerge } from './merge-dialog';
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
  const [merging, setMerging] = useState<{ otherId: string | null } | null>(null);
  // A record that was merged, here or elsewhere, gives way to the one that stayed.
  const patient = survivorOf(facts, patientId) ?? facts.get('patient', patientId);
  const merges = useMemo(
    () =>
      [...facts.all('patientMerge')].filter((each) => each.keptId === patient?.id && each.undoneAt === null),
    [facts, patient?.id],
  );
  if (!patient) return null;
  const visits = visitsOfPatient(facts, patient.id);
  const now = desk.now();
  const next = visits.filter((visit) => visit.endsAt > now);
  const past = visits.filter((visit) => visit.endsAt <= now).reverse();
  const saved = () => {
    announce(`Saved ${fullName(patient)}`);
    onClose();
  };
  if (merging)
    return (
      <MergeDialog
        patient={patient}
        otherId={merging.otherId}
        onOther={(otherId) => setMerging({ otherId })}
        onBack={() => setMerging(null)}
        onClose={onClose}
      />
    );
  return (
    <Modal
      opened
      onClose={onClose}
      title={fullName(patient)}
      size={880}
      classNames={{ title: classes.title, body: classes.body }}
    >
      <div className={classes.columns}>
        <PatientForm
          // What a merge, or its undo, changed is what the form starts from.
          key={`${patient.id} ${merges.map((each) => each.id).join()}`}
          patient={patient}
          onSaved={saved}
          onCompare={(otherId) => setMerging({ otherId })}
          onCancel={onClose}
        />
        <div className={classes.visits}>
          <div className={classes.actions}>
            <ActionButton
              tone="soft"
              icon={<IconCalendarPlus size={16} aria-hidden />}
              onClick={() => onBook(patient.id)}
            >
              Book a visit
            </ActionButton>
            <ActionButton
              icon={<IconGitMerge size={16} aria-hidden />}
              onClick={() => setMerging({ otherId: null })}
            >
              Merge…
            </ActionButton>
          </div>
          {merges.length > 0 && <h3>Merged into this record</h3>}
          {merges.length > 0 && (
            <ul>
              {merges.map((merge) => (
                <MergedRecord key={merge.id} merge={merge} />
              ))}
            </ul>
          )}
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

function MergedRecord({ merge }: { merge: PatientMerge }) {
  const desk = useDesk();
  const facts = useFacts();
  const other = facts.get('patient', merge.mergedId);
  const name = other ? fullName(other) : 'A record';
  const day = shortDay(localTime(merge.mergedAt, facts.clinic.timeZone).date);
  const by = facts.get('user', merge.mergedBy)?.name;
  return (
    <li className={classes.merged}>
      <span>
        <b>{name}</b>
        <small>{[day, by].filter(Boolean).join(' · ')}</small>
      </span>
      <ActionButton
        size="small"
        aria-label={`Undo the merge of ${name}`}
        onClick={() => void undoMerge(desk, merge, name)}
      >
        Undo
      </ActionButton>
    </li>
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
