/** The left half of the screens before a desk is open: the clock, and nothing about anybody. */
import type { TimeZone } from '@medic/shared/time/instant';
import { useEffect, useState } from 'react';
import { useServices } from '../../replica/hooks';
import { Mark } from '../../ui/mark';
import classes from './sign-in.module.css';

interface SignInSideProps {
  quiet: string;
  foot?: string | null;
  /** The clinic's, where it is known; else the clock is the machine's. */
  timeZone?: TimeZone | null;
}

export function SignInSide({ quiet, foot = null, timeZone = null }: SignInSideProps) {
  const { platform } = useServices();
  const [clock, setClock] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setClock(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  const zone = timeZone === null ? {} : { timeZone };
  return (
    <div className={classes.side}>
      <p className={classes.brand}>
        <Mark size={36} /> <b>Medic</b> <span>{platform.info.deviceName}</span>
      </p>
      <div>
        <p className={classes.clock}>
          {clock.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...zone })}
        </p>
        <p className={classes.date}>
          {clock.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', ...zone })}
        </p>
        <p className={classes.quiet}>{quiet}</p>
      </div>
      <p className={classes.quiet}>
        {[foot, `Version ${platform.info.version}`].filter(Boolean).join('  ·  ')}
      </p>
    </div>
  );
}
