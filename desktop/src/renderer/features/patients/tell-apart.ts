/** Two records that look alike and are of two people: said once, kept on both, and never suggested again. */
import { describeRefusal } from '@medic/shared/acts/refusal-words';
import type { Patient } from '@medic/shared/model/patient';
import type { Desk } from '../../replica/desk';
import { announce } from '../../ui/announcer';
import { fullName } from '../../ui/person-name';

export async function tellApart(desk: Desk, one: Patient, other: Patient, apart = true): Promise<boolean> {
  const result = await desk.perform('patient.tell-apart', { patientId: one.id, otherId: other.id, apart });
  if (result.kind === 'refused') {
    announce(`Not done: ${result.reasons.map((reason) => describeRefusal(reason)).join(' · ')}`, {
      tone: 'refused',
    });
    return false;
  }
  const names = `${fullName(one)} and ${fullName(other)}`;
  if (apart) announce(`Two people: ${names}`, { undo: () => void tellApart(desk, one, other, false) });
  else announce(`May be one person again: ${names}`);
  return true;
}
