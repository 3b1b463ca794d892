import type { Builder } from '../../../builder.ts';
import { READ_EVENT } from '../permissions.ts';
import type { StoryTypes } from '../story-types.ts';
import type { Declarations } from '../story-texts.ts';
import type { Control } from './control.ts';
import { controls, kindsOf } from './controls.ts';

const access = READ_EVENT;
const filled = { access, nullable: false } as const;

/** `auditControls`: which controls the events of this gateway help with, and how. It claims no compliance and no certification (C6). */
export function addControls(builder: Builder, { modules }: Declarations, { words }: StoryTypes) {
  const kinds = modules.flatMap(({ events }) => events.map(({ kind }) => kind));
  const control = builder.objectRef<Control>('AuditControl').implement({
    description: 'A control that events help with. Whether it is met depends on much that no log sees.',
    fields: (t) => ({
      id: t.exposeID('id', filled),
      framework: t.exposeString('framework', filled),
      title: t.field({ type: words, ...filled, resolve: (stated) => stated.title }),
      helps: t.field({ type: words, ...filled, resolve: (stated) => stated.helps }),
      kinds: t.field({ type: ['String'], ...filled, description: 'Kinds of events that help with it.', resolve: (stated) => kindsOf(stated, kinds) }),
    }),
  });
  builder.queryField('auditControls', (t) => t.field({ type: [control], ...filled, resolve: () => controls }));
  return control;
}

export type ControlType = ReturnType<typeof addControls>;
