import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon';
import css from './note.module.css';

interface NoteProps {
  icon: IconName;
  tone?: 'plain' | 'amber' | 'rose';
  /** Beside the icon only, without a box. */
  bare?: boolean;
  children: ReactNode;
}

export function Note({ icon, tone = 'plain', bare = false, children }: NoteProps) {
  return (
    <div className={`${css.note} ${bare ? css.bare : ''} ${tone === 'plain' ? '' : css[tone]}`}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
