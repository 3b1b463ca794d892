import { Link } from '@mui/material';
import { Link as RouterLink } from 'react-router';
import type { CatalogueRelation } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel } from '../catalogue/console-context.tsx';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { useFormatLocale } from '../preferences/use-preferences.ts';
import { Absent, titleOf } from './field-value.tsx';
import { formatDecimal, shortId } from './format.ts';
import { NeedsPermission } from './masked.tsx';

interface RelationProps {
  readonly relation: CatalogueRelation;
  readonly record: GatewayRecord;
}

/** Name of the related record, or how many there are; no link (for places that are a link themselves). */
export function RelationName({ relation, record }: RelationProps) {
  const { resource } = useModel();
  const locale = useFormatLocale();
  const value = record[relation.name];
  if (value === undefined) return <NeedsPermission permission={relation.permission} short />;
  if (value === null) return <Absent />;
  if (relation.kind === 'count') return <span className="figures">{formatDecimal(String(value as number), locale)}</span>;
  const related = value as GatewayRecord;
  const declared = resource(relation.resource);
  return <span>{(declared && titleOf(declared, related)) || shortId(related.id)}</span>;
}

/** The related record as a link. */
export function RelationValue({ relation, record }: RelationProps) {
  const { resource } = useModel();
  const value = record[relation.name];
  const declared = resource(relation.resource);
  if (relation.kind !== 'one' || value === null || value === undefined || !declared) return <RelationName relation={relation} record={record} />;
  return (
    <Link
      component={RouterLink}
      to={`/${declared.plural}/${encodeURIComponent((value as GatewayRecord).id)}`}
      onClick={(event) => event.stopPropagation()}
      sx={{ color: 'text.primary', textDecorationColor: 'divider' }}
      underline="always"
    >
      <RelationName relation={relation} record={record} />
    </Link>
  );
}
