import { IconLock } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useServices, useSession } from '../../replica/hooks';
import classes from './idle-guard.module.css';
import { lockWhenIdle } from './idle-lock';
import { useIdleMinutes } from './idle-minutes';

/** Locks the desk after its idle minutes, and says so in the last seconds. */
export function IdleGuard() {
  const { platform } = useServices();
  const { lock } = useSession();
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const { minutes, read } = useIdleMinutes();

  useEffect(() => void read(platform.secrets), [read, platform]);
  useEffect(() => {
    if (minutes === null) return;
    const guard = lockWhenIdle({
      minutes,
      warn: setSecondsLeft,
      lock: () => void lock(`after ${minutes} minutes`),
    });
    return () => guard.stop();
  }, [minutes, lock]);

  if (secondsLeft === null) return null;
  return (
    <p className={classes.warning} role="status">
      <IconLock size={16} stroke={1.75} aria-hidden />
      Locks in {secondsLeft} s. Press any key to stay
    </p>
  );
}
