import { Menu } from '@mantine/core';
import { isWaiting } from '@medic/shared/acts/waitlist/standing';
import {
  IconBellRinging,
  IconCalendarEvent,
  IconClock,
  IconDeviceDesktop,
  IconKeyboard,
  IconListNumbers,
  IconLock,
  IconLogout,
  IconMoon,
  IconSun,
  IconUsers,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { idleChoices, useIdleMinutes } from '../features/sign-in/idle-minutes';
import { useDesk, useFacts, useServices, useSession, useSyncStatus } from '../replica/hooks';
import { Initials } from '../ui/initials';
import { KeyCap } from '../ui/key-cap';
import { Mark } from '../ui/mark';
import { useDialogs } from './dialogs';
import classes from './rail.module.css';
import { useTheme } from './use-theme';

export function Rail() {
  const attention = useSyncStatus().needsAttention;
  const waiting = useWaiting();
  return (
    <nav className={classes.rail} aria-label="Medic">
      <Mark size={28} />
      <Link
        to="/agenda"
        className={classes.link}
        activeProps={{ 'data-active': true, 'aria-current': 'page' }}
      >
        <IconCalendarEvent size={20} stroke={1.75} aria-hidden />
        Agenda
      </Link>
      <Link
        to="/patients"
        className={classes.link}
        activeProps={{ 'data-active': true, 'aria-current': 'page' }}
      >
        <IconUsers size={20} stroke={1.75} aria-hidden />
        Patients
      </Link>
      <Link
        to="/waitlist"
        className={classes.link}
        activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        aria-label={waiting > 0 ? `Waitlist, ${waiting} waiting` : 'Waitlist'}
      >
        <span className={classes.withCount} data-quiet>
          <IconListNumbers size={20} stroke={1.75} aria-hidden />
          {waiting > 0 && <b>{waiting}</b>}
        </span>
        Waitlist
      </Link>
      <Link
        to="/attention"
        className={classes.link}
        activeProps={{ 'data-active': true, 'aria-current': 'page' }}
        aria-label={attention > 0 ? `Attention, ${attention} open` : 'Attention'}
      >
        <span className={classes.withCount}>
          <IconBellRinging size={20} stroke={1.75} aria-hidden />
          {attention > 0 && <b>{attention}</b>}
        </span>
        Attention
      </Link>
      <span className={classes.space} />
      <PersonMenu />
    </nav>
  );
}

/** As the records say it; how many offers have ended by the clock changes no number here. */
function useWaiting(): number {
  const facts = useFacts();
  return useMemo(() => {
    let count = 0;
    for (const entry of facts.all('waitlistEntry')) if (isWaiting(entry)) count += 1;
    return count;
  }, [facts]);
}

function PersonMenu() {
  const desk = useDesk();
  const open = useDialogs((state) => state.open);
  const { choice, setChoice } = useTheme();
  const { platform } = useServices();
  const { lock } = useSession();
  const { minutes, choose } = useIdleMinutes();
  return (
    <Menu
      position="right-end"
      width={220}
      shadow="none"
      transitionProps={{ duration: 120, transition: 'fade' }}
      classNames={{ dropdown: classes.menu }}
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.person}
          aria-label={`${desk.user.name}: account and appearance`}
        >
          <Initials name={desk.user.name} size={28} />
          <span>{personLabel(desk.user.name)}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        <Menu.Item
          leftSection={<IconDeviceDesktop size={16} />}
          onClick={() => setChoice('system')}
          data-on={choice === 'system' || undefined}
        >
          As this computer
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSun size={16} />}
          onClick={() => setChoice('light')}
          data-on={choice === 'light' || undefined}
        >
          Light
        </Menu.Item>
        <Menu.Item
          leftSection={<IconMoon size={16} />}
          onClick={() => setChoice('dark')}
          data-on={choice === 'dark' || undefined}
        >
          Dark
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Locks by itself after</Menu.Label>
        {idleChoices.map((each) => (
          <Menu.Item
            key={each}
            leftSection={<IconClock size={16} />}
            onClick={() => void choose(platform.secrets, each)}
            data-on={minutes === each || undefined}
          >
            {each} minutes
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLock size={16} />}
          rightSection={<KeyCap keys="Mod+L" />}
          onClick={() => void lock()}
        >
          Lock or switch
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => open({ kind: 'keys' })}>
          All keys
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => open({ kind: 'sign-out' })}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** `Hanna W.` */
function personLabel(name: string): string {
  const words = name.split(/\s+/);
  const last = words[words.length - 1];
  return words.length > 1 && last ? `${words[0]} ${last[0]}.` : name;
}
