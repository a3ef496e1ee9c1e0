import { announce } from '../../ui/announcer';

/** What needs the grid's cell and columns is the grid's own: the focus goes there with the key. */
export function pressOnGrid(key: string): void {
  const cell = document.querySelector<HTMLElement>('[data-agenda-grid] [role="gridcell"]');
  if (!cell) {
    announce('This is done in the day’s agenda');
    return;
  }
  cell.focus();
  cell.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}
