import { Faker, en, id_ID } from '@faker-js/faker';
import type { Kysely } from 'kysely';
import type { SeedOptions } from '../../vocabulary/define-module.ts';
import { type DemoRow, daysFromDemoDay, insertDemoRows, reference } from '../demo-rows.ts';

type Plan = 'starter' | 'growth' | 'business' | 'enterprise';

const LIMITS = {
  starter: { seats: 25, storage: 50, calls: 10_000, price: 1_500_000 },
  growth: { seats: 80, storage: 250, calls: 100_000, price: 7_500_000 },
  business: { seats: 300, storage: 1_000, calls: 1_000_000, price: 32_000_000 },
  enterprise: { seats: 2_000, storage: 10_000, calls: 20_000_000, price: 210_000_000 },
} as const satisfies Record<Plan, object>;

/** The first tenants are the same few characters in every demo, whatever its size. */
const CHARACTERS = [
  { name: 'PT Samudra Niaga Abadi', plan: 'business', status: 'active', risk: 'standard', environment: 'production' },
  { name: 'PT Bank Kencana Digital', plan: 'enterprise', status: 'active', risk: 'high', environment: 'production' },
  { name: 'CV Kopi Gayo Lestari', plan: 'starter', status: 'active', risk: 'low', environment: 'production' },
  { name: 'PT Cakrawala Logistik', plan: 'growth', status: 'trial', risk: 'standard', environment: 'production' },
  { name: 'PT Rumah Sakit Harapan Kita Semua', plan: 'enterprise', status: 'active', risk: 'high', environment: 'production' },
  { name: 'PT Samudra Niaga Abadi (Sandbox)', plan: 'business', status: 'active', risk: 'low', environment: 'sandbox' },
  { name: 'UD Batik Parang Jaya', plan: 'starter', status: 'suspended', risk: 'standard', environment: 'production' },
] as const;

/** What real tables hold: quotes, formulas, markup, right-to-left marks, emoji, very long names. */
const AWKWARD_NAMES = [
  'PT "Cahaya" O\'Neil & Söhne, Tbk.',
  "=cmd|'/C calc'!A0",
  '+62 Digital Kreatif',
  '<b>PT Tebal</b>',
  'PT \u202eesrever\u202c Mandiri',
  'Toko Bahagia 🎉 你好',
  `PT ${'Sangat '.repeat(24)}Panjang`,
  '@SUM(A1:A9) Konsultan',
];
const AWKWARD_NOTES = [
  '<img src=x onerror=alert(1)>',
  '=HYPERLINK("https://example.com","click")',
  'Line one\nline two\twith a tab; "quoted", comma',
  '{{constructor.constructor("x")()}}',
];

const PROVIDERS = ['Neraca Cloud', 'Gajiku', 'Relasi CRM', 'Lumbung ERP', 'Kabar Chat', 'Peti Simpan'] as const;
const KINDS = ['accounting', 'payroll', 'crm', 'erp', 'messaging', 'storage'] as const;

