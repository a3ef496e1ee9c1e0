import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import classes from './action-button.module.css';
import { KeyCap } from './key-cap';

export interface ActionButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  children?: ReactNode;
  icon?: ReactNode;
  /** The key that does the same, shown as a cap. */
  keys?: string;
  tone?: 'default' | 'primary' | 'danger' | 'quiet' | 'soft';
  size?: 'inline' | 'small' | 'control' | 'touch';
  ref?: Ref<HTMLButtonElement>;
}

export function ActionButton({
  children,
  icon,
  keys,
  tone = 'default',
  size = 'control',
  className,
  type = 'button',
  ...rest
}: ActionButtonProps) {
  return (
    <button
      type={type}
      className={className ? `${classes.button} ${className}` : classes.button}
      data-tone={tone}
      data-size={size}
      data-icon-only={children === undefined || undefined}
      {...rest}
    >
      {icon}
      {children !== undefined && <span className={classes.text}>{children}</span>}
      {keys && <KeyCap keys={keys} onPrimary={tone === 'primary'} />}
    </button>
  );
}
