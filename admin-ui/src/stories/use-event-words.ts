import { useModel, useText } from '../catalogue/console-context.tsx';
import { fieldOf } from '../catalogue/console-model.ts';
import { showHidden } from '../fields/format.ts';
import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';

/** What the log writes in its own short names, in words; a name that nothing here knows stays as it is. */
export interface EventWords {
  /** Where an act came from: `console`, `api`, `cli`, `job`. */
  readonly surface: (surface: string) => string;
  /** How somebody proved who they are: `totp`. */
  readonly factor: (factor: string) => string;
  /** A kind of thing, declared or the gateway's own. */
  readonly thing: (type: string) => string;
  /** Fields as the log names them, `person.email`. */
  readonly fields: (names: readonly string[]) => string;
}

export function useEventWords(): EventWords {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const log = model.resource('auditEvent');
  const own = (key: string, name: string): string => (Object.hasOwn(en, key) ? words(key as MessageKey) : showHidden(name));
  return {
    surface: (surface) => {
      const known = log && fieldOf(log, 'surface')?.values?.find(({ value }) => value.toLowerCase() === surface.toLowerCase());
      return known ? text(known.label) : showHidden(surface);
    },
    fields: (names) =>
      names
        .map((name) => {
          const [type = '', ...rest] = name.split('.');
          const resource = model.resource(type);
          const field = resource && fieldOf(resource, rest.join('.'));
          return resource && field ? `${text(resource.label)} · ${text(field.label)}` : showHidden(name);
        })
        .join(', '),
    factor: (factor) => own(`story.factor.${factor}`, factor),
    thing: (type) => {
      const declared = model.resource(type);
      return declared ? text(declared.label) : own(`story.thing.${type}`, type);
    },
  };
}
