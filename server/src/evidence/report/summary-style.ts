/** The summary's own style sheet: for paper first, and for a screen without our console. */
export const SUMMARY_STYLE = `
:root { color-scheme: light; }
body { font: 10.5pt/1.45 system-ui, sans-serif; color: #14181f; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 0.5rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 0.4rem; border-bottom: 1px solid #c8cfd9; padding-bottom: 0.2rem; break-after: avoid; }
h3 { font-size: 1rem; margin: 1.2rem 0 0.3rem; break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.6rem 0; }
dt { color: #4c5666; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: 0.92em; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #e3e7ed; overflow-wrap: break-word; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.time { width: 11em; font-variant-numeric: tabular-nums; }
.answers { break-after: avoid; break-inside: avoid; }
.date { white-space: nowrap; }
th { color: #4c5666; font-weight: 600; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
code { overflow-wrap: anywhere; font-size: 0.92em; }
small { color: #38414f; }
.note { color: #4c5666; }
@page { size: A4; margin: 18mm 15mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 8pt system-ui, sans-serif; color: #4c5666; } }
@media print { body { margin: 0; max-width: none; padding: 0; } }
`;

/** What stands in the style sheet as it is: anything else could end the text. */
const PLAIN = /^[\w .:/·-]+$/;

/** A line at the foot of each printed page; none where the text is not plain. */
export const pageFooter = (text: string): string => (PLAIN.test(text) ? `@page { @bottom-left { content: '${text}'; font: 8pt system-ui, sans-serif; color: #4c5666; } }\n` : '');
