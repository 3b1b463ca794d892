import { useEffect } from 'react';

/** The tab's title: plain text, never markup. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Sallyport` : 'Sallyport';
  }, [title]);
}
