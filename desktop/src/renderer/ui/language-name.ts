const languages = new Intl.DisplayNames(['en'], { type: 'language' });

/** `pl` reads Polish. */
export function languageName(code: string): string {
  return languages.of(code) ?? code;
}
