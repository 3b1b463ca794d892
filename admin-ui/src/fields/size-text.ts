const UNITS = [
  ['gigabyte', 1_000_000_000],
  ['megabyte', 1_000_000],
] as const;

/** A size for people. */
export const sizeText = (bytes: number, locale: string): string => {
  const [unit, per] = UNITS.find(([, least]) => bytes >= least) ?? (['kilobyte', 1000] as const);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(bytes / per);
};
