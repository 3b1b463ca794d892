import { useModel, useText } from '../catalogue/console-context.tsx';

/** What an act is called, with the thing that it is done to, since several are called alike. */
export function useActTitle(): (action: string) => string {
  const model = useModel();
  const text = useText();
  return (name) => {
    const action = model.action(name);
    const resource = action && model.resource(action.resource);
    return action ? [text(action.label), ...(resource ? [text(resource.label)] : [])].join(' · ') : name;
  };
}
