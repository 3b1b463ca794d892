import { DirectiveLocation, GraphQLDirective, GraphQLNonNull, GraphQLSchema, GraphQLString, lexicographicSortSchema } from 'graphql';
import { printSchemaWithDirectives } from '@graphql-tools/utils';

const text = { type: new GraphQLNonNull(GraphQLString) };
const locations = [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.INPUT_FIELD_DEFINITION];

const DIRECTIVES = [
  new GraphQLDirective({
    name: 'access',
    description: 'The permission that this field stands under.',
    locations,
    args: { permission: text, effect: text, reach: text, tier: text },
  }),
  new GraphQLDirective({ name: 'open', description: 'Plumbing that holds no data, and why it is open.', locations, args: { reason: text } }),
  new GraphQLDirective({ name: 'sensitive', description: 'Asks for a step-up proof.', locations: [DirectiveLocation.FIELD_DEFINITION], args: { when: text } }),
  new GraphQLDirective({ name: 'personal', description: 'Holds personal data; reading it leaves an event.', locations: [DirectiveLocation.FIELD_DEFINITION] }),
];

/** The schema as text, sorted, with its access rules as directives. */
export function printSdl(schema: GraphQLSchema): string {
  const config = schema.toConfig();
  const described = new GraphQLSchema({ ...config, directives: [...config.directives, ...DIRECTIVES] });
  return `# Made by \`npm run gen\` from the declarations. Do not edit.\n\n${printSchemaWithDirectives(lexicographicSortSchema(described))}\n`;
}
