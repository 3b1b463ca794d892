/** Offsets of the zones on offer, in hours; neither has summer time. */
const OFFSETS: Readonly<Record<string, number>> = { UTC: 0, 'Asia/Jakarta': 7 };

/** `2026-11-21T16:04` in a zone → ISO 8601 in UTC; empty where it is no time. */
export function fromLocalTime(local: string, zone: string): string {
  const time = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`);
  return Number.isNaN(time) ? '' : new Date(time - (OFFSETS[zone] ?? 0) * 3_600_000).toISOString();
}

/** ISO 8601 → the form that a `datetime-local` field takes, in a zone. */
export function toLocalTime(iso: string, zone: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? '' : new Date(time + (OFFSETS[zone] ?? 0) * 3_600_000).toISOString().slice(0, 16);
}
