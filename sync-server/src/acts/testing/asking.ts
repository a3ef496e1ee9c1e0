/** Asking an executor as people and programs do, and reading what came of it. */
import type { Actor } from '@medic/shared/acts/act';
import { type ActArgs, type ActName, acts } from '@medic/shared/acts/registry';
import type { Slot } from '@medic/shared/availability/query';
import type { Intent } from '@medic/shared/model/intent';
import { newId, reception } from '../../testing/test-clinic';
import type { Executor } from '../execute';
import type { ActRequest } from '../outcome';

export const staff: Actor = {
  kind: 'staff',
  id: reception,
  name: 'Ewa Front',
  roles: ['reception'],
  rights: ['overbook'],
  doctorId: null,
};

/** On the public page, known by a cookie. */
export function visitor(holder: string): Actor {
  return { kind: 'patient', id: null, name: '', roles: [], rights: [], doctorId: null, holder };
}

/** Signed in to the portal. */
export function signedIn(patientId: string): Actor {
  return { kind: 'patient', id: patientId, name: 'A patient', roles: [], rights: [], doctorId: null };
}

export interface Asking {
  actor?: Actor;
  requestId?: string;
}

export async function ask<N extends ActName>(
  executor: Executor,
  clinicId: string,
  act: N,
  args: ActArgs<N>,
  { actor = staff, requestId = newId() }: Asking = {},
): Promise<Intent> {
  return await executor.execute(requestOfAct(clinicId, act, args, { actor, requestId }));
}

/** Asked for now, by no desk. */
export function requestOfAct<N extends ActName>(
  clinicId: string,
  act: N,
  args: ActArgs<N>,
  { actor = staff, requestId = newId() }: Asking = {},
): ActRequest {
  return {
    clinicId,
    actor,
    act,
    actVersion: acts[act].version,
    args,
    requestId,
    device: null,
    baseSeq: 0,
    madeAt: null,
  };
}

/** The codes of a refusal, those of the rules of time as they are; empty when it was done. */
export function codesOf(intent: Intent): string[] {
  return ((intent.outcome.reasons ?? []) as { code: string; reason?: { code: string } }[]).map(
    ({ code, reason }) => reason?.code ?? code,
  );
}

export function alternativesOf(intent: Intent): Slot[] {
  return (intent.outcome.alternatives ?? []) as Slot[];
}
