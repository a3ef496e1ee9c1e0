/** What can be done with a place on the grid that was pointed at: book, block, or free what is blocked. */
import { Popover } from '@mantine/core';
import { IconCalendarPlus, IconLock, IconLockOpen } from '@tabler/icons-react';
import { useDesk } from '../../replica/hooks';
import { ActionButton } from '../../ui/action-button';
import { shortDay } from '../../ui/date-words';
import { doctorName } from '../../ui/person-name';
import { clockOfMinute } from './day-model';
import type { Spot } from './spot';
import classes from './spot-menu.module.css';

export type SpotMenuState =
  | { kind: 'spot'; spot: Spot }
  | { kind: 'block'; exceptionId: string; rect: DOMRect };

interface SpotMenuProps {
  menu: SpotMenuState | null;
  onClose: () => void;
  onBook: (spot: Spot) => void;
  onBlock: (spot: Spot) => void;
  onUnblock: (exceptionId: string) => void;
}

export function SpotMenu({ menu, onClose, onBook, onBlock, onUnblock }: SpotMenuProps) {
  if (!menu) return null;
  const rect = menu.kind === 'spot' ? menu.spot.rect : menu.rect;
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <Popover
      opened
      onChange={(opened) => !opened && onClose()}
      position="right-start"
      trapFocus
      returnFocus
      withinPortal
      shadow="none"
    >
      <Popover.Target>
        <div
          className={classes.anchor}
          style={{ left: rect.left, top: rect.top, width: rect.width, height: Math.max(rect.height, 18) }}
        />
      </Popover.Target>
      <Popover.Dropdown className={classes.menu} aria-label="This time">
        {menu.kind === 'spot' ? (
          <SpotActions
            spot={menu.spot}
            onBook={run(() => onBook(menu.spot))}
            onBlock={run(() => onBlock(menu.spot))}
          />
        ) : (
          <BlockActions exceptionId={menu.exceptionId} onUnblock={run(() => onUnblock(menu.exceptionId))} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function SpotActions({ spot, onBook, onBlock }: { spot: Spot; onBook: () => void; onBlock: () => void }) {
  const { column, from, until } = spot;
  const when = until > from ? `${clockOfMinute(from)}–${clockOfMinute(until)}` : clockOfMinute(from);
  // The same letters as on the grid, while this is open.
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key.toLowerCase() === 'b') onBook();
    else if (event.key.toLowerCase() === 'k') onBlock();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: letters for the buttons inside
    <div className={classes.actions} onKeyDown={onKeyDown}>
      <p>
        <b>{doctorName(column.doctor)}</b>, {shortDay(column.date)} {when}
      </p>
      <ActionButton
        tone="primary"
        size="small"
        icon={<IconCalendarPlus size={16} aria-hidden />}
        keys="B"
        onClick={onBook}
        data-autofocus
      >
        Book
      </ActionButton>
      <ActionButton size="small" icon={<IconLock size={16} aria-hidden />} keys="K" onClick={onBlock}>
        Block time
      </ActionButton>
    </div>
  );
}

function BlockActions({ exceptionId, onUnblock }: { exceptionId: string; onUnblock: () => void }) {
  const desk = useDesk();
  const block = desk.facts.get('availabilityException', exceptionId);
  if (!block) return <p>This block is gone.</p>;
  const by = block.createdBy ? desk.facts.get('user', block.createdBy)?.name : undefined;
  return (
    <div className={classes.actions}>
      <p>
        <b>{block.reason || 'Blocked'}</b>
        <br />
        {shortDay(block.date)} {block.startsAt === null ? 'whole day' : `${block.startsAt}–${block.endsAt}`}
        {by && ` · ${by}`}
      </p>
      <ActionButton
        size="small"
        icon={<IconLockOpen size={16} aria-hidden />}
        onClick={onUnblock}
        data-autofocus
      >
        Take the block away
      </ActionButton>
    </div>
  );
}
