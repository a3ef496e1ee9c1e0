import type { RefusalReason } from '@medic/shared/acts/act';
import { IconAlertTriangle, IconBan } from '@tabler/icons-react';
import { useFacts } from '../../replica/hooks';
import classes from './visit-dialog.module.css';
import { refusalWords } from './visit-words';
import { overridesFor } from './warnings';

/** Everything that stands in the way, each in its own line; amber where it is only a warning. */
export function RefusalReasons({ reasons }: { reasons: readonly RefusalReason[] }) {
  const facts = useFacts();
  const warning = overridesFor(reasons) !== null;
  const Icon = warning ? IconAlertTriangle : IconBan;
  return (
    <ul className={classes.reasons} data-warning={warning || undefined} role="status">
      {reasons.map((reason) => (
        <li key={JSON.stringify(reason)}>
          <Icon size={16} stroke={1.75} aria-hidden />
          <span>{refusalWords(facts, reason)}</span>
        </li>
      ))}
    </ul>
  );
}
