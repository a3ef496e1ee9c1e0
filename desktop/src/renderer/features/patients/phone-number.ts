/** Reading a phone number as people type it: `601 220 418` in Poland is `+48601220418`. */

/** Calling codes by country (ISO 3166-1), and whether a leading 0 is dropped before them. Others: type the `+`. */
const countries: Readonly<Record<string, { code: string; trunk: string }>> = {
  AT: { code: '43', trunk: '0' },
  BE: { code: '32', trunk: '0' },
  BG: { code: '359', trunk: '0' },
  CH: { code: '41', trunk: '0' },
  CZ: { code: '420', trunk: '' },
  DE: { code: '49', trunk: '0' },
  DK: { code: '45', trunk: '' },
  EE: { code: '372', trunk: '' },
  ES: { code: '34', trunk: '' },
  FI: { code: '358', trunk: '0' },
  FR: { code: '33', trunk: '0' },
  GB: { code: '44', trunk: '0' },
  GR: { code: '30', trunk: '' },
  HR: { code: '385', trunk: '0' },
  HU: { code: '36', trunk: '06' },
  IE: { code: '353', trunk: '0' },
  IT: { code: '39', trunk: '' },
  LT: { code: '370', trunk: '0' },
  LU: { code: '352', trunk: '' },
  LV: { code: '371', trunk: '' },
  NL: { code: '31', trunk: '0' },
  NO: { code: '47', trunk: '' },
  PL: { code: '48', trunk: '' },
  PT: { code: '351', trunk: '' },
  RO: { code: '40', trunk: '0' },
  SE: { code: '46', trunk: '0' },
  SI: { code: '386', trunk: '0' },
  SK: { code: '421', trunk: '0' },
  UA: { code: '380', trunk: '0' },
  US: { code: '1', trunk: '1' },
  CA: { code: '1', trunk: '1' },
};

/**
 * E.164, or the digits as typed where the country is not known: the model's schema then says what is missing. Empty
 * stays empty. `00` at the start is a `+`.
 */
export function normalisePhone(typed: string, country: string): string {
  const text = typed.trim();
  if (text === '') return '';
  const digits = text.replace(/\D/g, '');
  if (text.startsWith('+')) return `+${digits.replace(/^(\d{1,3}?)0(?=\d{9,})/, keepTrunk)}`;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  const known = countries[country];
  if (!known) return digits;
  const national =
    known.trunk !== '' && digits.startsWith(known.trunk) ? digits.slice(known.trunk.length) : digits;
  return `+${known.code}${national}`;
}

/** `+44 (0)20 …` is written with a zero that is not dialled; only after a code that has one. */
function keepTrunk(match: string, code: string): string {
  return Object.values(countries).some((each) => each.code === code && each.trunk === '0') ? code : match;
}
