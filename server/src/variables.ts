export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_STREAM_FORMATS = ['canonical', 'ocsf'] as const;
export type LogStreamFormat = (typeof LOG_STREAM_FORMATS)[number];

/** A variable of the environment, for the table of the README and for `sallyport help`. */
export const VARIABLES = {
  PORT: 'Port to listen on. Default 4000; 0 picks a free one.',
  HOST: 'Address to listen on. Default 127.0.0.1; another one needs PUBLIC_URL.',
  PUBLIC_URL: 'Origin under which browsers reach the gateway (https://admin.example.com).',
  DATABASE_URL: 'PostgreSQL 15 or newer, as a login that may migrate. Default: an embedded PostgreSQL in DATA_DIR.',
  DATABASE_APP_URL: 'Serve with exactly this login. Alone, without DATABASE_URL, nothing is migrated.',
  DATABASE_POOL_SIZE: 'Most database connections of the gateway, besides one that listens for changes. Default 10.',
  DATA_DIR: 'Where data, keys and passwords of this installation are kept. Default ./data.',
  SEED: 'demo or none. Default demo with the embedded database, none with DATABASE_URL.',
  SEED_TENANTS: 'How many tenants the demo data has. Default 240.',
  MODULES: 'A file that exports `modules`, served instead of the demo product.',
  KEY_FILE: 'The key that secrets are encrypted with. Default DATA_DIR/keys.json, made on first start.',
  ENVIRONMENT: 'Name of this installation, on every audit event. Default local on loopback, else production.',
  LOG_LEVEL: `One of ${LOG_LEVELS.join(', ')}. Default info.`,
  NODE_ENV: 'development switches introspection on; loopback only.',
  SMTP_URL: 'Mail server, smtps://user:password@mail.example.com or smtp://… (STARTTLS). Default: mails stay in the mailbox of the console.',
  MAIL_FROM: 'Sender of mails (sallyport@example.com); needed with SMTP_URL.',
  TOKEN_AUDIENCES: 'Services, by comma, for which signed access tokens are issued besides the gateway (https://billing.example.com).',
  LOG_ORIGIN: 'Name of the audit log in its checkpoints (admin.example.com/log), for good. Default: made of host, environment and a random number.',
  ANCHOR_FILE: 'File that checkpoints of the audit log are appended to. Default DATA_DIR/anchors/checkpoints; best on another machine.',
  ANCHOR_URL: 'Address that checkpoints are posted to (https).',
  WITNESS_URL: 'Witness that cosigns checkpoints (C2SP tlog-witness). Default with the embedded database: a witness of its own on this machine.',
  WITNESS_KEY: 'Verifier key of that witness, as it prints it; needed with WITNESS_URL.',
  LOG_STORE_LIMIT_BYTES:
    'Bytes that the database may take: from four fifths on people are warned, at the limit changes are refused. Default: the disk of the embedded database, else none.',
  TRUSTED_PROXIES: 'Addresses or CIDR ranges, by comma, whose X-Forwarded-For is believed.',
  METRICS_READERS: 'Addresses or CIDR ranges, by comma, that may read /metrics besides loopback.',
  SIEM_URL: 'Streams the audit log to this HTTP endpoint: gzipped JSON Lines by POST (https://siem.example.com/ingest).',
  SIEM_TOKEN: 'Sent to SIEM_URL as Authorization: a bearer token, or scheme and token (Splunk …).',
  SIEM_FILE: 'Streams the audit log to gzip files whose paths begin so (/var/log/sallyport/events).',
  SIEM_FORMAT: `One of ${LOG_STREAM_FORMATS.join(', ')}. Default canonical, the exact events; ocsf is the public schema.`,
} as const;

export type Variable = keyof typeof VARIABLES;

/** Those that hold a secret may come from a file named by `<NAME>_FILE`. */
export const SECRET_VARIABLES: readonly Variable[] = ['DATABASE_URL', 'DATABASE_APP_URL', 'SMTP_URL', 'SIEM_URL', 'SIEM_TOKEN'];
