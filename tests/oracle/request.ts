/** A name that GraphQL writes without quotes. */
export class EnumName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  /** As a variable it travels like any text. */
  toJSON(): string {
    return this.name;
  }
}

export type ArgumentValue = string | number | boolean | null | EnumName | readonly ArgumentValue[] | { readonly [name: string]: ArgumentValue };
export type Arguments = Readonly<Record<string, ArgumentValue>>;

/**
 * What a document asks for at one place once fragments, aliases, repetitions and conditions are worked in: the
 * answer has one entry under `key`.
 */
export interface Ask {
  readonly key: string;
  readonly name: string;
  readonly arguments: Arguments;
  readonly below: readonly Ask[];
}

/** One field of Query. */
export interface RootAsk extends Ask {
  readonly kind: 'one' | 'list';
  /** Type of the records. */
  readonly type: string;
}

/** Where a list goes on: after which row of the whole list, or from a cursor that is somebody else's. */
export type Continuation = { readonly afterRow: number } | { readonly foreign: true };

/** `dueAt` → `DUE_AT`: how GraphQL names the fields of an order. */
export const upperSnake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
