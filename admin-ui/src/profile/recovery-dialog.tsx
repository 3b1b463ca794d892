import { useState } from 'react';
import { Box } from '@mui/material';
import { renewRecoveryCodes } from '../gateway/authentication-calls.ts';
import { useWords } from '../language/use-words.ts';
import { CodeField } from '../sign-in/code-field.tsx';
import { RecoveryCodes } from '../sign-in/recovery-codes.tsx';
import { FactorDialog } from './factor-dialog.tsx';

/** Ten new recovery codes for a fresh code; the old ones are void. */
export function RecoveryDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords();
  const [code, setCode] = useState('');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = async (): Promise<void> => {
    const typed = code;
    setCode('');
    setCodes((await renewRecoveryCodes(typed)).recoveryCodes);
  };
  return (
    <FactorDialog title={words('profile.newCodes')} submit={words('profile.newCodes')} onSubmit={codes ? null : renew} ready={code.length === 6} onClose={onClose}>
      {codes ? (
        <RecoveryCodes codes={codes} />
      ) : (
        <>
          <Box sx={{ color: 'text.secondary' }}>{words('profile.newCodes.help')}</Box>
          <CodeField label={words('stepUp.code')} value={code} onChange={setCode} />
        </>
      )}
    </FactorDialog>
  );
}
