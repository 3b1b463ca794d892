import { useState } from 'react';
import VerifyIcon from '@mui/icons-material/VerifiedUserOutlined';
import { Button } from '@mui/material';
import { useWords } from '../language/use-words.ts';
import type { ShownFacts } from './check-event.ts';
import { VerifyDialog } from './verify-dialog.tsx';

/** The way to a check of one event in this browser. */
export function VerifyEvent({ eventId, facts, small = false }: { readonly eventId: string; readonly facts: ShownFacts; readonly small?: boolean }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        className="no-print"
        variant={small ? 'text' : 'outlined'}
        color="inherit"
        startIcon={<VerifyIcon />}
        data-verify-event={eventId}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        sx={small ? { minHeight: 24, px: 0.75, ml: -0.75, mt: 0.5, fontSize: '0.75rem', color: 'text.secondary' } : {}}
      >
        {words('verify.open')}
      </Button>
      {open ? <VerifyDialog eventId={eventId} facts={facts} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
