/** How a page may be looked at. */
export interface Variant {
  readonly language: 'en' | 'de' | 'ja';
  readonly size: 'phone' | 'desktop';
  readonly scheme: 'light' | 'dark';
  readonly script: boolean;
}

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

const of = (
  language: Variant['language'],
  size: Variant['size'],
  scheme: Variant['scheme'],
  script: boolean,
): Variant => ({
  language,
  size,
  scheme,
  script,
});

/** Every value of each meets every value of the others: a quarter of all combinations. */
export const VARIANTS: readonly Variant[] = [
  of('en', 'desktop', 'light', true),
  of('en', 'phone', 'dark', false),
  of('de', 'desktop', 'dark', true),
  of('de', 'phone', 'light', false),
  of('ja', 'desktop', 'light', false),
  of('ja', 'phone', 'dark', true),
];

export const PLAIN: Variant = of('en', 'desktop', 'light', true);

export function nameOfVariant({ language, size, scheme, script }: Variant): string {
  return `${language}-${size}-${scheme}${script ? '' : '-no-script'}`;
}
