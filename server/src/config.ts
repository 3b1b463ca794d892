import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartRefusal } from './start-refusal.ts';
import { LOG_LEVELS, LOG_STREAM_FORMATS, type LogLevel, type LogStreamFormat, SECRET_VARIABLES, type Variable } from './variables.ts';

export interface Config {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** Origin under which browsers reach us, without a slash at the end; null on plain loopback. */
  readonly publicUrl: string | null;
  /** Whether browsers come by https: `__Host-` cookie, HSTS. */
  readonly secureCookies: boolean;
  /** The login that migrates; null with the embedded database or where only DATABASE_APP_URL is given. */
  readonly databaseUrl: string | null;
  /** Serve with exactly this login; null makes one. */
  readonly databaseAppUrl: string | null;
  /** Connections of the gateway's pool. */
  readonly databasePoolSize: number;
  readonly dataDirectory: string;
  readonly seed: 'demo' | 'none';
  readonly seedTenants: number;
  readonly logLevel: LogLevel;
  /** File that exports `modules: ModuleDeclaration[]`; null for the demo product's. */
  readonly modulesFile: URL | null;
  readonly keyFile: string;
  /** Whether the key file may be made where it is missing. */
  readonly makesKeyFile: boolean;
  /** Name of this installation, on every event and in the console's badge. */
  readonly environment: string;
  /** Development conveniences: introspection. Loopback only. */
  readonly development: boolean;
  /** Server and sender of mails to our own staff; null keeps them in the mailbox of the console. */
  readonly mail: MailConfig | null;
  /** Services besides the gateway for which access tokens may be signed. */
  readonly tokenAudiences: readonly string[];
  /** Name of a new log; null lets it choose. */
  readonly logOrigin: string | null;
  /** File outside the database that checkpoints are appended to. */
  readonly anchorFile: string;
  /** Where checkpoints are posted; null for nowhere. */
  readonly anchorUrl: URL | null;
  /** The witness that cosigns checkpoints; null for none elsewhere. */
  readonly witness: WitnessConfig | null;
  /** Bytes that the database may take; null for no limit but its disk. */
  readonly logStoreLimitBytes: number | null;
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Addresses or CIDR ranges besides loopback that may read /metrics. */
  readonly metricsReaders: readonly string[];
  /** Receivers that the log is streamed to. */
  readonly logStreams: readonly LogStreamConfig[];
}

/** A receiver of the log's entries. */
export type LogStreamConfig =
  | {
      readonly kind: 'http';
      readonly url: URL;
      /** For `Authorization`, with its scheme or, as a bearer token, without. */
      readonly token: string | null;
      readonly format: LogStreamFormat;
    }
  | {
      readonly kind: 'file';
      /** Beginning of the files' paths. */
      readonly path: string;
      readonly format: LogStreamFormat;
    };

export interface WitnessConfig {
  readonly url: URL;
  /** Its verifier key, as it prints it; pinned. */
  readonly key: string;
}

