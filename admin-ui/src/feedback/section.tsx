import { Box, Paper, Skeleton, Typography } from '@mui/material';
import { Fragment, type ReactNode } from 'react';
import { FailureNotice } from './failure-notice.tsx';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  /** One line under the title. */
  readonly help?: ReactNode;
  /** At the right of the title. */
  readonly action?: ReactNode;
  readonly error?: unknown;
  readonly retry?: () => void;
  /** What comes is not there yet. */
  readonly waiting?: boolean;
  readonly children: ReactNode;
}

/** A titled part of a page, with the states that its content can be in. */
export function Section({ id, title, help, action, error, retry, waiting = false, children }: SectionProps) {
  return (
    <Paper variant="outlined" component="section" aria-labelledby={id} sx={{ p: 2 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start', justifyContent: 'space-between', mb: 1.25 }}>
        <Box sx={{ minWidth: 0, flex: '1 1 220px' }}>
          <Typography variant="h2" id={id}>
            {title}
          </Typography>
          {help ? <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>{help}</Box> : null}
        </Box>
        {action}
      </Box>
      {error ? <FailureNotice error={error} {...(retry ? { retry } : {})} /> : waiting ? <Skeleton variant="rounded" height={96} /> : children}
    </Paper>
  );
}

/** What would be here, and how it gets here. */
export const Nothing = ({ children }: { readonly children: ReactNode }) => <Box sx={{ color: 'text.secondary', py: 0.5 }}>{children}</Box>;

/** A few facts in one text that breaks where it has to; empty ones leave no trace. */
export function FactLine({ children }: { readonly children: readonly ReactNode[] }) {
  const facts = children.filter((fact) => fact !== null && fact !== false && fact !== undefined && fact !== '');
  return (
    <Box sx={{ fontSize: '0.8125rem', color: 'text.secondary', '& a': { textDecoration: 'underline' } }}>
      {facts.map((fact, index) => (
        // The facts of one place never change their order.
        <Fragment key={index}>
          {index > 0 ? ' · ' : ''}
          {fact}
        </Fragment>
      ))}
    </Box>
  );
}
