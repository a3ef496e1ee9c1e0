/** The agenda's keys: letters that work while the focus is in the grid or on a button around it. */

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
  | 'accept'
  | 'decline'
  | 'accept-all'
  | 'confirm'
  | 'move'
  | 'change'
  | 'swap'
  | 'shift'
  | 'overbook'
  | 'extend-up'
  | 'extend-down'
  | 'mark'
  | 'cancel'
  | 'void'
  | 'revoke'
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
  y: 'accept',
  n: 'decline',
  c: 'confirm',
  m: 'move',
  e: 'change',
  s: 'swap',
  v: 'overbook',
  ' ': 'mark',
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

const withShift: Readonly<Record<string, AgendaCommand>> = {
  k: 'unblock',
  y: 'accept-all',
  m: 'shift',
  l: 'revoke',
  Backspace: 'void',
  Delete: 'void',
  ArrowUp: 'extend-up',
  ArrowDown: 'extend-down',
};

export function agendaCommand(press: KeyPress): AgendaCommand | null {
  if (press.key === '?') return 'keys';
  // AltGr writes [ and ] on many keyboards; it comes as Ctrl and Alt together.
  if ((press.key === '[' || press.key === ']') && !press.metaKey)
    return press.key === '[' ? 'previous' : 'next';
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return (press.shiftKey ? withShift : plain)[key] ?? null;
}

/**
 * Whether a key pressed outside the grid is meant for it: with nothing focused, any; on a button of the page, as after
 * a click on *Next*, letters alone. In dialogs, lists and fields they are the field's own.
 */
export function meansTheGrid(event: KeyboardEvent): boolean {
  if (event.target === document.body) return true;
  if (event.key.length !== 1 || event.key === ' ' || !(event.target instanceof HTMLElement)) return false;
  return (
    event.target.matches('button, a') &&
    event.target.closest('[role="dialog"], [role="menu"], [role="listbox"]') === null
  );
}

/** For the list of all keys, in the order in which a day is worked. */
export const agendaKeyList: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ['B'], does: 'Book at the cell' },
  { keys: ['A'], does: 'Arrived' },
  { keys: ['R'], does: 'In the room' },
  { keys: ['F'], does: 'Finished' },
  { keys: ['X'], does: 'Did not come' },
  { keys: ['Y', 'N'], does: 'Accept, decline a request' },
  { keys: ['Shift+Y'], does: 'Accept all requests of the day' },
  { keys: ['C'], does: 'Patient says they come' },
  { keys: ['M'], does: 'Move with the arrow keys' },
  { keys: ['E'], does: 'Change type, doctor, place or time' },
  { keys: ['S'], does: 'Swap with the next, or the two selected' },
  { keys: ['Shift+↓', 'Space'], does: 'Select several' },
  { keys: ['Shift+M'], does: 'Shift what is selected' },
  { keys: ['V'], does: 'Overbook a refused time' },
  { keys: ['Backspace'], does: 'Cancel the visit' },
  { keys: ['Shift+Backspace'], does: 'Take out a visit entered in error' },
  { keys: ['Shift+L'], does: 'Stop the links sent to the patient' },
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
