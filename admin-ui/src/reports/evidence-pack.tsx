import { useEffect, useRef, useState } from 'react';
import PackIcon from '@mui/icons-material/FolderZipOutlined';
import { Alert, Box, Button, LinearProgress, Link } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useLocale } from 'ra-core';
import { Link as RouterLink } from 'react-router';
import { useModel } from '../catalogue/console-context.tsx';
import { FailureNotice } from '../feedback/failure-notice.tsx';
import { sizeText } from '../fields/size-text.ts';
import { formatDecimal } from '../fields/format.ts';
import { NeedsPermission } from '../fields/masked.tsx';
import { fetchFile } from '../gateway/fetch-file.ts';
import { CommandText } from '../integrity/command-text.tsx';
import { READ_INTEGRITY } from '../integrity/log-state.ts';
import { verifyCommand } from '../integrity/verify-command.ts';
import { useWords } from '../language/use-words.ts';
import { saveFile } from '../lists/export-rows.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { downloadPack, type Pack, type PackProgress } from './download-pack.ts';
import { packPath, PACKING, type Selection } from './selection.ts';

type Standing =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly progress: PackProgress | null }
  | { readonly state: 'done'; readonly pack: Omit<Pack, 'file'> }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly error: unknown };

/** The selection as a file for outsiders: its download, with progress, and how to check it afterwards. */
export function EvidencePack({ selection, origin, events }: { readonly selection: Selection; readonly origin: string | null; readonly events: number }) {
  const { holds } = useModel();
  const words = useWords();
  const language = useLocale();
  const locale = useFormatLocale();
  const [standing, setStanding] = useState<Standing>({ state: 'idle' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const lacking = PACKING.find((permission) => !holds(permission));
  const running = standing.state === 'running';

  const start = (): void => {
    if (running) return;
    const control = new AbortController();
    abort.current = control;
    setStanding({ state: 'running', progress: null });
    downloadPack(
      packPath(selection, language),
      { act: words('reports.pack.act'), object: words('reports.pack.object', { smart_count: events, count: formatDecimal(String(events), locale) }) },
      (progress) => !control.signal.aborted && setStanding({ state: 'running', progress }),
      control.signal,
    ).then(
      ({ file, ...pack }) => {
        saveFile(pack.name, file);
        setStanding({ state: 'done', pack });
      },
      (error: unknown) => setStanding(control.signal.aborted ? { state: 'cancelled' } : { state: 'failed', error }),
    );
  };
  if (lacking) {
    return (
      <Box>
        <Box sx={{ mb: 0.5 }}>{words('reports.pack.needs')}</Box>
        <NeedsPermission permission={lacking} tenantId={selection.tenantId ?? null} />
      </Box>
    );
  }
  return (
    <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }} data-pack={standing.state}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <Button
          variant="outlined"
          color="warning"
          startIcon={<PackIcon />}
          aria-disabled={running || events === 0}
          aria-busy={running}
          onClick={(event) => events > 0 && event.detail < 2 && start()}
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          sx={(theme) => ({ borderColor: 'currentColor', borderWidth: 1.5, background: theme.tokens.warningSoft })}
        >
          {words('reports.pack.download')}
        </Button>
        {running ? (
          <Button color="inherit" onClick={() => abort.current?.abort()}>
            {words('common.cancel')}
          </Button>
        ) : null}
      </Box>
      {standing.state === 'running' ? <Progress progress={standing.progress} /> : null}
      {standing.state === 'cancelled' ? <Alert severity="info">{words('reports.pack.cancelled')}</Alert> : null}
      {standing.state === 'failed' ? <FailureNotice error={standing.error} retry={start} /> : null}
      {standing.state === 'done' ? <Done pack={standing.pack} origin={origin} /> : null}
    </Box>
  );
}

function Progress({ progress }: { readonly progress: PackProgress | null }) {
  const words = useWords();
  const locale = useFormatLocale();
  const part = progress?.expected ? Math.min(99, (progress.bytes / progress.expected) * 100) : null;
  return (
    <Box>
      <LinearProgress
        variant={part === null ? 'indeterminate' : 'determinate'}
        {...(part === null ? {} : { value: part })}
        aria-label={words('reports.pack.running')}
        sx={{ borderRadius: 2 }}
      />
      <Box className="figures" sx={{ mt: 0.5, fontSize: '0.8125rem', color: 'text.secondary' }}>
        {progress
          ? words('reports.pack.progress', {
              bytes: sizeText(progress.bytes, locale),
              expected: sizeText(progress.expected ?? progress.bytes, locale),
              count: formatDecimal(String(progress.events ?? 0), locale),
              smart_count: progress.events ?? 0,
            })
          : words('reports.pack.running')}
      </Box>
    </Box>
  );
}

/** Keys as the gateway gives them: for the command's form. Who checks puts in those that they got by another way. */
const useServedKeys = () =>
  useQuery({
    queryKey: ['log-keys'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await (await fetchFile('/log/keys', 'text/plain', { signal })).text()).split('\n').filter((line) => line !== ''),
  });

function Done({ pack, origin }: { readonly pack: Omit<Pack, 'file'>; readonly origin: string | null }) {
  const { holds } = useModel();
  const words = useWords();
  const locale = useFormatLocale();
  const { data: keys } = useServedKeys();
  return (
    <Alert severity="success" role="status">
      <Box sx={{ fontWeight: 600 }}>
        {words('reports.pack.done', {
          name: pack.name,
          bytes: sizeText(pack.bytes, locale),
          count: formatDecimal(String(pack.events ?? 0), locale),
          smart_count: pack.events ?? 0,
        })}
      </Box>
      <Box sx={{ my: 0.5 }}>{words('reports.pack.check')}</Box>
      {origin && keys ? (
        <CommandText
          text={verifyCommand(
            pack.name,
            origin,
            keys.map((verifier) => ({ verifier, lastSize: null })),
          )}
          label={words('integrity.command.copy')}
        />
      ) : null}
      <Box sx={{ mt: 0.75, display: 'flex', flexWrap: 'wrap', gap: 1.5 }}>
        <Link component={RouterLink} to={`/story/${pack.correlationId}`} color="inherit" underline="always">
          {words('reports.pack.story')}
        </Link>
        {holds(READ_INTEGRITY) ? (
          <Link component={RouterLink} to="/integrity" color="inherit" underline="always">
            {words('reports.pack.keys')}
          </Link>
        ) : null}
      </Box>
    </Alert>
  );
}
