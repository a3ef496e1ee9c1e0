/** The roving cell of the day: what stands there, and what it is called. */
import type { Instant } from '@medic/shared/time/instant';
import { doctorName } from '../../ui/person-name';
import { type AgendaColumn as Column, clockOfMinute, instantAtMinute } from './day-model';
import { cardLabel } from './visit-card';
import type { VisitView } from './visit-view';

export const cellMinutes = 15;

export function roundDown(minute: number): number {
  return Math.floor(minute / cellMinutes) * cellMinutes;
}

export function visitAt(column: Column, minute: number, hideFinished: boolean): VisitView | undefined {
  const meets = (view: VisitView) =>
    view.from < minute + cellMinutes && view.until > minute && !(hideFinished && view.state === 'done');
  return column.visits.find((view) => meets(view) && view.from >= minute) ?? column.visits.find(meets);
}

export function isFree(column: Column, minute: number): boolean {
  return (
    column.hours.some((open) => open.from <= minute && minute < open.until) &&
    !column.blocks.some((block) => block.from <= minute && minute < block.until)
  );
}

/** `Dr Nowak, 11:15, free` */
export function cellName(column: Column, minute: number, view: VisitView | undefined): string {
  const who = `${doctorName(column.doctor)}, ${clockOfMinute(minute)}`;
  if (view) return `${who}, ${cardLabel(view)}`;
  const block = column.blocks.find((each) => each.from <= minute && minute < each.until);
  if (block) {
    const words = {
      break: 'break',
      block: 'blocked',
      closure: 'closed',
      'time-off': 'time off',
      hold: 'held online',
      'external-busy': 'busy',
      open: 'free',
    };
    return `${who}, ${words[block.kind]}${block.label ? `, ${block.label}` : ''}`;
  }
  return column.hours.some((open) => open.from <= minute && minute < open.until)
    ? `${who}, free`
    : `${who}, outside hours`;
}

/** Where a booking at a cell would start. */
export function startOf(column: Column, minute: number): Instant {
  return instantAtMinute(minute, column.date, column.zone);
}
