/** What is done to a visit from the desk: its day, its answers, its end. */
import type { Override } from '@medic/shared/acts/act';
import type { SeriesScope } from '@medic/shared/acts/series/members';
import type { Slot } from '@medic/shared/availability/query';
import type { Desk } from '../../replica/desk';
import { announce } from '../../ui/announcer';
import { type MoveActs, moveActs } from './move-acts';
import { performer } from './performer';
import type { VisitDialogOf } from './visit-dialog-of';
import { nameOf, refusalWords, timeWords } from './visit-words';

export interface VisitActs extends MoveActs {
  arrive: (id: string) => void;
  start: (id: string) => void;
  complete: (id: string) => void;
  noshow: (id: string) => void;
  undoStatus: (id: string) => void;
  accept: (id: string, overrides?: readonly Override[]) => void;
  /** Requests only: a suggested time is the patient's to accept, each by itself. */
  acceptAll: (ids: readonly string[]) => Promise<void>;
  decline: (id: string, reason: string) => void;
  confirm: (id: string) => void;
  cancel: (id: string, reason: string, scope?: SeriesScope) => void;
  enteredInError: (id: string, reason: string) => void;
  revokeLink: (id: string) => void;
}

export function visitActs(desk: Desk, open: (of: VisitDialogOf) => void): VisitActs {
  const name = (id: string) => nameOf(desk.facts, id);
  const performing = performer(desk, open);
  const { run, tellRefusal, takeBack, undoAll } = performing;

  const status =
    (
      act: 'appointment.arrive' | 'appointment.start' | 'appointment.complete' | 'appointment.noshow',
      words: string,
    ) =>
    (id: string) =>
      void run(
        act,
        { appointmentId: id },
        { said: `${name(id)} ${words}`, undo: takeBack(id, `Taken back: ${name(id)} ${words}`) },
      );

  const accept = (id: string, overrides: readonly Override[] = []): void => {
    const visit = desk.facts.get('appointment', id);
    if (!visit) return;
    const who = name(id);
    void run(
      'appointment.accept',
      { appointmentId: id, overrides: [...overrides] },
      {
        said: `Accepted ${who}, ${timeWords(desk.facts, visit.startsAt, visit.locationId)}`,
        undo: takeBack(
          id,
          visit.status === 'proposed' ? `Only suggested again: ${who}` : `To answer again: ${who}`,
        ),
        refused: `${who} can’t have ${timeWords(desk.facts, visit.startsAt, visit.locationId)} any more`,
        again: (warned) => accept(id, warned),
        take: (slot) => void acceptElsewhere(id, slot),
      },
    );
  };

  /** What was suggested is gone: it is suggested at the other time, and accepted there. */
  async function acceptElsewhere(id: string, slot: Slot): Promise<void> {
    const { doctorId, locationId, startsAt } = slot;
    const moved = await desk.perform('appointment.reschedule', {
      appointmentId: id,
      doctorId,
      locationId,
      startsAt,
      durationMinutes: null,
    });
    if (moved.kind === 'refused') tellRefusal(moved, { said: '' });
    else accept(id);
  }

  async function acceptAll(ids: readonly string[]): Promise<void> {
    const accepted: string[] = [];
    const details: string[] = [];
    for (const id of ids) {
      const result = await desk.perform('appointment.accept', { appointmentId: id });
      if (result.kind === 'done') accepted.push(id);
      else
        details.push(...result.reasons.map((reason) => `${name(id)}: ${refusalWords(desk.facts, reason)}`));
    }
    const said = `Accepted ${accepted.length} of ${ids.length} ${ids.length === 1 ? 'request' : 'requests'}`;
    if (accepted.length === 0) announce([said, ...details].join(' · '), { tone: 'refused', details });
    else
      announce(said, {
        details,
        undo: () => void undoAll(accepted, `${accepted.length} to answer again`),
      });
  }

  const cancel: VisitActs['cancel'] = (id, reason, scope = 'this') => {
    const visit = desk.facts.get('appointment', id);
    if (!visit) return;
    const who = name(id);
    if (scope === 'this' || visit.seriesId === null) {
      void run(
        'appointment.cancel',
        { appointmentId: id, reason },
        { said: `Cancelled ${who}`, undo: takeBack(id, `Booked again: ${who}`) },
      );
      return;
    }
    const before = desk.facts.visitsOfSeries(visit.seriesId).filter((other) => other.status !== 'cancelled');
    void desk
      .perform('series.cancel', { seriesId: visit.seriesId, appointmentId: id, scope, reason })
      .then((result) => {
        if (result.kind === 'refused') return tellRefusal(result, { said: '' });
        const gone = before.filter(
          (other) => desk.facts.get('appointment', other.id)?.status === 'cancelled',
        );
        announce(`Cancelled ${gone.length} visits of ${who}`, {
          undo: () =>
            void undoAll(
              gone.map((other) => other.id),
              `Booked again: ${gone.length} visits of ${who}`,
            ),
        });
      });
  };

  return {
    arrive: status('appointment.arrive', 'arrived'),
    start: status('appointment.start', 'is in the room'),
    complete: status('appointment.complete', 'is finished'),
    noshow: status('appointment.noshow', 'did not come'),
    undoStatus: (id) =>
      void run(
        'appointment.undo',
        { appointmentId: id },
        { said: `Taken back the last change of ${name(id)}` },
      ),
    accept,
    acceptAll,
    decline: (id, reason) => {
      const who = name(id);
      void run(
        'appointment.decline',
        { appointmentId: id, reason },
        { said: `Declined ${who}`, undo: takeBack(id, `To answer again: ${who}`) },
      );
    },
    confirm: (id) =>
      void run(
        'appointment.confirm',
        { appointmentId: id },
        { said: `${name(id)} says they come`, undo: takeBack(id, `Not confirmed: ${name(id)}`) },
      ),
    ...moveActs(desk, performing, open),
    cancel,
    enteredInError: (id, reason) => {
      const who = name(id);
      void run('appointment.void', { appointmentId: id, reason }, { said: `Taken out as a mistake: ${who}` });
    },
    revokeLink: (id) =>
      void run(
        'appointment.revoke-link',
        { appointmentId: id },
        { said: `The links sent to ${name(id)} no longer work. The next message brings a new one` },
      ),
  };
}