/** Tenants with their subscriptions and integrations. About 2 subscriptions and 2 integrations each. */
export async function seedAccounts(db: Kysely<unknown>, { tenants: size, seed }: SeedOptions): Promise<void> {
  const faker = new Faker({ locale: [id_ID, en], seed });
  const tenants: DemoRow[] = [];
  const subscriptions: DemoRow[] = [];
  const integrations: DemoRow[] = [];
  for (let index = 0; index < size; index += 1) {
    const character = CHARACTERS[index];
    const plan: Plan =
      character?.plan ??
      faker.helpers.weightedArrayElement([
        { value: 'starter', weight: 45 },
        { value: 'growth', weight: 30 },
        { value: 'business', weight: 18 },
        { value: 'enterprise', weight: 7 },
      ]);
    const status =
      character?.status ??
      faker.helpers.weightedArrayElement([
        { value: 'active', weight: 78 },
        { value: 'trial', weight: 12 },
        { value: 'suspended', weight: 5 },
        { value: 'closed', weight: 5 },
      ]);
    const limits = LIMITS[plan];
    const id = faker.string.uuid();
    const ageDays = faker.number.int({ min: 90, max: 1_400 });
    tenants.push({
      id,
      code: reference('TNT-', 5, index + 1),
      name: character?.name ?? AWKWARD_NAMES[index - 12] ?? companyName(faker),
      plan,
      status,
      status_before_suspension: status === 'suspended' ? 'active' : null,
      risk_tier:
        character?.risk ??
        faker.helpers.weightedArrayElement([
          { value: 'low', weight: 30 },
          { value: 'standard', weight: 55 },
          { value: 'high', weight: 15 },
        ]),
      environment: character?.environment ?? (faker.datatype.boolean(0.85) ? 'production' : 'sandbox'),
      region: faker.helpers.arrayElement(['jakarta', 'jakarta', 'surabaya', 'batam', 'singapore']),
      health_score: status === 'closed' ? 0 : faker.number.int({ min: status === 'active' ? 45 : 10, max: status === 'active' ? 100 : 75 }),
      seat_limit: limits.seats,
      storage_limit_gb: limits.storage,
      api_calls_per_day: limits.calls,
      internal_note: AWKWARD_NOTES[index - 14] ?? (faker.datatype.boolean(0.2) ? 'Minta dihubungi lewat manajer akun sebelum ada perubahan.' : null),
      suspended_at: status === 'suspended' ? daysFromDemoDay(-faker.number.float({ min: 1, max: 60 })) : null,
      created_at: daysFromDemoDay(-ageDays),
    });
    const offerings = ['core', ...faker.helpers.arrayElements(['analytics', 'payments', 'premium_support'], { min: 0, max: 2 })];
    for (const offering of offerings) {
      const runs = status === 'trial' ? 'trialing' : faker.datatype.boolean(0.93) ? 'active' : 'past_due';
      subscriptions.push({
        id: faker.string.uuid(),
        reference: reference('SUB-', 6, subscriptions.length + 1),
        tenant_id: id,
        offering,
        status: status === 'closed' ? 'cancelled' : status === 'suspended' ? 'paused' : runs,
        status_before_pause: status === 'suspended' ? 'active' : null,
        seats: Math.ceil(limits.seats / 2),
        monthly_price: `${offering === 'core' ? limits.price : Math.round(limits.price / 4)}.00`,
        started_at: daysFromDemoDay(-faker.number.float({ min: 1, max: ageDays })),
        renews_on: status === 'closed' ? null : daysFromDemoDay(faker.number.int({ min: 1, max: 360 })).slice(0, 10),
        cancelled_at: status === 'closed' ? daysFromDemoDay(-faker.number.float({ min: 0.1, max: 80 })) : null,
      });
    }
    for (const kind of faker.helpers.arrayElements(KINDS, { min: 0, max: 4 })) {
      const health = faker.helpers.weightedArrayElement([
        { value: 'connected', weight: 75 },
        { value: 'degraded', weight: 12 },
        { value: 'failing', weight: 8 },
        { value: 'disconnected', weight: 5 },
      ]);
      integrations.push({
        id: faker.string.uuid(),
        reference: reference('INT-', 6, integrations.length + 1),
        tenant_id: id,
        kind,
        provider: PROVIDERS[KINDS.indexOf(kind)] ?? kind,
        status: health,
        last_sync_at: health === 'disconnected' ? null : daysFromDemoDay(-faker.number.float({ min: 0.001, max: health === 'connected' ? 0.2 : 9 })),
        last_error_code: health === 'connected' ? null : faker.helpers.arrayElement(['TIMEOUT', 'CREDENTIALS_EXPIRED', 'QUOTA_EXCEEDED', 'SCHEMA_CHANGED']),
        failed_syncs_last_day: health === 'connected' ? 0 : faker.number.int({ min: 1, max: 96 }),
        connected_at: daysFromDemoDay(-faker.number.float({ min: 10, max: ageDays })),
      });
    }
  }
  await insertDemoRows(db, 'tenant', tenants);
  await insertDemoRows(db, 'subscription', subscriptions);
  await insertDemoRows(db, 'integration', integrations);
}

function companyName(faker: Faker): string {
  const form = faker.helpers.arrayElement(['PT', 'PT', 'PT', 'CV', 'UD', 'Koperasi']);
  const first = faker.helpers.arrayElement([
    'Cakra',
    'Nusa',
    'Bumi',
    'Mitra',
    'Karya',
    'Sinar',
    'Tirta',
    'Surya',
    'Graha',
    'Wahana',
    'Bina',
    'Citra',
    'Delta',
    'Garuda',
    'Kirana',
    'Lentera',
  ]);
  const second = faker.helpers.arrayElement(['Mandiri', 'Sejahtera', 'Abadi', 'Utama', 'Makmur', 'Perkasa', 'Sentosa', 'Lestari', 'Persada', 'Gemilang', 'Jaya', 'Bersama']);
  return `${form} ${first} ${faker.person.lastName()} ${second}`;
}