export interface MailConfig {
  /** `smtps:` or `smtp:`, with user and password where the server asks for them. */
  readonly server: URL;
  /** Address of the sender. */
  readonly from: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration; the only place that reads the environment.
 * @throws {StartRefusal} that names the variable and the reason, never a value that could be secret.
 */
export function readConfig(environment: Environment = process.env): Config {
  const read = (name: Variable): string | undefined => {
    const value = SECRET_VARIABLES.includes(name) ? readSecret(environment, name) : environment[name];
    return value === undefined || value.trim() === '' ? undefined : value.trim();
  };
  const host = read('HOST') ?? '127.0.0.1';
  const loopback = isLoopback(host);
  const publicUrl = readPublicUrl(read('PUBLIC_URL'));
  if (!loopback && publicUrl === null)
    refuse('PUBLIC_URL', `is needed when HOST is not a loopback address: cookies and origins depend on it. Give the https address that browsers use`);
  const development = read('NODE_ENV') === 'development';
  if (development && !loopback) refuse('NODE_ENV', 'is development, which opens introspection: not with a HOST that others can reach');
  const databaseUrl = readDatabaseUrl('DATABASE_URL', read('DATABASE_URL'));
  const databaseAppUrl = readDatabaseUrl('DATABASE_APP_URL', read('DATABASE_APP_URL'));
  const embedded = databaseUrl === null && databaseAppUrl === null;
  const dataDirectory = resolve(read('DATA_DIR') ?? 'data');
  const modules = read('MODULES');
  const keyFile = read('KEY_FILE');
  return Object.freeze({
    port: readInteger('PORT', read('PORT') ?? '4000', 0, 65_535),
    host,
    publicUrl,
    secureCookies: publicUrl?.startsWith('https:') ?? false,
    databaseUrl,
    databaseAppUrl,
    databasePoolSize: readInteger('DATABASE_POOL_SIZE', read('DATABASE_POOL_SIZE') ?? '10', 2, 500),
    dataDirectory,
    seed: readChoice('SEED', read('SEED') ?? (embedded ? 'demo' : 'none'), ['demo', 'none']),
    seedTenants: readInteger('SEED_TENANTS', read('SEED_TENANTS') ?? '240', 1, 100_000),
    logLevel: readChoice('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', LOG_LEVELS),
    modulesFile: modules === undefined ? null : pathToFileURL(resolve(modules)),
    keyFile: keyFile === undefined ? resolve(dataDirectory, 'keys.json') : resolve(keyFile),
    makesKeyFile: keyFile === undefined,
    environment: readName('ENVIRONMENT', read('ENVIRONMENT') ?? (loopback && !publicUrl?.startsWith('https:') ? 'local' : 'production')),
    development,
    mail: readMail(read('SMTP_URL'), read('MAIL_FROM')),
    tokenAudiences: readAudiences(read('TOKEN_AUDIENCES')),
    logOrigin: readLogOrigin(read('LOG_ORIGIN')),
    anchorFile: resolve(read('ANCHOR_FILE') ?? join(dataDirectory, 'anchors', 'checkpoints')),
    anchorUrl: readOutsideUrl('ANCHOR_URL', read('ANCHOR_URL')),
    witness: readWitness(read('WITNESS_URL'), read('WITNESS_KEY')),
    logStoreLimitBytes: readBytes('LOG_STORE_LIMIT_BYTES', read('LOG_STORE_LIMIT_BYTES')),
    trustedProxies: readNetworks('TRUSTED_PROXIES', read('TRUSTED_PROXIES')),
    metricsReaders: readNetworks('METRICS_READERS', read('METRICS_READERS')),
    logStreams: readLogStreams({ address: read('SIEM_URL'), token: read('SIEM_TOKEN'), file: read('SIEM_FILE'), format: read('SIEM_FORMAT') }),
  });
}

/** Address that links begin with. */
export const publicUrlOf = (config: Pick<Config, 'publicUrl' | 'host' | 'port'>): string =>
  config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;

function refuse(name: Variable | `${Variable}_FILE`, reason: string): never {
  throw new StartRefusal(`${name} ${reason}.`);
}

function readSecret(environment: Environment, name: Variable): string | undefined {
  const path = environment[`${name}_FILE`];
  if (path === undefined || path === '') return environment[name];
  if (environment[name]) refuse(`${name}_FILE`, `is set, and ${name} too: set one of them`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(`${name}_FILE`, `names a file that can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function readPublicUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) refuse('PUBLIC_URL', 'is not an http(s) address, like https://admin.example.com');
  if (url.username || url.password || url.search || url.hash || url.pathname !== '/') refuse('PUBLIC_URL', 'has to be an origin alone: no path, query or credentials');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) refuse('PUBLIC_URL', 'is http: sign-in would travel unprotected. Use https, or a loopback address');
  return url.origin;
}

function readDatabaseUrl(name: Variable, text: string | undefined): string | null {
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')) refuse(name, 'is not a PostgreSQL address, like postgres://login:password@host:5432/database');
  if (url.pathname.length < 2) refuse(name, 'names no database: its path is empty');
  return url.href;
}

function readAudiences(text: string | undefined): readonly string[] {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.some((name) => !/^[\x21-\x7e]{1,200}$/.test(name)) || new Set(names).size !== names.length)
    refuse('TOKEN_AUDIENCES', 'has to be a list of different names without spaces, by comma, each of at most 200 characters');
  return names;
}

function readLogOrigin(text: string | undefined): string | null {
  if (text === undefined) return null;
  return /^[a-z0-9][a-z0-9._/-]{2,149}$/.test(text) && !/\/gap\/|\/$/.test(text)
    ? text
    : refuse('LOG_ORIGIN', 'has to be a name like admin.example.com/log: small letters, digits, dots, hyphens and slashes, without "https://"');
}

/** An address outside, to which nothing secret goes; plain http only within this machine. */
function readOutsideUrl(name: Variable, text: string | undefined): URL | null {
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))) refuse(name, 'has to be an https address, or http on this machine');
  if (url.username || url.password || url.hash) refuse(name, 'has to be an address without credentials');
  return url;
}

function readWitness(address: string | undefined, key: string | undefined): WitnessConfig | null {
  const url = readOutsideUrl('WITNESS_URL', address);
  if (url === null && key !== undefined) refuse('WITNESS_KEY', 'is set without WITNESS_URL: nobody would be asked. Set both or neither');
  if (url === null) return null;
  if (key === undefined) refuse('WITNESS_KEY', 'is needed with WITNESS_URL: the key that the witness printed, so that nobody else can answer in its place');
  if (!/^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}$/.test(key)) refuse('WITNESS_KEY', 'is no verifier key, like witness.example.com+4a1b2c3d+BB…');
  return Object.freeze({ url, key });
}

function readMail(address: string | undefined, from: string | undefined): MailConfig | null {
  if (address === undefined) {
    if (from !== undefined) refuse('MAIL_FROM', 'is set without SMTP_URL: no mail would leave. Set both or neither');
    return null;
  }
  const server = URL.parse(address);
  if (!server || (server.protocol !== 'smtps:' && server.protocol !== 'smtp:') || server.hostname === '')
    refuse('SMTP_URL', 'is not the address of a mail server, like smtps://user:password@mail.example.com:465');
  if (server.search || server.hash || (server.pathname !== '' && server.pathname !== '/')) refuse('SMTP_URL', 'has to be user, password, host and port alone: no path, no options');
  if (!isDecodable(server.username) || !isDecodable(server.password)) refuse('SMTP_URL', 'holds a user or password that is not percent-encoded');
  if (from === undefined) refuse('MAIL_FROM', 'is needed with SMTP_URL: the address that mails come from');
  if (!/^[^\s@<>",;:]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i.test(from)) refuse('MAIL_FROM', 'has to be one mail address alone, like sallyport@example.com');
  return Object.freeze({ server, from });
}

interface LogStreamTexts {
  readonly address: string | undefined;
  readonly token: string | undefined;
  readonly file: string | undefined;
  readonly format: string | undefined;
}

function readLogStreams({ address, token, file, format: wanted }: LogStreamTexts): readonly LogStreamConfig[] {
  const format = readChoice('SIEM_FORMAT', wanted ?? 'canonical', LOG_STREAM_FORMATS);
  if (wanted !== undefined && address === undefined && file === undefined) refuse('SIEM_FORMAT', 'is set, but neither SIEM_URL nor SIEM_FILE: nothing would be streamed');
  if (token !== undefined && address === undefined) refuse('SIEM_TOKEN', 'is set without SIEM_URL: it would be sent nowhere');
  if (token !== undefined && !/^[\x21-\x7e]{1,4096}( [\x21-\x7e]{1,4096})?$/.test(token))
    refuse('SIEM_TOKEN', 'has to be a token of plain characters, or a scheme and a token with one space between them');
  const streams: LogStreamConfig[] = [];
  if (address !== undefined) {
    const url = URL.parse(address);
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) refuse('SIEM_URL', 'is not an http(s) address, like https://siem.example.com/ingest');
    if (url.username || url.password) refuse('SIEM_URL', 'holds credentials: give them as SIEM_TOKEN');
    if (url.hash) refuse('SIEM_URL', 'holds a fragment (#), which is never sent');
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) refuse('SIEM_URL', 'is http: the log would travel unprotected. Use https, or a loopback address');
    streams.push(Object.freeze({ kind: 'http', url, token: token ?? null, format }));
  }
  if (file !== undefined) {
    if (/[/\\]$/.test(file)) refuse('SIEM_FILE', "is a folder: give the beginning of the files' names too, like /var/log/sallyport/events");
    streams.push(Object.freeze({ kind: 'file', path: resolve(file), format }));
  }
  return Object.freeze(streams);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function readInteger(name: Variable, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) refuse(name, `has to be a whole number from ${least} to ${most}`);
  return value;
}

/** An empty database takes more: less than this is a slip of the pen. */
const LEAST_BYTES = 10_000_000;

function readBytes(name: Variable, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= LEAST_BYTES ? value : refuse(name, `has to be a whole number of bytes, ${LEAST_BYTES} at least`);
}

function readChoice<const Choice extends string>(name: Variable, text: string, choices: readonly Choice[]): Choice {
  return choices.find((choice) => choice === text) ?? refuse(name, `has to be one of ${choices.join(', ')}`);
}

function readName(name: Variable, text: string): string {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text) ? text : refuse(name, 'has to be a short name of small letters, digits and hyphens');
}

function readNetworks(name: Variable, text: string | undefined): readonly string[] {
  const networks = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) refuse(name, 'has to be IP addresses or CIDR ranges, separated by commas');
  }
  return networks;
}

/** The environment of the processes of `npm run dev`: ours, in development mode, and where the console's development server finds the gateway. */
export const developmentEnvironment = (config: Config): Environment => ({ ...process.env, NODE_ENV: 'development', SALLYPORT_GATEWAY: publicUrlOf(config) });

/** For the program that builds the console: what people get, whatever this process itself runs as (a test, a development server). */
export const buildEnvironment = (): Environment => ({ ...process.env, NODE_ENV: 'production' });
