import { Box, Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import { FactLine, Nothing, Section } from '../feedback/section.tsx';
import { shortId, showHidden } from '../fields/format.ts';
import { TimeText } from '../fields/time-text.tsx';
import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';
import { MONO } from '../theme/theme.ts';
import type { ReportPolicy } from './report.ts';

/** The text of what was in force: of each policy the parts that the events of the report name, word for word. */
export function ReportPolicies({ policies }: { readonly policies: readonly ReportPolicy[] }) {
  const words = useWords();
  const partName = (name: string): string => (Object.hasOwn(en, `reports.policy.${name}`) ? words(`reports.policy.${name}` as MessageKey) : name);
  return (
    <Section id="report-policies" title={words('reports.policies')} help={words('reports.policies.help')}>
      {policies.length === 0 ? <Nothing>{words('reports.none')}</Nothing> : null}
      {policies.map((policy) => (
        <Box key={policy.hash} sx={{ mb: 1.5 }}>
          <Link component={RouterLink} to={`/policy/${encodeURIComponent(policy.hash)}`} title={policy.hash} sx={{ fontFamily: MONO, fontSize: '0.8125rem', fontWeight: 600 }}>
            {shortId(policy.hash)}
          </Link>
          <FactLine>
            {[
              words('reports.policy.events', { smart_count: policy.events }),
              <>
                <TimeText iso={policy.firstAt} /> – <TimeText iso={policy.lastAt} />
              </>,
            ]}
          </FactLine>
          {partsOf(policy.parts).map(([name, value]) => (
            <Box
              key={name}
              component="details"
              sx={(theme) => ({
                mt: 0.75,
                border: `1px solid ${theme.tokens.line}`,
                borderRadius: '6px',
                '& > summary': { cursor: 'pointer', px: 1.25, py: 0.75, fontSize: '0.8125rem', fontWeight: 550 },
              })}
            >
              <summary>
                {partName(name)}
                {Array.isArray(value) ? ` (${value.length})` : ''}
              </summary>
              <Box
                component="pre"
                tabIndex={0}
                aria-label={partName(name)}
                sx={(theme) => ({ m: 0, p: 1.25, borderTop: `1px solid ${theme.tokens.line}`, maxHeight: 360, overflow: 'auto', fontFamily: MONO, fontSize: '0.75rem' })}
              >
                {showHidden(JSON.stringify(value, null, 2) ?? '')}
              </Box>
            </Box>
          ))}
        </Box>
      ))}
    </Section>
  );
}

const partsOf = (parts: unknown): readonly (readonly [string, unknown])[] =>
  parts !== null && typeof parts === 'object' ? Object.entries(parts).filter(([, value]) => !Array.isArray(value) || value.length > 0) : [];
