import classes from './key-cap.module.css';

/** A key as it looks on the keyboard. Decoration: the action's own name says it for screen readers. */
export function KeyCap({ keys, onPrimary = false }: { keys: string; onPrimary?: boolean }) {
  return (
    <kbd className={classes.key} data-on-primary={onPrimary || undefined} aria-hidden>
      {keyLabel(keys)}
    </kbd>
  );
}

const onMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** Writes `Mod` and `Alt` as this computer's keyboard does. */
export function keyLabel(keys: string): string {
  return keys
    .replace('Mod+', onMac ? '⌘' : 'Ctrl ')
    .replace('Alt+', onMac ? '⌥' : 'Alt ')
    .replace('Shift+', '⇧')
    .replace('Enter', '↵')
    .replace('Backspace', '⌫');
}

/** `Ctrl`, or ⌘ on a Mac. */
export function hasMod(event: { ctrlKey: boolean; metaKey: boolean }): boolean {
  return onMac ? event.metaKey : event.ctrlKey;
}
