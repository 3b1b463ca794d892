/** `dueAt` → `DUE_AT`; `past_due` → `PAST_DUE`. */
export const upperSnake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

export const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
