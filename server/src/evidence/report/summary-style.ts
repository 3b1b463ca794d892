/** The summary's own style sheet: for paper first, and for a screen without our console. */
export const SUMMARY_STYLE = `
:root { color-scheme: light; }
body { font: 10.5pt/1.45 system-ui, sans-serif; color: #14181f; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 0.5rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 0.4rem; border-bottom: 1px solid #c8cfd9; padding-bottom: 0.2rem; break-after: avoid; }
h3 { font-size: 1rem; margin: 1.2rem 0 0.3rem; break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.6rem 0; }
dt { color: #4c5666; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.92em; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem 0.25rem 0; border-bottom: 1px solid #e3e7ed; overflow-wrap: anywhere; }
th { color: #4c5666; font-weight: 600; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
code, small { overflow-wrap: anywhere; }
.note { color: #4c5666; }
@page { margin: 18mm 15mm; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
`;
