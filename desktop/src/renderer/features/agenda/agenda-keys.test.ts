import { describe, expect, test } from 'vitest';
import { agendaCommand } from './agenda-keys';

const press = (key: string, more: Partial<Parameters<typeof agendaCommand>[0]> = {}) =>
  agendaCommand({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...more });

describe('keys of the agenda', () => {
  test('letters act, in either case', () => {
    expect([press('b'), press('a'), press('r'), press('f'), press('x'), press('m')]).toEqual([
      'book',
      'arrive',
      'start',
      'complete',
      'noshow',
      'move',
    ]);
    expect(press('B')).toBe('book');
  });

  test('a letter with Ctrl, Alt or ⌘ is the browser’s', () => {
    expect(press('a', { ctrlKey: true })).toBeNull();
    expect(press('f', { metaKey: true })).toBeNull();
    expect(press('1', { altKey: true })).toBeNull();
  });

  test('brackets work where AltGr writes them', () => {
    expect(press('[', { ctrlKey: true, altKey: true })).toBe('previous');
    expect(press(']')).toBe('next');
  });

  test('shift K takes a block away, and no other shifted letter acts', () => {
    expect(press('K', { shiftKey: true })).toBe('unblock');
    expect(press('B', { shiftKey: true })).toBeNull();
    expect(press('?', { shiftKey: true })).toBe('keys');
  });

  test('other keys are left alone', () => {
    expect(press('Tab')).toBeNull();
    expect(press('ą')).toBeNull();
  });
});
