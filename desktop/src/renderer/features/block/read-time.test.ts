import { describe, expect, test } from 'vitest';
import { readTime } from './read-time';

describe('times as typed', () => {
  test('short forms are one time', () => {
    expect(['9:30', '09:30', '930', '9.30', '0930'].map(readTime)).toEqual(Array(5).fill('09:30'));
    expect(readTime('9')).toBe('09:00');
    expect(readTime('24:00')).toBe('24:00');
  });

  test('what no clock shows is no time', () => {
    expect(['25:00', '9:60', '24:15', 'noon', '', '9:3'].map(readTime)).toEqual(Array(6).fill(null));
  });
});
