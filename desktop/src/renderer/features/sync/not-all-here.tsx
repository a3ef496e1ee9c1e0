/** Above every page of a desk whose first pull was cut short: an empty day is not to be taken for a free one. */
import { IconCloudOff } from '@tabler/icons-react';
import { useSyncStatus } from '../../replica/hooks';
import { notAllHere } from './collection-words';
import classes from './sync-pill.module.css';

export function NotAllHere() {
  const words = notAllHere(useSyncStatus());
  return (
    <div role="status">
      {words && (
        <p className={classes.band}>
          <IconCloudOff size={16} stroke={1.75} aria-hidden />
          {words}
        </p>
      )}
    </div>
  );
}
