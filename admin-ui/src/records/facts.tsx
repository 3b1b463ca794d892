import { useState } from 'react';
import EyeIcon from '@mui/icons-material/VisibilityOutlined';
import { Box, Button, Paper, Tooltip, Typography } from '@mui/material';
import { useNotify } from 'ra-core';
import type { CatalogueField, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel, useText } from '../catalogue/console-context.tsx';
import { isPersonal } from '../catalogue/console-model.ts';
import { recordDocument, REFUSED, type GatewayRecord } from '../catalogue/documents.ts';
import { FieldValue } from '../fields/field-value.tsx';
import { RelationValue } from '../fields/relation-value.tsx';
import { Masked, NeedsPermission } from '../fields/masked.tsx';
import { failureKeys } from '../feedback/failure-words.ts';
import { Dismissed } from '../gateway/gates.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { sendWithStepUp } from '../gateway/pass-step-up.ts';
import { useWords } from '../language/use-words.ts';
import { groupFacts } from './fact-groups.ts';

/** Personal values that were revealed on this page; they end with it. */
function useReveal(
  resource: CatalogueResource,
  record: GatewayRecord,
): { readonly revealed: GatewayRecord; readonly busy: string | null; readonly reveal: (field: CatalogueField) => void } {
  const text = useText();
  const words = useWords();
  const notify = useNotify();
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>({});
  const [busy, setBusy] = useState<string | null>(null);
  const reveal = (field: CatalogueField): void => {
    if (busy) return;
    setBusy(field.name);
    sendWithStepUp<{ record: GatewayRecord | null }>(
      recordDocument(resource, field.name),
      { id: record.id },
      { act: words('field.reveal.act', { field: text(field.label) }), object: null },
    )
      .then(
        (answer) => {
          const refused = answer.refused.some((entry) => entry.path?.at(-1) === field.name);
          setValues((old) =>
            refused ? { ...old, [REFUSED]: [...((old[REFUSED] as string[] | undefined) ?? []), field.name] } : { ...old, [field.name]: answer.data.record?.[field.name] ?? null },
          );
        },
        (error: unknown) => {
          if (!(error instanceof Dismissed))
            notify(isFailure(error) ? words(failureKeys(error).what, { seconds: error.retryAfterSeconds ?? 0 }) : words('failure.console.what'), { type: 'error' });
        },
      )
      .finally(() => setBusy(null));
  };
  return { revealed: { ...record, ...values }, busy, reveal };
}

interface FactsProps {
  readonly resource: CatalogueResource;
  readonly record: GatewayRecord;
  /** Leaves out what the record does not say: an event of the log says little of all that one can say. */
  readonly sparse?: boolean;
}

export function Facts({ resource, record, sparse = false }: FactsProps) {
  const model = useModel();
  const text = useText();
  const words = useWords();
  const { revealed, busy, reveal } = useReveal(resource, record);
  const tenantId = record.tenantId ?? (resource.name === model.tenant?.name ? record.id : null);
  const refused = (revealed[REFUSED] as readonly string[] | undefined) ?? [];
  const isSaid = (field: CatalogueField): boolean => {
    const value = revealed[field.name];
    return !sparse || isPersonal(field) || !model.holds(field.permission) || !(value === null || value === undefined || (Array.isArray(value) && value.length === 0));
  };
  const groups = groupFacts(resource).map((group) => ({ ...group, fields: group.fields.filter(isSaid) }));
  return (
    <Paper variant="outlined" component="section" aria-label={words('record.facts')}>
      {groups
        .filter(({ fields, relations }) => fields.length + relations.length > 0)
        .map((group) => (
          <Box key={group.heading?.en ?? ''} sx={(theme) => ({ p: 2, '&:not(:last-of-type)': { borderBottom: `1px solid ${theme.tokens.line}` } })}>
            {group.heading ? (
              <Typography variant="h2" sx={{ mb: 1 }}>
                {text(group.heading)}
              </Typography>
            ) : null}
            <Box
              component="dl"
              sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'repeat(auto-fill, minmax(210px, 1fr))' }, columnGap: 3, rowGap: { xs: 0.5, sm: 1.5 } }}
            >
              {group.relations.map((relation) => (
                <Fact key={relation.name} label={text(relation.label)}>
                  {model.holds(relation.permission) ? (
                    <RelationValue relation={relation} record={record} />
                  ) : (
                    <NeedsPermission permission={relation.permission} tenantId={tenantId} />
                  )}
                </Fact>
              ))}
              {group.fields.map((field) => (
                <Fact key={field.name} label={text(field.label)} help={field.help ? text(field.help) : null} wide={field.type === 'json'}>
                  {!model.holds(field.permission) ? (
                    <NeedsPermission permission={field.permission} tenantId={tenantId} />
                  ) : isPersonal(field) && revealed[field.name] === undefined && !refused.includes(field.name) ? (
                    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5 }}>
                      <Masked />
                      <Tooltip title={words('field.reveal.help')}>
                        <Button
                          color="inherit"
                          startIcon={<EyeIcon />}
                          disabled={busy !== null}
                          onClick={() => reveal(field)}
                          aria-label={words('field.reveal.name', { field: text(field.label) })}
                          sx={{ minHeight: 24, py: 0, px: 0.75, fontSize: '0.75rem', color: 'text.secondary' }}
                        >
                          {words('field.reveal')}
                        </Button>
                      </Tooltip>
                    </Box>
                  ) : (
                    <FieldValue field={field} record={revealed} />
                  )}
                </Fact>
              ))}
            </Box>
          </Box>
        ))}
    </Paper>
  );
}

function Fact({
  label,
  help = null,
  wide = false,
  children,
}: {
  readonly label: string;
  readonly help?: string | null;
  readonly wide?: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <Box
      sx={{
        minWidth: 0,
        display: { xs: wide ? 'block' : 'grid', sm: 'block' },
        gridTemplateColumns: '112px minmax(0, 1fr)',
        columnGap: 1.5,
        alignItems: 'baseline',
        ...(wide ? { gridColumn: '1 / -1' } : {}),
      }}
    >
      <Box component="dt" sx={{ fontSize: '0.75rem', color: 'text.secondary' }} title={help ?? undefined}>
        {label}
      </Box>
      <Box component="dd" sx={{ m: 0, minHeight: 22 }}>
        {children}
      </Box>
    </Box>
  );
}
