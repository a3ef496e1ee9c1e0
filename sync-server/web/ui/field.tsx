/** Label, hint, error, field: in that order, so that the error is read on the way to the field. */
import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from 'react';
import { words } from '../words';
import css from './field.module.css';
import { Icon } from './icon';

interface Around {
  id: string;
  label: string;
  hint?: string;
  problem?: string;
  optional?: boolean;
}

export function describedBy({
  id,
  hint,
  problem,
}: Pick<Around, 'id' | 'hint' | 'problem'>): string | undefined {
  return [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ') || undefined;
}

export function Problem({ id, problem }: { id: string; problem?: string }) {
  if (!problem) return null;
  return (
    <p id={`${id}-problem`} className={css.problem}>
      <Icon name="alert" size={18} />
      <span>{problem}</span>
    </p>
  );
}

export function Hint({ id, hint }: { id: string; hint?: string }) {
  if (!hint) return null;
  return (
    <p id={`${id}-hint`} className={css.hint}>
      {hint}
    </p>
  );
}

function Label({ id, label, optional }: Pick<Around, 'id' | 'label' | 'optional'>) {
  return (
    <label htmlFor={id} className={css.label}>
      {label} {optional && <span className={css.optional}>{words.details.optional}</span>}
    </label>
  );
}

export function TextField({
  label,
  hint,
  problem,
  optional,
  prefix,
  ...input
}: Around & { prefix?: string } & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'prefix'>) {
  const { id } = input;
  const field = (
    <input
      {...input}
      className={css.input}
      name={id}
      aria-invalid={problem ? true : undefined}
      aria-describedby={describedBy({ id, hint, problem })}
    />
  );
  return (
    <div className={css.field}>
      <Label id={id} label={label} optional={optional} />
      <Hint id={id} hint={hint} />
      <Problem id={id} problem={problem} />
      {prefix ? (
        <div className={`${css.prefixed} ${problem ? css.wrong : ''}`}>
          <span className={css.prefix} aria-hidden="true">
            {prefix}
          </span>
          {field}
        </div>
      ) : (
        field
      )}
    </div>
  );
}

export function TextArea({
  label,
  hint,
  problem,
  optional,
  ...input
}: Around & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'>) {
  const { id } = input;
  return (
    <div className={css.field}>
      <Label id={id} label={label} optional={optional} />
      <Hint id={id} hint={hint} />
      <Problem id={id} problem={problem} />
      <textarea
        {...input}
        className={css.input}
        name={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={describedBy({ id, hint, problem })}
      />
    </div>
  );
}

interface TickProps {
  id: string;
  problem?: string;
  children: ReactNode;
}

export function Tick({ id, problem, children }: TickProps) {
  return (
    <div className={css.field}>
      <Problem id={id} problem={problem} />
      <label className={css.tick}>
        <input
          type="checkbox"
          id={id}
          name={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={describedBy({ id, problem })}
        />
        <span>{children}</span>
      </label>
    </div>
  );
}

export function Optional() {
  return <span className={css.optional}>{words.details.optional}</span>;
}
