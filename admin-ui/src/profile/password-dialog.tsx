import { useState } from 'react';
import { Alert, Box, TextField } from '@mui/material';
import { changePassword } from '../gateway/authentication-calls.ts';
import { useWords } from '../language/use-words.ts';
import { CodeField } from '../sign-in/code-field.tsx';
import { FactorDialog } from './factor-dialog.tsx';

const SHORTEST_PASSWORD = 12;

/** A new password, for the old one and a fresh code; other sessions end. */
export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');
  const [repeated, setRepeated] = useState('');
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  const mismatch = repeated !== '' && repeated !== next;
  const change = async (): Promise<void> => {
    const typed = code;
    setCode('');
    await changePassword(password, typed, next);
    setDone(true);
  };
  return (
    <FactorDialog
      title={words('profile.changePassword')}
      submit={words('profile.changePassword')}
      onSubmit={done ? null : change}
      ready={code.length === 6 && password !== '' && next.length >= SHORTEST_PASSWORD && next === repeated}
      onClose={onClose}
    >
      {done ? (
        <Alert severity="success">{words('profile.passwordChanged')}</Alert>
      ) : (
        <>
          <Box sx={{ color: 'text.secondary' }}>{words('profile.othersEnd')}</Box>
          <TextField
            label={words('profile.currentPassword')}
            type="password"
            required
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            slotProps={{ htmlInput: { autoComplete: 'current-password', maxLength: 1024 } }}
          />
          <TextField
            label={words('enrol.password')}
            type="password"
            required
            value={next}
            onChange={(event) => setNext(event.target.value)}
            helperText={words('enrol.password.help', { length: SHORTEST_PASSWORD })}
            slotProps={{ htmlInput: { autoComplete: 'new-password', maxLength: 1024 } }}
          />
          <TextField
            label={words('enrol.repeat')}
            type="password"
            required
            value={repeated}
            error={mismatch}
            helperText={mismatch ? words('enrol.mismatch') : undefined}
            onChange={(event) => setRepeated(event.target.value)}
            slotProps={{ htmlInput: { autoComplete: 'new-password', maxLength: 1024 } }}
          />
          <CodeField label={words('stepUp.code')} value={code} onChange={setCode} first={false} />
        </>
      )}
    </FactorDialog>
  );
}
