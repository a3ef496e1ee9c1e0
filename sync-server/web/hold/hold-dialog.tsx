import { useId, useLayoutEffect, useRef, useState } from 'react';
import { useNavigation } from '../navigation';
import type { Route } from '../route';
import { words } from '../words';
import css from './hold-dialog.module.css';
import type { HoldKeeper } from './keeper';

interface HoldDialogProps {
  keeper: HoldKeeper;
  /** `Tue 2 Dec, 10:20` */
  when: string;
  minutes: number;
  /** Three times at most. */
  mayExtend: boolean;
  others: Route;
  onClose(): void;
}

/** Asks before the time is given back. Closing it decides nothing: the time is kept to its end. */
export function HoldDialog({ keeper, when, minutes, mayExtend, others, onClose }: HoldDialogProps) {
  const { go, say } = useNavigation();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [extending, setExtending] = useState(false);
  const [failed, setFailed] = useState(false);
  const text = words.hold.dialog;

  // Before the element goes: only then does closing it give the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);

  async function extend() {
    if (extending) return;
    setExtending(true);
    setFailed(false);
    const answered = await keeper.extend();
    setExtending(false);
    if (!answered) return setFailed(true);
    if (keeper.keeping.state === 'kept') say(text.saidExtended);
    dialog.current?.close();
  }

  function chooseOther() {
    dialog.current?.close();
    keeper.release();
    go(others);
  }

  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className={css.dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
    >
      <h2 id={`${id}-title`}>{mayExtend ? text.title : text.titleLast}</h2>
      <p id={`${id}-text`}>{mayExtend ? text.text(when, minutes) : text.last(when, minutes)}</p>
      {failed && <p role="alert">{text.failed}</p>}
      {mayExtend ? (
        <button
          type="button"
          className="button primary wide"
          aria-disabled={extending || undefined}
          onClick={() => void extend()}
        >
          {extending ? text.extending : text.extend}
        </button>
      ) : (
        <button type="button" className="button primary wide" onClick={() => dialog.current?.close()}>
          {text.goOn}
        </button>
      )}
      <button type="button" className="button wide" onClick={chooseOther}>
        {text.other}
      </button>
    </dialog>
  );
}
