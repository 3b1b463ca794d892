import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';
import { openPool } from '@sallyport/server/db/connect.ts';
import pg from 'pg';
import { type GatewayProcess, readPeople, startGatewayProcess } from './gateway-process.ts';
import { createWireClient, type WireClient } from './wire-client.ts';

/** A database of its own with a gateway process, or several, on it. */
export interface WireScene {
  readonly superuser: pg.Pool;
  readonly people: readonly DemoPerson[];
  /** The processes that are up, in the order of their start. */
  readonly processes: GatewayProcess[];
  /** Another process on the same database and data directory. */
  start(): Promise<GatewayProcess>;
  client(person: DemoPerson, process?: GatewayProcess): WireClient;
  close(): Promise<void>;
}

export interface WireSceneOptions {
  /** Superuser's address of a cluster's maintenance database. */
  readonly adminUrl: string;
  /** A migrated, empty database to copy; without it the gateway migrates a new one. */
  readonly template?: string;
  readonly fault?: URL;
  readonly tenants?: number;
  /** Further variables of each process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function openWireScene({ adminUrl, template, fault, tenants = 12, environment = {} }: WireSceneOptions): Promise<WireScene> {
  const name = `wire_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name}${template ? ` template ${template}` : ''}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const dataDirectory = await mkdtemp(join(tmpdir(), 'sallyport-wire-'));
  const superuser = openPool({ connectionString: url.href, max: 4, applicationName: 'harness' });
  const processes: GatewayProcess[] = [];
  const start = async (): Promise<GatewayProcess> => {
    const process = await startGatewayProcess({ databaseUrl: url.href, dataDirectory, tenants, environment, ...(fault ? { fault } : {}) });
    processes.push(process);
    return process;
  };
  const close = async (): Promise<void> => {
    for (const process of processes.splice(0)) await process.end('SIGKILL');
    await superuser.end();
    await administer(adminUrl, `drop database ${name} with (force)`);
    const login = await readFile(join(dataDirectory, 'database-login.json'), 'utf8').then(
      (text) => (JSON.parse(text) as { role: string }).role,
      () => null,
    );
    if (login !== null) await administer(adminUrl, `drop role if exists "${login}"`);
    await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    const first = await start();
    const people = await readPeople(dataDirectory);
    return { superuser, people, processes, start, client: (person, process = first) => createWireClient(process.url, person, superuser), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
