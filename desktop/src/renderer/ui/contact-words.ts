const codes = [
  '420',
  '351',
  '353',
  '358',
  '359',
  '370',
  '371',
  '372',
  '380',
  '385',
  '386',
  '421',
  '36',
  '48',
  '49',
  '44',
  '43',
  '45',
  '46',
  '47',
  '41',
  '40',
  '39',
  '34',
  '33',
  '32',
  '31',
  '30',
  '90',
  '91',
  '81',
  '86',
  '61',
  '55',
  '52',
  '27',
  '20',
  '1',
  '7',
];

/** `+48 601 220 418`: the country's code, then threes. */
export function phoneWords(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  const code = codes.find((each) => digits.startsWith(each)) ?? digits.slice(0, 2);
  const rest = digits.slice(code.length);
  const groups: string[] = [];
  for (let i = 0; i < rest.length; ) {
    const size = rest.length - i === 4 ? 4 : 3;
    groups.push(rest.slice(i, i + size));
    i += size;
  }
  return `+${code} ${groups.join(' ')}`;
}

const languages = new Intl.DisplayNames(['en'], { type: 'language' });

/** `pl` reads Polish. */
export function languageName(code: string): string {
  return languages.of(code) ?? code;
}
