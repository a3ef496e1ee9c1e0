/** Telephone numbers: as people write them, as they are kept (E.164), and as they are read. */

interface Country {
  callingCode: string;
  /** Written before a number inside the country, and dropped after the calling code. */
  trunk: string;
  /** Digits after the calling code, at least and at most. */
  digits: [number, number];
  emergency?: string;
}

/** The countries where a clinic may stand: lengths are those of ITU-T E.164 national numbers in use. */
const countries: Record<string, Country> = {
  AT: { callingCode: '43', trunk: '0', digits: [7, 13] },
  BE: { callingCode: '32', trunk: '0', digits: [8, 9] },
  BG: { callingCode: '359', trunk: '0', digits: [8, 9] },
  CA: { callingCode: '1', trunk: '1', digits: [10, 10], emergency: '911' },
  CH: { callingCode: '41', trunk: '0', digits: [9, 9] },
  CZ: { callingCode: '420', trunk: '', digits: [9, 9] },
  DE: { callingCode: '49', trunk: '0', digits: [7, 13] },
  DK: { callingCode: '45', trunk: '', digits: [8, 8] },
  ES: { callingCode: '34', trunk: '', digits: [9, 9] },
  FI: { callingCode: '358', trunk: '0', digits: [6, 11] },
  FR: { callingCode: '33', trunk: '0', digits: [9, 9] },
  GB: { callingCode: '44', trunk: '0', digits: [9, 10], emergency: '999' },
  GR: { callingCode: '30', trunk: '', digits: [10, 10] },
  HR: { callingCode: '385', trunk: '0', digits: [8, 9] },
  HU: { callingCode: '36', trunk: '06', digits: [8, 9] },
  IE: { callingCode: '353', trunk: '0', digits: [7, 9] },
  // Italy keeps the 0 of its fixed lines after the calling code.
  IT: { callingCode: '39', trunk: '', digits: [6, 11] },
  LT: { callingCode: '370', trunk: '0', digits: [8, 8] },
  LU: { callingCode: '352', trunk: '', digits: [6, 11] },
  LV: { callingCode: '371', trunk: '', digits: [8, 8] },
  MD: { callingCode: '373', trunk: '0', digits: [8, 8] },
  NL: { callingCode: '31', trunk: '0', digits: [9, 9] },
  NO: { callingCode: '47', trunk: '', digits: [8, 8], emergency: '113' },
  PL: { callingCode: '48', trunk: '', digits: [9, 9] },
  PT: { callingCode: '351', trunk: '', digits: [9, 9] },
  RO: { callingCode: '40', trunk: '0', digits: [9, 9] },
  SE: { callingCode: '46', trunk: '0', digits: [7, 9] },
  SI: { callingCode: '386', trunk: '0', digits: [8, 8] },
  SK: { callingCode: '421', trunk: '0', digits: [9, 9] },
  UA: { callingCode: '380', trunk: '0', digits: [9, 9] },
  US: { callingCode: '1', trunk: '1', digits: [10, 10], emergency: '911' },
};

export type PhoneProblem =
  | { problem: 'missing' }
  | { problem: 'letters' }
  /** `digits` are asked for after `+callingCode`. */
  | { problem: 'length'; callingCode: string; digits: [number, number] }
  /** A country that is not in the table, or none. */
  | { problem: 'international' };

/** The E.164 number meant by `text`, read as a national number of `country` unless it begins with + or 00. */
export function parsePhone(text: string, country: string): { phone: string } | PhoneProblem {
  // People write +44 (0)20 ...: the bracketed trunk digit is no part of the number.
  const bare = text
    .trim()
    .replace(/\(0\)/g, '')
    .replace(/[\s().\-/\u00a0\u2010-\u2015]/g, '');
  if (bare === '') return { problem: 'missing' };
  if (!/^\+?\d+$/.test(bare)) return { problem: 'letters' };
  const here = countries[country];
  if (bare.startsWith('+') || bare.startsWith('00')) {
    return international(bare.replace(/^(\+|00)/, ''), here);
  }
  if (!here) return { problem: 'international' };
  const national = here.trunk !== '' && bare.startsWith(here.trunk) ? bare.slice(here.trunk.length) : bare;
  if (fits(national, here)) return { phone: `+${here.callingCode}${national}` };
  // The calling code without its plus.
  const without = bare.startsWith(here.callingCode) ? bare.slice(here.callingCode.length) : '';
  if (fits(without, here)) return { phone: `+${bare}` };
  return { problem: 'length', callingCode: here.callingCode, digits: here.digits };
}

function international(digits: string, here: Country | undefined): { phone: string } | PhoneProblem {
  const candidates = Object.values(countries).filter((country) => digits.startsWith(country.callingCode));
  const country = here && candidates.includes(here) ? here : candidates[0];
  if (country) {
    const rest = digits.slice(country.callingCode.length);
    if (!fits(rest, country))
      return { problem: 'length', callingCode: country.callingCode, digits: country.digits };
    return { phone: `+${digits}` };
  }
  return /^[1-9]\d{7,14}$/.test(digits) ? { phone: `+${digits}` } : { problem: 'international' };
}

function fits(national: string, country: Country): boolean {
  const [least, most] = country.digits;
  return national.length >= least && national.length <= most;
}

export function callingCode(country: string): string | null {
  return countries[country]?.callingCode ?? null;
}

/** Where in doubt 112, which every mobile phone understands. */
export function emergencyNumber(country: string): string {
  return countries[country]?.emergency ?? '112';
}

/** Of countries where patients come from, but no clinic stands: enough to write their numbers. */
const codesElsewhere = ['7', '20', '27', '52', '55', '61', '81', '86', '90', '91', '372'];

/** For reading: `+40 722 555 018`. Groups of three; nobody is misled by another grouping. */
export function formatPhone(phone: string): string {
  const digits = phone.replace(/^\+/, '');
  const code = [...Object.values(countries).map(({ callingCode }) => callingCode), ...codesElsewhere].find(
    (each) => digits.startsWith(each),
  );
  if (!code || !phone.startsWith('+')) return phone;
  const rest = digits.slice(code.length);
  const groups = rest.match(/\d{1,3}(?=(?:\d{3})*$)|\d{1,3}/g) ?? [rest];
  if (groups.length > 1 && groups[0] && groups[0].length === 1)
    groups.splice(0, 2, `${groups[0]}${groups[1]}`);
  return `+${code} ${groups.join(' ')}`;
}
