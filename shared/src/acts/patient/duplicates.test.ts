import { describe, expect, it } from 'vitest';
import { aPatient, date, idOf } from '../../testing/builders';
import { duplicatesOf, type PatientIdentity } from './duplicates';
import { nameLikeness } from './same-name';

const named = (text: string) => {
  const [givenName = '', familyName = ''] = text.split('|');
  return { givenName, familyName };
};

describe('names', () => {
  it.each([
    ['Łukasz|Wójcik', 'Lukasz|Wojcik'],
    ['María|García', 'maria|GARCIA'],
    ['Văn An|Nguyễn', 'Nguyen Van|An'],
    ['Văn An|Nguyễn', 'An|Nguyễn Văn'],
    ['Anna|Kowalska', 'Kowalska|Anna'],
    ["Sean|O'Brien", 'Seán|OBrien'],
    ['Sean|O’Brien', 'Sean|O Brien'],
    ['Anna|Nowak-Zielińska', 'Anna|Nowak Zielinska'],
    ['Anne-Marie|Dubois', 'Annemarie|Dubois'],
    ['Jürgen|Müller', 'Juergen|Mueller'],
    ['Jürgen|Müller', 'Jurgen|Muller'],
    ['Jo\u0301zef|Kos', 'J\u00f3zef|Kos'],
    ['Øystein|Æsir', 'Oystein|Aesir'],
    ['Олена|Коваленко', 'ОЛЕНА|Коваленко'],
  ])('%s and %s are the same', (a, b) => {
    expect(nameLikeness(named(a), named(b))).toBe('same');
    expect(nameLikeness(named(b), named(a))).toBe('same');
  });

  it.each([
    ['Anna|Nowak-Zielińska', 'Anna|Nowak', 'part'],
    ['Anna Maria|Nowak', 'Anna|Nowak', 'part'],
    ['Anna|Kowlaska', 'Anna|Kowalska', 'near'],
    ['Ana|Kowalska', 'Anna|Kowalska', 'other'],
    ['Anita|Kowalska', 'Anitta|Kowalska', 'near'],
    ['Jna|Nowak', 'Jan|Nowak', 'near'],
    ['Krzystof|Nowak', 'Krzysztof|Nowak', 'near'],
    ['Anna|Nowak', 'Anna|Zielińska', 'given'],
    ['Jan|Nowak', 'Ewa|Nowak', 'other'],
    ['Li|Na', 'Lu|Na', 'other'],
    ['Ян|Ли', 'Лев|Цой', 'other'],
  ])('%s and %s are %s', (a, b, likeness) => {
    expect(nameLikeness(named(a), named(b))).toBe(likeness);
    expect(nameLikeness(named(b), named(a))).toBe(likeness);
  });
});

describe('duplicates', () => {
  const anna: PatientIdentity = {
    givenName: 'Anna',
    familyName: 'Żółkiewska',
    birthDate: date('1980-05-04'),
    phone: '+48601220418',
    email: 'anna@home.example',
  };
  const stranger = {
    id: idOf('patient', 7),
    givenName: 'Piotr',
    familyName: 'Adamczyk',
    birthDate: date('1955-01-30'),
    phone: null,
    email: null,
  };
  const judge = (fields: Partial<PatientIdentity>, who: Partial<PatientIdentity> = {}) => {
    const [found] = duplicatesOf({ ...anna, ...who }, [aPatient({ ...stranger, ...fields })]);
    return found ? [found.likely ? 'likely' : 'possible', found.why] : 'none';
  };
  const sameName = { givenName: 'ANNA', familyName: 'Zolkiewska' };

  it('are likely by name with birth date, phone or e-mail', () => {
    expect(judge({ ...sameName, birthDate: anna.birthDate, phone: anna.phone })).toEqual([
      'likely',
      'Same name, birth date and phone',
    ]);
    expect(judge({ ...sameName, birthDate: anna.birthDate })).toEqual(['likely', 'Same name and birth date']);
    expect(judge({ ...sameName, birthDate: null, phone: anna.phone })).toEqual([
      'likely',
      'Same name and phone',
    ]);
    expect(judge({ ...sameName, birthDate: null, email: 'Anna@HOME.example' })).toEqual([
      'likely',
      'Same name and e-mail',
    ]);
  });

  it('are not found by a name alone', () => {
    expect(judge({ ...sameName, birthDate: null })).toBe('none');
    expect(judge(sameName)).toBe('none');
  });

  it('are not found by a phone and an e-mail that a family shares', () => {
    const shared = { phone: anna.phone, email: anna.email };
    expect(judge(shared)).toBe('none');
    expect(judge({ ...shared, familyName: 'Żółkiewska' })).toBe('none');
    expect(judge({ ...shared, birthDate: null })).toBe('none');
  });

  it('are not father and son of one name and phone', () => {
    expect(judge({ ...sameName, phone: anna.phone })).toBe('none');
    expect(judge({ ...sameName, phone: anna.phone, email: anna.email })).toBe('none');
  });

  it('are only possible for twins, who share birth date, phone and family name', () => {
    expect(
      judge({ familyName: 'Żółkiewska', givenName: 'Ewa', birthDate: anna.birthDate, phone: anna.phone }),
    ).toEqual(['possible', 'Same birth date and phone']);
  });

  it('are likely after a marriage: another family name, the same given name, birth date and phone', () => {
    const married = { givenName: 'Anna', familyName: 'Nowak', birthDate: anna.birthDate };
    expect(judge({ ...married, phone: anna.phone })).toEqual([
      'likely',
      'Same given name, birth date and phone',
    ]);
    expect(judge(married)).toBe('none');
  });

  it('have a near spelling only beside the same birth date or phone', () => {
    const slip = { givenName: 'Anna', familyName: 'Żółkeiwska', birthDate: null };
    expect(judge({ ...slip, birthDate: anna.birthDate })).toEqual([
      'likely',
      'Same birth date, similar name',
    ]);
    expect(judge({ ...slip, phone: anna.phone })).toEqual(['likely', 'Same phone, similar name']);
    expect(judge({ ...slip, email: anna.email })).toBe('none');
    expect(judge({ ...slip, birthDate: date('1980-04-05') })).toBe('none');
  });

  it('take a birth date with day and month swapped as a weak sign', () => {
    const swapped = { ...sameName, birthDate: date('1980-04-05') };
    expect(judge(swapped)).toEqual(['possible', 'Same name, birth date with day and month swapped']);
    expect(judge({ ...swapped, phone: anna.phone })).toMatchObject(['likely', expect.any(String)]);
    // The 25th of a month can't be a month.
    expect(judge({ ...sameName, birthDate: date('1980-12-25') }, { birthDate: date('1980-05-12') })).toBe(
      'none',
    );
  });

  it('stand in the order of their likelihood, without merged and deleted records and without itself', () => {
    const who = { ...anna };
    const records = [
      aPatient({ ...stranger, ...sameName, id: idOf('patient', 1), birthDate: null, phone: anna.phone }),
      aPatient({
        ...stranger,
        ...sameName,
        id: idOf('patient', 2),
        birthDate: anna.birthDate,
        phone: anna.phone,
      }),
      aPatient({ ...anna, id: idOf('patient', 3), deleted: true }),
      aPatient({ ...anna, id: idOf('patient', 4), mergedIntoId: idOf('patient', 2) }),
      aPatient({ ...anna, id: idOf('patient', 5) }),
    ];
    expect(
      duplicatesOf(who, records, { id: idOf('patient', 5), apartFrom: [] }).map((each) => each.patient.id),
    ).toEqual([idOf('patient', 2), idOf('patient', 1)]);
  });
});
