import { Alert, Box, Button, TableCell, TableRow } from '@mui/material';
import { formatDecimal, formatTime, showHidden } from '../fields/format.ts';
import { StateChip } from '../fields/state-chip.tsx';
import { TimeText } from '../fields/time-text.tsx';
import { useWords } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { useFormatLocale, useTimeZone } from '../preferences/use-preferences.ts';
import type { BrowserMemory } from './browser-memory.ts';
import { parseCheckpoint, parseNote } from './signed-note.ts';

const BROKEN = new Set<BrowserMemory['continuation']>(['behind', 'fork', 'unsigned']);

/** What this browser remembers of the log, as one line among those who keep checkpoints. */
export function BrowserRow({ memory }: { readonly memory: BrowserMemory }) {
  const words = useWords();
  const locale = useFormatLocale();
  const broken = BROKEN.has(memory.continuation);
  const first = memory.continuation === 'new';
  return (
    <TableRow data-anchor="browser" data-continuation={memory.continuation}>
      <TableCell component="th" scope="row" sx={{ fontWeight: 550 }}>
        {words('integrity.browser')}
      </TableCell>
      <TableCell>
        <StateChip
          tone={broken ? 'bad' : first ? 'neutral' : 'good'}
          label={words(broken ? 'integrity.browser.broken' : first ? 'integrity.browser.new' : 'integrity.browser.continues')}
        />
        {first && memory.kept ? (
          <Box sx={{ color: 'text.secondary' }}>{words('integrity.browser.other', { origin: showHidden(parseCheckpoint(parseNote(memory.kept.note).text).origin) })}</Box>
        ) : null}
      </TableCell>
      <TableCell align="right" className="figures">
        {memory.size === null ? '—' : formatDecimal(String(memory.size), locale)}
      </TableCell>
      <TableCell>{memory.kept ? <TimeText iso={memory.kept.at} relative /> : '—'}</TableCell>
    </TableRow>
  );
}

/** The log does not continue what this browser saw of it: two signed statements that can't both be true are worth keeping. */
export function BrowserAlarm({ memory }: { readonly memory: BrowserMemory }) {
  const words = useWords();
  const locale = useFormatLocale();
  const [zone] = useTimeZone();
  const { continuation, kept, size } = memory;
  if (continuation !== 'behind' && continuation !== 'fork' && continuation !== 'unsigned') return null;
  return (
    <Alert
      severity="error"
      data-browser-alarm={continuation}
      action={
        kept ? (
          <Button color="inherit" onClick={() => saveFile(`checkpoint-${size ?? 0}.txt`, kept.note, 'text/plain;charset=utf-8')}>
            {words('integrity.browser.download')}
          </Button>
        ) : undefined
      }
    >
      {words(`integrity.browser.${continuation}`, { count: formatDecimal(String(size ?? 0), locale), time: kept ? formatTime(kept.at, locale, zone) : '—' })}
    </Alert>
  );
}
