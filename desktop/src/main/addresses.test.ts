import { expect, it } from 'vitest';
import { isOutside, isOwnPage, serverOrigin } from './addresses';

it('trusts its own page only, and the dev server only when there is one', () => {
  expect(isOwnPage('app://desk/index.html#/agenda', null)).toBe(true);
  for (const url of ['app://other/index.html', 'https://desk/', 'file:///index.html', 'nonsense']) {
    expect(isOwnPage(url, null), url).toBe(false);
  }
  expect(isOwnPage('http://localhost:5173/', 'http://localhost:5173')).toBe(true);
  expect(isOwnPage('http://localhost:5173.evil.example/', 'http://localhost:5173')).toBe(false);
  expect(isOwnPage('http://localhost:5173/', null)).toBe(false);
});

it('hands only web, mail and phone addresses to the system', () => {
  for (const url of ['https://a.example', 'mailto:a@b.example', 'tel:+48601220418'])
    expect(isOutside(url)).toBe(true);
  for (const url of [['javascript', 'alert(1)'].join(':'), 'file:///etc/passwd', 'smb://host/x', '']) {
    expect(isOutside(url), url).toBe(false);
  }
});

it('takes a server without TLS on this very computer only', () => {
  expect(serverOrigin('https://clinic.example/desk')).toBe('https://clinic.example');
  expect(serverOrigin('http://localhost:4400')).toBe('http://localhost:4400');
  for (const url of [
    'http://192.168.1.5:4400',
    'https://user:pass@clinic.example',
    'ftp://a.example',
    'clinic',
  ]) {
    expect(serverOrigin(url), url).toBeNull();
  }
});
