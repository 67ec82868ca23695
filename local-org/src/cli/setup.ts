import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import type { Grants, Sharing } from '../api/accessControl.ts';
import type { RegisteredClient } from '../api/oauth/assertion.ts';
import type { OrgMetadata, PermissionSetGroupDef } from '../metadata/schema.ts';
import type { Actor, RecordStore } from '../store/records.ts';
import { joinQueues } from '../store/members.ts';
import { assignPermissions } from '../store/permissions.ts';
import { findOrCreateProfile, insertRow } from '../store/seed.ts';

const sharing = z.enum(['Private', 'Read', 'ReadWrite']).optional();

const setupSchema = z.strictObject({
  users: z.array(
    z.strictObject({
      username: z.email(),
      profile: z.string().min(1),
      permissionSets: z.array(z.string()).default([]),
      permissionSetGroups: z.array(z.string()).default([]),
      /** Developer names of the queues that the user is a member of. */
      queues: z.array(z.string()).default([]),
    }),
  ),
  clients: z
    .array(
      z.strictObject({
        clientId: z.string().min(1),
        certificateFile: z.string().min(1),
        users: z.array(z.string()),
      }),
    )
    .default([]),
  /** The standard objects whose rows have owners; custom objects carry theirs in their source. */
  sharing: z
    .strictObject({ Account: sharing, Asset: sharing, Case: sharing, Contact: sharing })
    .default({}),
  /** Whether the org says of itself that it is a sandbox. */
  sandbox: z.boolean().default(false),
});

/** Who may log in and what they may do, as the setup file says. */
export interface Setup {
  /** By user id. */
  readonly grants: ReadonlyMap<string, Grants>;
  /** By client id. */
  readonly clients: ReadonlyMap<string, RegisteredClient>;
  /** Organization-wide defaults of standard objects, by name. */
  readonly sharing: ReadonlyMap<string, Sharing>;
}

/** The setup file cannot be used; the message names the key and what is allowed. */
export class SetupError extends Error {}

/**
 * Applies a setup file: makes sure its users exist (found by username, changed when their profile
 * changed) and reads the clients' certificates. Safe to repeat. Users of an earlier file keep their
 * rows but may do nothing.
 */
export function applySetup(
  file: string | undefined,
  store: RecordStore,
  metadata: OrgMetadata,
  actor: Actor,
): Setup {
  if (file === undefined) return { grants: new Map(), clients: new Map(), sharing: new Map() };
  const setup = read(file);
  const userIds = new Map<string, string>();
  const grants = new Map<string, Grants>();
  store.transaction(() => {
    for (const user of setup.users) {
      const { username, profile, permissionSets, permissionSetGroups, queues } = user;
      const id = saveUser(store, username, profile, actor);
      userIds.set(username.toLowerCase(), id);
      const place = `${file}: users: ${username}`;
      const groups = permissionSetGroups.map((name) =>
        named(metadata.permissionSetGroups ?? noGroups, name, place, 'permission set group'),
      );
      const names = new Set([...permissionSets, ...groups.flatMap((one) => one.permissionSets)]);
      grants.set(id, {
        isAdministrator: profile === 'System Administrator',
        permissionSets: [...names].map((name) =>
          named(metadata.permissionSets, name, place, 'permission set'),
        ),
      });
      assignPermissions(store, id, { permissionSets, permissionSetGroups }, actor);
      for (const name of queues) named(metadata.queues, name, place, 'queue');
      joinQueues(store, id, queues, actor);
    }
    takeFromOthers(store, new Set(userIds.values()), actor);
    for (const { Id, IsSandbox } of store.select({ object: 'Organization' })) {
      if (IsSandbox === setup.sandbox) continue;
      store.writeUpdate('Organization', String(Id), { IsSandbox: setup.sandbox }, actor);
    }
  });
  const clients = setup.clients.map(
    ({ clientId, certificateFile, users }): [string, RegisteredClient] => [
      clientId,
      {
        clientId,
        certificate: readCertificate(file, clientId, resolve(dirname(file), certificateFile)),
        users: new Map(
          users.map((username): [string, string] => {
            const id = userIds.get(username.toLowerCase());
            if (id !== undefined) return [username.toLowerCase(), id];
            throw new SetupError(
              `${file}: clients: ${clientId}: ${username} is not one of the users of this file`,
            );
          }),
        ),
      },
    ],
  );
  const defaults = Object.entries(setup.sharing).flatMap(([name, level]): [string, Sharing][] =>
    level === undefined ? [] : [[name, level]],
  );
  return { grants, clients: new Map(clients), sharing: new Map(defaults) };
}

const noGroups: ReadonlyMap<string, PermissionSetGroupDef> = new Map();

function named<T>(all: ReadonlyMap<string, T>, name: string, place: string, what: string): T {
  const found = all.get(name);
  if (found !== undefined) return found;
  const known = [...all.keys()].join(', ') || 'none';
  throw new SetupError(`${place}: no ${what} ${name}; the metadata has ${known}`);
}

/** Users of an earlier file keep nothing. */
function takeFromOthers(store: RecordStore, users: ReadonlySet<string>, actor: Actor): void {
  const nothing = { permissionSets: [], permissionSetGroups: [] };
  const assigned = store.select({ object: 'PermissionSetAssignment' });
  for (const id of new Set(assigned.map((row) => String(row['AssigneeId']))))
    if (!users.has(id)) assignPermissions(store, id, nothing, actor);
  const members = store.select({ object: 'GroupMember' });
  for (const id of new Set(members.map((row) => String(row['UserOrGroupId']))))
    if (!users.has(id)) joinQueues(store, id, [], actor);
}

function read(file: string): z.infer<typeof setupSchema> {
  const text = readText(`--setup ${file}`, file);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SetupError(
      `${file}: this is not JSON (${messageOf(error)}); local-org/README.md shows such a file`,
    );
  }
  const parsed = setupSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`,
  );
  throw new SetupError(`${file}:\n  ${problems.join('\n  ')}`);
}

function readCertificate(file: string, clientId: string, path: string): string {
  const pem = readText(`${file}: clients: ${clientId}: certificateFile ${path}`, path);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new SetupError(`${file}: clients: ${clientId}: ${path} is not a certificate in PEM`);
}

/** @param what names the file in the error */
function readText(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new SetupError(
      `${what}: ${missing ? 'there is no such file' : `cannot be read (${messageOf(error)})`}`,
    );
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function saveUser(store: RecordStore, username: string, profile: string, actor: Actor): string {
  const profileId = findOrCreateProfile(store, profile, actor);
  const where = { kind: 'compare', field: 'Username', op: '=', value: username } as const;
  const user = store.select({ object: 'User', where })[0];
  const name = username.split('@')[0] ?? username;
  if (user === undefined) {
    return insertRow(
      store,
      'User',
      {
        Username: username,
        Email: username,
        LastName: name.slice(0, 80),
        Alias: name.slice(0, 8),
        ProfileId: profileId,
        UserType: 'Standard',
      },
      actor,
    );
  }
  const id = String(user['Id']);
  if (user['ProfileId'] !== profileId)
    store.writeUpdate('User', id, { ProfileId: profileId }, actor);
  return id;
}
