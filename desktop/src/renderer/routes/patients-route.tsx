import { IconUserPlus } from '@tabler/icons-react';
import { PatientList } from '../features/patients/patient-list';
import { ActionButton } from '../ui/action-button';
import { useDialogs } from './dialogs';
import { Page } from './page';

const hints = [
  { keys: 'Enter', does: 'Open the record' },
  { keys: 'Mod+K', does: 'Find from anywhere' },
];

export function PatientsRoute() {
  const open = useDialogs((state) => state.open);
  return (
    <Page
      title="Patients"
      hints={hints}
      controls={
        <ActionButton
          icon={<IconUserPlus size={16} aria-hidden />}
          onClick={() => open({ kind: 'new-patient' })}
        >
          New patient
        </ActionButton>
      }
    >
      <PatientList onOpen={(patientId) => open({ kind: 'patient', patientId })} />
    </Page>
  );
}
