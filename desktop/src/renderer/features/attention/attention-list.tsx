/** Needs attention: nothing that a person did ever just disappears. Each entry stays until somebody decides. */
import type { Instant } from '@medic/shared/time/instant';
import { IconCircleCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useDesk, useFacts, useNotices, usePendingIntents } from '../../replica/hooks';
import { useMinute } from '../../ui/use-minute';
import classes from './attention-list.module.css';
import { type AttentionEntry, entryOfItem, entryOfPending } from './attention-words';
import { keepInUse, takeOther } from './conflict-versions';
import { DoneList } from './done-list';
import { EntryCard, usualResolution } from './entry-card';
import { entryOfNotice } from './notice-words';
import { settle } from './settle';
import { slotsFor, take } from './slot-offers';

interface AttentionListProps {
  view: 'open' | 'done';
  onMoreTimes: (entry: AttentionEntry) => void;
  onOpenPatient: (patientId: string) => void;
}

export function useAttention(): { open: AttentionEntry[]; done: AttentionEntry[] } {
  const facts = useFacts();
  const pending = usePendingIntents();
  const notices = useNotices();
  return useMemo(() => {
    const open: AttentionEntry[] = [];
    const done: AttentionEntry[] = [];
    for (const item of facts.all('attentionItem'))
      (item.status === 'open' ? open : done).push(entryOfItem(item, facts));
    const refusedHere = new Set(
      pending.flatMap(({ intent, decision }) => (decision.kind === 'refused' ? [intent.id] : [])),
    );
    for (const each of pending) {
      const { decision, again } = each;
      // Sent again after a restore of the server: what it did lies here still, and stands in its own way.
      if (decision.kind === 'refused' && !again)
        open.push(entryOfPending({ ...each, decision }, facts, refusedHere));
    }
    for (const notice of notices) open.push(entryOfNotice(notice, facts));
    // Oldest first: what has waited longest, and an order that does not change under the cursor.
    open.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    done.sort((a, b) => (b.settled?.at ?? 0) - (a.settled?.at ?? 0));
    return { open, done: done.slice(0, 50) };
  }, [facts, pending, notices]);
}

export function AttentionList({ view, onMoreTimes, onOpenPatient }: AttentionListProps) {
  const desk = useDesk();
  const facts = useFacts();
  const { open, done } = useAttention();
  const now = useMemo(() => () => desk.now(), [desk]);
  const minute = useMinute(now);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const listRef = useRef<HTMLUListElement>(null);
  const current = open.find((entry) => entry.id === currentId) ?? open[0];

  useEffect(() => {
    listRef.current?.focus();
  }, []);

  const go = (step: number) => {
    const at = open.findIndex((entry) => entry.id === current?.id);
    const next = open[Math.min(Math.max(at + step, 0), open.length - 1)];
    if (!next) return;
    setCurrentId(next.id);
    listRef.current?.querySelector(`[data-entry="${next.id}"]`)?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const key = event.key.toLowerCase();
    if (key === 'j' || event.key === 'ArrowDown') go(1);
    else if (key === 'k' || event.key === 'ArrowUp') go(-1);
    else if (/^[12]$/.test(key) && current.conflicts.length > 0)
      void (key === '1' ? keepInUse(desk, current) : takeOther(desk, current));
    else if (/^[123]$/.test(key)) {
      const slot = slotsFor(facts, current, desk.now())[Number(key) - 1];
      if (slot) void take(desk, current, slot);
    } else if (event.key === 'Enter') {
      // On a button or a checkbox it is theirs; in the list it goes into the item.
      if (event.target !== listRef.current) return;
      listRef.current?.querySelector<HTMLElement>(`[data-entry="${current.id}"] :is(button, input)`)?.focus();
    } else if (key === 'm') onMoreTimes(current);
    else if (key === 'e') void settle(desk, current, usualResolution(current));
    else if (key === 'o' && current.patientId !== null) onOpenPatient(current.patientId);
    else return;
    event.preventDefault();
  };

  if (view === 'done') return <DoneList entries={done} />;
  return (
    <div className={classes.page}>
      {open.length === 0 && (
        <div className={classes.empty}>
          <IconCircleCheck size={28} stroke={1.5} aria-hidden />
          <h2>Nothing waits for you</h2>
          <p>When a change can’t be kept, or two people change the same thing, it shows up here.</p>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: letters work while the focus is in the list */}
      <ul ref={listRef} className={classes.list} tabIndex={0} aria-label="Open items" onKeyDown={onKeyDown}>
        {open.map((entry) => (
          <li key={entry.id}>
            <EntryCard
              entry={entry}
              isCurrent={entry.id === current?.id}
              minute={minute as Instant}
              onCurrent={() => setCurrentId(entry.id)}
              onMoreTimes={() => onMoreTimes(entry)}
              onOpenPatient={() => entry.patientId !== null && onOpenPatient(entry.patientId)}
            />
          </li>
        ))}
      </ul>
      {done.length > 0 && <DoneList entries={done.slice(0, 6)} title="Done lately" />}
    </div>
  );
}
