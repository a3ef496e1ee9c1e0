/**
 * Performs an act from the desk's screens: says what happened and offers to take it back. A refusal that something can
 * be done about opens a dialog; any other is said.
 */
import type { Override, Refused } from '@medic/shared/acts/act';
import type { ActArgs, ActName } from '@medic/shared/acts/registry';
import type { Slot } from '@medic/shared/availability/query';
import type { Desk } from '../../replica/desk';
import { announce } from '../../ui/announcer';
import type { VisitDialogOf } from './visit-dialog-of';
import { nameOf, refusalWords } from './visit-words';
import { canOverbook, overridesFor } from './warnings';

export interface Saying {
  said: string;
  undo?: () => void;
  /** The title of the dialog, where it is refused. */
  refused?: string;
  again?: (overrides: Override[]) => void;
  take?: (slot: Slot) => void;
  overbook?: () => void;
}

export interface Performer {
  /** True when it was done. */
  run<N extends ActName>(act: N, args: ActArgs<N>, saying: Saying): Promise<boolean>;
  tellRefusal(refused: Refused, saying: Saying): void;
  /** For `undo`: the visit's last change, taken back. */
  takeBack(id: string, said: string): () => void;
  undoAll(ids: readonly string[], said: string): Promise<void>;
  /** For `undo`: what moved these at once, taken back as one. */
  takeBackTogether(ids: readonly string[], said: string): () => void;
}

export function performer(desk: Desk, open: (of: VisitDialogOf) => void): Performer {
  async function run<N extends ActName>(act: N, args: ActArgs<N>, saying: Saying): Promise<boolean> {
    const result = await desk.perform(act, args);
    if (result.kind === 'done') {
      announce(saying.said, saying.undo ? { undo: saying.undo } : {});
      return true;
    }
    tellRefusal(result, saying);
    return false;
  }

  function tellRefusal({ reasons, alternatives }: Refused, saying: Saying): void {
    const warned = overridesFor(reasons);
    const { again, take, overbook } = saying;
    const goAhead = warned && again ? () => again(warned) : null;
    const takes = take && alternatives.length > 0 ? take : null;
    const over = overbook && desk.user.rights.includes('overbook') && canOverbook(reasons) ? overbook : null;
    if (goAhead || takes || over) {
      const title = saying.refused ?? 'Not done';
      open({
        kind: 'refused',
        refusal: { title, reasons, alternatives, goAhead, take: takes, overbook: over },
      });
      return;
    }
    const details = reasons.map((reason) => refusalWords(desk.facts, reason));
    announce(`Not done: ${details.join(' · ') || 'it isn’t possible now'}`, { tone: 'refused', details });
  }

  const takeBack = (id: string, said: string) => () => {
    void run('appointment.undo', { appointmentId: id }, { said });
  };

  async function undoAll(ids: readonly string[], said: string): Promise<void> {
    const details: string[] = [];
    for (const id of ids) {
      const result = await desk.perform('appointment.undo', { appointmentId: id });
      if (result.kind === 'refused')
        details.push(
          ...result.reasons.map((reason) => `${nameOf(desk.facts, id)}: ${refusalWords(desk.facts, reason)}`),
        );
    }
    if (details.length === 0) announce(said);
    else announce(`Not all taken back: ${details.join(' · ')}`, { tone: 'refused', details });
  }

  const takeBackTogether = (ids: readonly string[], said: string) => () => {
    void run('appointment.undo-together', { appointmentIds: [...ids] }, { said });
  };

  return { run, tellRefusal, takeBack, undoAll, takeBackTogether };
}
