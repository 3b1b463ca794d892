import { GlobalStyles } from '@mui/material';

/** On paper: A4, no chrome, what is folded is open, no line of a table torn apart. */
export const PAPER = (
  <GlobalStyles
    styles={{
      '@page': { size: 'A4', margin: '16mm 14mm' },
      '@media print': {
        html: { fontSize: '12px' },
        'main, main > *': { maxWidth: 'none !important' },
        'tr, li': { breakInside: 'avoid' },
        'h1, h2, h3': { breakAfter: 'avoid' },
        thead: { display: 'table-header-group' },
        'details::details-content': { contentVisibility: 'visible', display: 'block', height: 'auto' },
        'pre, [tabindex="0"]': { maxHeight: 'none !important', overflow: 'visible !important', whiteSpace: 'pre-wrap' },
      },
    }}
  />
);
