/** The agenda's keys. Single letters work while the focus is in the grid; what a key means depends on it alone. */

export type AgendaCommand =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'open'
  | 'close'
  | 'record'
  | 'book'
  | 'arrive'
  | 'start'
  | 'complete'
  | 'noshow'
  | 'move'
  | 'cancel'
  | 'block'
  | 'unblock'
  | 'today'
  | 'previous'
  | 'next'
  | 'day'
  | 'week'
  | 'keys'
  | 'take-1'
  | 'take-2'
  | 'take-3';

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const plain: Readonly<Record<string, AgendaCommand>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Enter: 'open',
  Escape: 'close',
  Backspace: 'cancel',
  Delete: 'cancel',
  b: 'book',
  a: 'arrive',
  r: 'start',
  f: 'complete',
  x: 'noshow',
  m: 'move',
  k: 'block',
  o: 'record',
  t: 'today',
  d: 'day',
  w: 'week',
  '[': 'previous',
  ']': 'next',
  '1': 'take-1',
  '2': 'take-2',
  '3': 'take-3',
};

export function agendaCommand(press: KeyPress): AgendaCommand | null {
  if (press.key === '?') return 'keys';
  // AltGr writes [ and ] on many keyboards; it comes as Ctrl and Alt together.
  if ((press.key === '[' || press.key === ']') && !press.metaKey)
    return press.key === '[' ? 'previous' : 'next';
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.shiftKey) return press.key.toLowerCase() === 'k' ? 'unblock' : null;
  return plain[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? null;
}

/** For the list of all keys, in the order in which a day is worked. */
export const agendaKeyList: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['B'], does: 'Book at the cell' },
  { keys: ['A'], does: 'Arrived' },
  { keys: ['R'], does: 'In the room' },
  { keys: ['F'], does: 'Finished' },
  { keys: ['X'], does: 'Did not come' },
  { keys: ['M'], does: 'Move with the arrow keys' },
  { keys: ['Backspace'], does: 'Cancel the visit' },
  { keys: ['K'], does: 'Block time' },
  { keys: ['Shift+K'], does: 'Take a block away' },
  { keys: ['1', '2', '3'], does: 'Take an offered time' },
  { keys: ['Enter'], does: 'Show the visit, or book a free cell' },
  { keys: ['O'], does: 'Open the patient' },
  { keys: ['Esc'], does: 'Close, put back' },
  { keys: ['T'], does: 'Today' },
  { keys: ['[', ']'], does: 'Previous and next' },
  { keys: ['D', 'W'], does: 'Day, week' },
  { keys: ['Mod+K', '/'], does: 'Find a patient' },
  { keys: ['Mod+Z'], does: 'Undo' },
];
