/** A dialog that does something once it is said why: a number picks a common reason, Enter goes ahead. */
import { Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { ActionButton } from './action-button';
import { KeyCap } from './key-cap';
import classes from './reason-dialog.module.css';

export interface ReasonDialogProps {
  title: string;
  /** What is about to happen, and what is safe. */
  children: ReactNode;
  presets: readonly string[];
  confirmWord: string;
  keepWord: string;
  tone: 'primary' | 'danger';
  /** Something else has to be chosen first. */
  blocked?: boolean;
  /** Closes the dialog, too: before what it does opens one of its own, or once that is done. */
  onConfirm: (reason: string) => void | Promise<void>;
  onClose: () => void;
}

export function ReasonDialog(props: ReasonDialogProps) {
  const { title, presets, confirmWord, keepWord, tone, blocked = false, onClose } = props;
  const [reason, setReason] = useState(presets[0] ?? '');
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    if (!reason.trim() || blocked || busy) return;
    setBusy(true);
    await props.onConfirm(reason.trim());
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === 'text';
    const preset = presets[Number(event.key) - 1];
    if (!typing && preset !== undefined) {
      event.preventDefault();
      setReason(preset);
    } else if (
      event.key === 'Enter' &&
      !event.repeat &&
      !(event.target instanceof HTMLButtonElement && event.target.dataset.close !== undefined)
    ) {
      event.preventDefault();
      void confirm();
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={440}
      classNames={{ title: classes.title, body: classes.body }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: numbers choose a reason, Enter confirms */}
      <div className={classes.form} onKeyDown={onKeyDown}>
        <div className={classes.what}>{props.children}</div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row */}
        <div className={classes.presets} role="group" aria-label="Reason">
          {presets.map((preset, index) => (
            <button
              key={preset}
              type="button"
              aria-pressed={reason === preset}
              data-autofocus={index === 0 || undefined}
              onClick={() => setReason(preset)}
            >
              <KeyCap keys={String(index + 1)} /> {preset}
            </button>
          ))}
        </div>
        <TextInput
          label="Reason"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={reason.trim() ? null : 'Say why, in a word or two'}
        />
        <div className={classes.buttons}>
          <ActionButton keys="Esc" onClick={onClose} data-close>
            {keepWord}
          </ActionButton>
          <ActionButton
            tone={tone}
            keys="Enter"
            onClick={() => void confirm()}
            disabled={!reason.trim() || blocked || busy}
          >
            {confirmWord}
          </ActionButton>
        </div>
      </div>
    </Modal>
  );
}
