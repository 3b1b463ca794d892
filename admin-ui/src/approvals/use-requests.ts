import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { useWords } from '../language/use-words.ts';
import { showHidden } from '../fields/format.ts';
import { loadCounts, loadRequest, loadRequests, requestResource, type ApprovalCounts, type ApprovalRequest, type InboxTab } from './requests.ts';

/** All of it is asked again when the gateway says that a request has moved on. */
export const APPROVALS_KEY = 'approvals';

/** How many requests wait for this viewer, and how many of their own wait; undefined where there are none to be had. */
export function useApprovalCounts(): ApprovalCounts | undefined {
  const model = useModel();
  const enabled = requestResource(model) !== null;
  return useQuery({ queryKey: [APPROVALS_KEY, 'counts', model.viewer.id], enabled, queryFn: ({ signal }) => loadCounts(signal) }).data;
}

export function useRequests(tab: InboxTab, first: number) {
  const model = useModel();
  const resource = requestResource(model);
  return useQuery({
    queryKey: [APPROVALS_KEY, 'list', tab, first],
    enabled: resource !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    queryFn: ({ signal }) => (resource ? loadRequests(model, resource, tab, first, signal) : null),
  });
}

export function useRequest(id: string) {
  const model = useModel();
  const resource = requestResource(model);
  return useQuery({
    queryKey: [APPROVALS_KEY, 'one', id],
    enabled: resource !== null,
    staleTime: 0,
    queryFn: ({ signal }) => (resource ? loadRequest(model, resource, id, signal) : null),
  });
}

export interface RequestWords {
  /** The act, as its button calls it. */
  readonly act: (request: ApprovalRequest) => string;
  /** What it is done to; the kind of thing where it has no name yet. */
  readonly object: (request: ApprovalRequest) => string;
  readonly who: (request: ApprovalRequest) => string;
}

export function useRequestWords(): RequestWords {
  const model = useModel();
  const text = useText();
  const words = useWords();
  return {
    act: (request) => {
      const action = model.action(request.action);
      return action ? text(action.label) : request.action;
    },
    object: (request) => {
      if (request.targetTitle) return showHidden(request.targetTitle);
      // What is yet to be made has no name: whoever asks for it tells requests apart.
      if (model.action(request.action)?.creates && request.requesterName) return showHidden(request.requesterName);
      const resource = model.resource(request.targetType);
      return resource ? text(resource.label) : request.targetType;
    },
    who: (request) => (request.requesterId === model.viewer.id ? words('approvals.byYou') : showHidden(request.requesterName ?? words('approvals.someone'))),
  };
}
