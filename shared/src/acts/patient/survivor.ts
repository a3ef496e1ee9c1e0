import type { Patient } from '../../model/patient';
import type { Facts } from '../facts';

/** Longer chains of merges do not happen; a circle, which no act makes, would have no end. */
const longestChain = 20;

/**
 * The record that now stands for a patient: itself, or what it was merged into, however often. Undefined where it, or
 * one on the way, is not there.
 */
export function survivorOf(facts: Facts, patientId: string): Patient | undefined {
  let patient = facts.get('patient', patientId);
  for (let step = 0; patient && patient.mergedIntoId !== null; step++) {
    if (step === longestChain) return undefined;
    patient = facts.get('patient', patient.mergedIntoId);
  }
  return patient;
}
