import { Modal } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useFacts } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { KeyCap } from '../../ui/key-cap';
import { doctorName } from '../../ui/person-name';
import { RefusalReasons } from './refusal-reasons';
import classes from './visit-dialog.module.css';
import type { ShownRefusal } from './visit-dialog-of';
import { timeWords } from './visit-words';

/** What is the matter, and every way on: a nearest time on 1–3, Enter to go ahead, V to overbook, Esc to leave it. */
export function RefusalDialog({ refusal, onClose }: { refusal: ShownRefusal; onClose: () => void }) {
  const facts = useFacts();
  const { title, reasons, alternatives, goAhead, take, overbook } = refusal;
  const run = (action: () => void) => {
    // Closed first: what is done may open a dialog of its own.
    onClose();
    action();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const slot = alternatives[Number(event.key) - 1];
    if (slot && take) run(() => take(slot));
    else if (event.key.toLowerCase() === 'v' && overbook) run(overbook);
    else if (event.key === 'Enter' && goAhead && !(event.target instanceof HTMLButtonElement)) run(goAhead);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={460}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys for the buttons inside */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <RefusalReasons reasons={reasons} />
        {take && (
          <div className={classes.nearest}>
            <p>Nearest free</p>
            {alternatives.map((slot, index) => {
              const doctor = facts.doctor(slot.doctorId);
              return (
                <button
                  key={`${slot.doctorId} ${slot.startsAt}`}
                  type="button"
                  onClick={() => run(() => take(slot))}
                  data-autofocus={(!goAhead && index === 0) || undefined}
                >
                  <KeyCap keys={String(index + 1)} />
                  <b>{timeWords(facts, slot.startsAt, slot.locationId)}</b>
                  <span>
                    {doctor && doctorName(doctor)} · {facts.location(slot.locationId)?.name}
                  </span>
                </button>
              );
            })}
          </div>
        )}
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose}>
            Leave it
          </ActionButton>
          {overbook && (
            <ActionButton keys="V" onClick={() => run(overbook)}>
              Overbook here…
            </ActionButton>
          )}
          {goAhead && (
            <ActionButton tone="primary" keys="Enter" onClick={() => run(goAhead)} data-autofocus>
              Go ahead
            </ActionButton>
          )}
        </div>
      </div>
    </Modal>
  );
}
