import type { Catalogue } from '@sallyport/schema/vocabulary/catalogue.ts';
import { callGateway, sendDocument } from '../gateway/send-request.ts';
import { VIEWER_QUERY, type ConsoleViewer } from './viewer.ts';

/** Who is at the keyboard. @throws {GatewayFailure} UNAUTHENTICATED without waiting. */
export async function loadViewer(): Promise<ConsoleViewer> {
  const answer = await sendDocument<{ viewer: ConsoleViewer }>(VIEWER_QUERY, {}, { waitForSignIn: false });
  return answer.data.viewer;
}

/** What the gateway serves, and to whom: both are asked at every start, as modules and grants change. */
export async function loadStart(): Promise<{ catalogue: Catalogue; viewer: ConsoleViewer }> {
  const [viewer, catalogue] = await Promise.all([loadViewer(), callGateway<Catalogue>('/catalogue.json')]);
  return { catalogue, viewer };
}
