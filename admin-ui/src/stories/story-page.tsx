import { useParams } from 'react-router';
import { EventSearch } from './event-search.tsx';
import { StoryView } from './story-view.tsx';

/** With an ID: the whole story. Without: the log to find one in. */
export function StoryPage() {
  const { correlationId } = useParams();
  return correlationId ? <StoryView key={correlationId} correlationId={correlationId} /> : <EventSearch />;
}

export default StoryPage;
