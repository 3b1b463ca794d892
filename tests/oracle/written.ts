import { type ArgumentValue, type Arguments, type Ask, EnumName } from './request.ts';

/** A selection as a document writes it down. */
export type Written =
  | { readonly kind: 'field'; readonly key: string; readonly name: string; readonly arguments: Arguments; readonly text: string; readonly below: readonly Written[] }
  | { readonly kind: 'inline'; readonly on: string | null; readonly directive: Directive | null; readonly below: readonly Written[] }
  | { readonly kind: 'spread'; readonly fragment: Fragment; readonly directive: Directive | null };

export interface Fragment {
  readonly name: string;
  readonly on: string;
  readonly below: readonly Written[];
}

export interface Directive {
  readonly text: string;
  readonly includes: boolean;
}

/** What a selection asks for, fragments spread out, repetitions merged, what is left out gone. */
export function merged(written: readonly Written[]): Ask[] {
  const found = new Map<string, { name: string; arguments: Arguments; below: Written[] }>();
  const visit = (part: Written): void => {
    if (part.kind === 'field') {
      const known = found.get(part.key);
      if (known) known.below.push(...part.below);
      else found.set(part.key, { name: part.name, arguments: part.arguments, below: [...part.below] });
    } else if (part.directive?.includes !== false) for (const inner of part.kind === 'inline' ? part.below : part.fragment.below) visit(inner);
  };
  for (const part of written) visit(part);
  return [...found].map(([key, { name, arguments: given, below }]) => ({ key, name, arguments: given, below: merged(below) }));
}

/** The text of an operation with the fragments that it uses. */
export function printOperation(variables: readonly string[], written: readonly Written[]): string {
  const fragments = new Map<string, Fragment>();
  const print = (part: Written): string => {
    if (part.kind === 'field') return `${part.key === part.name ? '' : `${part.key}: `}${part.name}${part.text}${part.below.length > 0 ? printAll(part.below) : ''}`;
    const directive = part.directive ? ` ${part.directive.text}` : '';
    if (part.kind === 'inline') return `...${part.on ? ` on ${part.on}` : ''}${directive} ${printAll(part.below)}`;
    fragments.set(part.fragment.name, part.fragment);
    return `...${part.fragment.name}${directive}`;
  };
  const printAll = (parts: readonly Written[]): string => `{ ${parts.map(print).join(' ')} }`;
  const operation = `query${variables.length > 0 ? ` (${variables.join(', ')})` : ''} ${printAll(written)}`;
  const definitions: string[] = [];
  // Maps iterate over what is added meanwhile: fragments within fragments follow.
  for (const fragment of fragments.values()) definitions.push(`fragment ${fragment.name} on ${fragment.on} ${printAll(fragment.below)}`);
  return [operation, ...definitions].join('\n');
}

/** A value as it stands in a document. */
export function literal(value: ArgumentValue): string {
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${name}: ${literal(inner)}`)
      .join(', ')} }`;
  return JSON.stringify(value);
}
