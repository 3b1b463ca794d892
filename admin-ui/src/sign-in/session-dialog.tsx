import { useSyncExternalStore } from 'react';
import { Box, Dialog, DialogContent, DialogTitle } from '@mui/material';
import { useModel } from '../catalogue/console-context.tsx';
import { loadViewer } from '../catalogue/load-model.ts';
import { sessionGate } from '../gateway/gates.ts';
import { useWords } from '../language/use-words.ts';
import { SignInForm } from './sign-in-form.tsx';

/** The session ended: sign in again over the page, which keeps everything typed. */
export function SessionDialog() {
  const { viewer } = useModel();
  const words = useWords();
  const question = useSyncExternalStore(sessionGate.subscribe, sessionGate.current);
  const resume = (): void => {
    loadViewer().then(
      // Somebody else signed in: nothing of the first person may stay on the screen.
      (now) => (now.id === viewer.id ? sessionGate.answer() : window.location.replace('/')),
      () => window.location.replace('/sign-in'),
    );
  };
  return (
    <Dialog open={question !== null} maxWidth="xs" fullWidth aria-labelledby="session-title" slotProps={{ backdrop: { sx: { backdropFilter: 'blur(10px)' } } }}>
      <DialogTitle id="session-title">{words('session.ended')}</DialogTitle>
      <DialogContent>
        <Box sx={{ mb: 2, color: 'text.secondary' }}>{words('session.ended.help')}</Box>
        <SignInForm email={viewer.email} onDone={resume} />
      </DialogContent>
    </Dialog>
  );
}
