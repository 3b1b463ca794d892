import type { GatewayRecord } from '../catalogue/documents.ts';
import { namesOf } from '../catalogue/use-records.ts';
import { useWords } from '../language/use-words.ts';
import { NameChips } from './name-chips.tsx';

/** Where something holds: everywhere, or in named tenants. */
export function Reach({ record, dense = false }: { readonly record: GatewayRecord; readonly dense?: boolean }) {
  const words = useWords();
  return record['everywhere'] === true ? <span>{words('mine.everywhere')}</span> : <NameChips names={namesOf(record, 'tenantIds')} field="tenantIds" dense={dense} />;
}
