import type { GraphQLSchema } from 'graphql';
import { coerceVariables } from './describe-invalid.ts';
import type { Execute } from './execute.ts';
import type { GatewayPlugin } from './exchange.ts';

/**
 * The engine's own complaints about a variable repeat the value that was sent (THREATS X10). So variables are
 * coerced here, where only their paths are told, and then the operation runs by our choice of schema and engine.
 */
export function useCompiledExecution(schema: GraphQLSchema, execute: Execute): GatewayPlugin {
  return {
    onExecute({ context: { exchange, params }, setExecuteFn }) {
      const { prepared, viewer, context } = exchange;
      // Only a bug could skip the plugin before; then nothing runs.
      if (!prepared || !context) throw new Error('a document reached execution unprepared');
      const sent = params.variables ?? {};
      const variables = { sent, coerced: coerceVariables(schema, prepared.operation, sent) };
      setExecuteFn(() => {
        exchange.begun = true;
        return execute(prepared, variables, context, viewer);
      });
    },
  };
}
