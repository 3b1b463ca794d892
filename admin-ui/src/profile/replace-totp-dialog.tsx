import { useState } from 'react';
import { Box, TextField } from '@mui/material';
import { confirmTotpReplacement, startTotpReplacement, type AuthenticatorSetup } from '../gateway/authentication-calls.ts';
import { useWords } from '../language/use-words.ts';
import { AuthenticatorQr } from '../sign-in/authenticator-qr.tsx';
import { CodeField } from '../sign-in/code-field.tsx';
import { RecoveryCodes } from '../sign-in/recovery-codes.tsx';
import { FactorDialog } from './factor-dialog.tsx';

/** A new authenticator: password and current code, then the first code of the new one. Other sessions end. */
export function ReplaceTotpDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [setup, setSetup] = useState<(AuthenticatorSetup & { replacement: string }) | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const send = async (): Promise<void> => {
    const typed = code;
    setCode('');
    if (setup) setCodes((await confirmTotpReplacement(setup.replacement, typed)).recoveryCodes);
    else {
      setSetup(await startTotpReplacement(password, typed));
      setPassword('');
    }
  };
  return (
    <FactorDialog
      title={words('profile.replace')}
      submit={words(setup ? 'profile.confirmNew' : 'signIn.continue')}
      onSubmit={codes ? null : send}
      ready={code.length === 6 && (setup !== null || password !== '')}
      onClose={onClose}
    >
      {codes ? (
        <RecoveryCodes codes={codes} />
      ) : setup ? (
        <>
          <AuthenticatorQr setup={setup} />
          <CodeField key="new" label={words('profile.newCode')} value={code} onChange={setCode} help={words('enrol.code.help')} />
        </>
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
          <CodeField key="current" label={words('stepUp.code')} value={code} onChange={setCode} first={false} />
        </>
      )}
    </FactorDialog>
  );
}
