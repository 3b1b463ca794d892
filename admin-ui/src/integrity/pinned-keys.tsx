import { useEffect, useState } from 'react';
import { Alert, Box, Button, TextField } from '@mui/material';
import { useStore } from 'ra-core';
import { useWords } from '../language/use-words.ts';
import { MalformedProof, parseVerifierKey, type VerifierKey } from './signed-note.ts';

/** Kept in this browser, as the way things look is: public keys are no secret, and say nothing of what was looked at. */
const KEY = 'preferences.logKeys';
const MOST = 20_000;

const linesOf = (text: string): readonly string[] => text.split(/\s+/).filter((line) => line !== '');

/** Reads keys that stand one on a line, each as `sallyport verify` takes it: what follows an `@` is its last size. */
export async function readKeys(text: string): Promise<{ readonly keys: readonly VerifierKey[]; readonly wrong: readonly string[] }> {
  const keys: VerifierKey[] = [];
  const wrong: string[] = [];
  for (const line of linesOf(text))
    try {
      keys.push(await parseVerifierKey(line.replace(/@\d{1,16}$/, '')));
    } catch (fault) {
      if (!(fault instanceof MalformedProof)) throw fault;
      wrong.push(line);
    }
  return { keys, wrong };
}

export const usePinnedKeys = () => useStore<string>(KEY, '');

/** Keys that this person got by another way than this gateway: "verify this event" believes them alone. */
export function PinnedKeys() {
  const words = useWords();
  const [pinned, setPinned] = usePinnedKeys();
  const [typed, setTyped] = useState(pinned);
  const [read, setRead] = useState<{ readonly keys: readonly VerifierKey[]; readonly wrong: readonly string[] } | null>(null);
  useEffect(() => {
    let live = true;
    void readKeys(typed).then((found) => live && setRead(found));
    return () => {
      live = false;
    };
  }, [typed]);
  const wrong = read?.wrong ?? [];
  const changed = linesOf(typed).join('\n') !== pinned;
  return (
    <Box
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong.length === 0) setPinned(linesOf(typed).join('\n'));
      }}
      sx={{ display: 'grid', gap: 1 }}
    >
      <TextField
        multiline
        minRows={2}
        label={words('integrity.pin')}
        value={typed}
        error={wrong.length > 0}
        helperText={wrong.length > 0 ? words('integrity.pin.wrong', { line: (wrong[0] ?? '').slice(0, 60) }) : words('integrity.pin.help')}
        onChange={(event) => setTyped(event.target.value.slice(0, MOST))}
        slotProps={{ htmlInput: { spellCheck: false, autoComplete: 'off' } }}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
        <Button type="submit" variant="outlined" color="inherit" disabled={!changed || wrong.length > 0 || read === null}>
          {words('integrity.pin.keep')}
        </Button>
        <Box role="status" sx={{ fontSize: '0.8125rem', color: 'text.secondary' }}>
          {pinned !== '' && !changed ? words('integrity.pin.kept', { smart_count: linesOf(pinned).length }) : ''}
        </Box>
      </Box>
      {pinned === '' ? <Alert severity="info">{words('integrity.pin.why')}</Alert> : null}
    </Box>
  );
}
